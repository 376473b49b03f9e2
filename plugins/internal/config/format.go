package config

import (
	"maps"
	"slices"
)

// A format says how the text of a setting looks, in patterns of Lua: Kong knows no regular
// expressions, and takes a config without asking the plugin. What it cannot say, such as
// that a host exists or that brackets match, the Validate methods do.
type format struct {
	any  []string // one must match
	none []string // none may match
	err  string   // what Kong says; it repeats no value, since that may be a secret
}

// formats are the values of the tag format. Where they can be read in two ways they let a
// text pass: a Validate method looks again.
func formats() map[string]format {
	const octets = "must be an address or a network, such as 192.0.2.1, 192.0.2.0/24 or 2001:db8::/32"
	name := format{any: []string{`^[%w_-]+$`}, err: "must be letters, digits, _ and - alone"}
	tokens := format{
		any: []string{`^[%w_-][%w_.-]*$`}, none: []string{`%.%.`, `%.$`, `^_INBOX`},
		err: "must be tokens of letters, digits, _ and -, with dots between them, and not begin with _INBOX",
	}
	all := map[string]format{
		"rate": {
			any: []string{`^[1-9]%d?%d?%d?%d?%d?%d?%d?%d?%-[SMHDsmhd]$`, `^1000000000%-[SMHDsmhd]$`},
			err: "must be a number from 1 to 1000000000 and -S, -M, -H or -D, such as 50-S",
		},
		"by": {
			any: []string{`^client_ip$`, `^client_net$`, `^route$`, `^provider$`, `^tenant$`, `^event_type$`, `^header:[%w_-]+$`},
			err: "must be client_ip, client_net, route, provider, tenant, event_type or header:<name>",
		},
		"network": {
			any: []string{
				`^%d%d?%d?%.%d%d?%d?%.%d%d?%d?%.%d%d?%d?$`, `^%d%d?%d?%.%d%d?%d?%.%d%d?%d?%.%d%d?%d?/%d%d?$`,
				`^[%x:]*:[%x:]*$`, `^[%x:]*:[%x:]*/%d%d?%d?$`, `^[%x:]*:[%d.]+$`, `^[%x:]*:[%d.]+/%d%d?%d?$`,
			},
			none: []string{
				`[3-9]%d%d%.`, `2[6-9]%d%.`, `25[6-9]%.`, `%.[3-9]%d%d`, `%.2[6-9]%d`, `%.25[6-9]`, `^0%d`, `%.0%d`, // octets
				`^[%d.]+/3[3-9]$`, `^[%d.]+/[4-9]%d$`, `/0%d`, `/12[9]$`, `/1[3-9]%d$`, `/[2-9]%d%d$`, // lengths
				`:::`, `::.*::`, `%x%x%x%x%x`, // groups
			},
			err: octets,
		},
		"server": {
			any: []string{`^nats://[^%s/@?#:]+:?%d*/*$`, `^tls://[^%s/@?#:]+:?%d*/*$`, `^nats://%[[%x:.]+%]:?%d*/*$`, `^tls://%[[%x:.]+%]:?%d*/*$`},
			err: "must be nats://host:port or tls://host:port, without credentials",
		},
		"address":  {any: []string{`^[^%s:/@]+:%w+$`, `^%[[%x:.]+%]:%w+$`}, err: "must be host:port"},
		"redis":    {any: []string{`^rediss?://.`, `^rediss?%+sentinel://.`}, err: "must be redis://user:password@host:port/db or redis+sentinel://host:port/db?master_name=NAME, or rediss for TLS"},
		"monitor":  {any: []string{`^$`, `^https?://[^@?#]+$`}, err: "must be http://host:port or https://host:port, without credentials"},
		"url":      {any: []string{`^https?://[^%s/@?#:][^%s@?#]*$`}, err: "must be an absolute http or https URL without user, query and fragment"},
		"mirror":   {any: []string{`^https://[^%s/@?#:][^%s@?#]*$`, `^http://localhost[:/]?[^%s@?#]*$`, `^http://127%.[^%s@?#]*$`, `^http://%[::1%][^%s@?#]*$`}, err: "must be an https URL, or http on loopback, without user, query and fragment"},
		"host":     {any: []string{`^[%w%[][%w.:%]-]*$`}, none: []string{`%u`}, err: "must be a host in lower case, with its port where that is not the usual one"},
		"domain":   {any: []string{`^[%w.-]+$`, `^[%x:.]+$`}, err: "must be the name of a host"},
		"name":     name,
		"bucket":   {any: append([]string{`^$`}, name.any...), err: name.err},
		"subject":  tokens,
		"absolute": {any: []string{`^/`}, err: "must be an absolute path"},
		"journal":  {any: []string{`^$`, `^/`}, err: "must be an absolute path, or empty for none"},
		"key":      {any: []string{`^[a-z0-9_-]+$`}, err: "must be lower case letters, digits, - and _"},
		"redact":   {any: []string{`^%$[.%[].`}, none: []string{`%.$`, `%[$`, `%.%.%.`}, err: "must be a JSONPath such as $.a.b, $['a b'], $.list[*].email or $..email"},
		"ordering": {any: []string{`^$`, `^tenant$`, `^subject$`, `^json:.`}, err: "must be tenant, subject, or json: and a path"},
		"rule":     {any: []string{`^[%a_][%w_/]*$`}, none: []string{`//`, `/$`, `/%d`}, err: "must be a path like webhook/main/decision"},
		"label":    {any: []string{`^[^%u=]+=.`}, err: "must be name=value, the name in lower case"},
		"time":     {any: []string{`^%d%d%d%d%-[01]%d%-[0-3]%dT[0-2]%d:[0-5]%d:[0-6]%d[.,]?%d*Z$`, `^%d%d%d%d%-[01]%d%-[0-3]%dT[0-2]%d:[0-5]%d:[0-6]%d[.,]?%d*[+-]%d%d:%d%d$`}, err: "must be a time such as 2026-01-31T12:00:00Z"},
		"nkey":     {any: []string{`^SU%w+$`}, err: "must be the seed of a user's nkey, which starts with SU"},
		"base64":   {any: []string{`^[%w+/]+=*$`}, err: "must be base64 with padding"},
	}
	maps.Copy(all, rowFormats())
	return all
}

// rowFormats are those of what describes a sender.
func rowFormats() map[string]format {
	return map[string]format{
		"https":    {any: []string{`^https://[^%s/].*$`, `^{setting:`}, none: []string{`%s`}, err: "must be an https URL"},
		"hosts":    {any: []string{`^[%w*{][%w*.:{}_-]*$`}, err: "must be a host; a * stands for the name of a region"},
		"sender":   {any: []string{`^[a-z][a-z0-9-]*$`}, none: []string{`%-%-`, `%-$`}, err: "must be lower case, digits and single hyphens"},
		"word":     {any: []string{`^%w[%w_.:-]*$`}, err: "must be letters, digits, _, ., : and - alone"},
		"header":   {any: []string{`^[a-z0-9_-]+$`}, err: "must be the name of a header, in lower case"},
		"method":   {any: []string{`^%u+$`}, err: "must be a method in capitals"},
		"place":    {any: places(), err: "must be a place: header:, query:, json:, member:, form:, pair:, claim:, setting:, name:, base64:, token:, nested: or text: and a name, or body"},
		"template": {any: []string{`{.-}`}, err: "must hold something of the request, such as {body} or {timestamp}"},
		"media":    {any: []string{`^[^%s/]+/[^%s/]`}, err: "must be a media type such as application/json"},
		"charset":  {any: []string{`^[%w_.:-]+$`}, err: "must be the name of a charset"},
	}
}

func places() []string {
	all := []string{`^body$`}
	for _, kind := range []string{"header", "query", "json", "member", "form", "pair", "claim", "setting", "name", "base64", "token", "nested", "text"} {
		all = append(all, "^"+kind+":.")
	}
	return all
}

// kongFormat are the attributes of a schema that a format is checked by.
func (s *shape) kongFormat() object {
	if s.format == "" {
		return nil
	}
	f := formats()[s.format]
	var out object
	if len(f.none) > 0 {
		var rules []object
		for _, pattern := range f.none {
			rules = append(rules, object{{"pattern", pattern}, {"err", f.err}})
		}
		out.add("match_none", rules)
	}
	out.add("match_any", object{{"patterns", slices.Clone(f.any)}, {"err", f.err}})
	return out
}

package chain_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"

	"webhookedge/kong/local/schema"
	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/policy/engine"
	"webhookedge/plugins/provider/catalogue"
)

// freeTexts are the settings of text that Kong's schema language holds to no form, with the
// reason. A path ends like the setting's.
func freeTexts() map[string]string {
	const sender, file, words = "what a sender chose", "any path: of a file that another container may hold", "words for people"
	return map[string]string{
		"secrets[].value": "what the provider shows", "settings[].value": "what the provider shows",
		"password": "any text", "sentinel_password": "any text", "username": "any text", "publish.token": "any text", "config.token": "any text",
		"sentinel_master": "any text", "sentinel_username": "any text",
		"encrypted.at": "a place, or the name of a member", "encrypted.also[]": "a place, or the name of a member",
		"encrypted.keys": "the name of a setting, which the row's compiler looks for", "encrypted.receiver": "the name of a setting, which the row's compiler looks for",
		"encrypted.as": sender, "vouched.claim": sender, "redact_key": "any bytes", "secrets[].id": words, "keys[].id": words,
		"normalize.tenant": "any text",
		"ca_file":          file, "cert_file": file, "key_file": file, "creds_file": file, "stream.file": file, "setup_file": file,
		"policy.directory": file, "config.directory": file, "opa_config": file, "candidate.directory": file, "validation.directory": file,
		"mark": sender, "separator": sender, "assign": sender, "written": sender, "key_prefix": sender, "key_derive": "filters, which only the row's compiler knows",
		"expect[].at": "a place, or the name of a claim", "members[].at": sender, "claims[].at": sender,
		"expect[].is": sender, "members[].is": sender, "claims[].is": sender, "handshakes[].is": sender,
		"schemes[].each": "a path of JSON", "batch.at": "a path of JSON", "batch.also[]": "a path of JSON", "lists[]": "a path of JSON",
		"volatile[]": "a path of JSON", "has[]": "a path of JSON", "lacks[]": "a path of JSON", "types[].type": sender,
		"components[]": "parts of HTTP, with | and ?", "parameters[]": "parameters of RFC 9421", "label": sender, "tag": sender, "listed": sender,
		"issuers[]": sender, "audience": sender, "jwt.type": sender, "without[]": sender, "needs[]": sender, "nested[]": sender, "signed_at": sender,
		"roots": "PEM", "oids[]": sender, "path_prefix": sender, "path_suffix": sender, "remote.member": sender, "cert_names[]": sender, "remote.example": sender,
		"settings[].doc": words, "settings[].default": sender, "settings[].example": sender, "form_json": sender, "form_xml": sender, "identity.why": words,
		"answer.body": sender, "success.body": sender, "headers[].value": sender, "status.<key>": "the label of a code, which pipeline knows",
	}
}

type definition struct {
	Type     string
	OneOf    []any `json:"one_of"`
	MatchAny any   `json:"match_any"`
	Elements *definition
	Keys     *definition
	Values   *definition
	Fields   []map[string]*definition
}

// texts calls f with every definition of a text, by its path.
func (d *definition) texts(path string, f func(path string, d *definition)) {
	switch d.Type {
	case "string":
		f(path, d)
	case "array", "set":
		d.Elements.texts(path+"[]", f)
	case "map":
		d.Keys.texts(path+".<key>", f)
		d.Values.texts(path+".<value>", f)
	case "record":
		for _, one := range d.Fields {
			for name, field := range one {
				field.texts(strings.TrimPrefix(path+"."+name, "."), f)
			}
		}
	}
}

func TestSchema_everyTextHasAFormOrAReason(t *testing.T) {
	free, used := freeTexts(), map[string]bool{}
	schemas, err := chain.Schemas()
	if err != nil {
		t.Fatal(err)
	}
	for plugin, text := range schemas {
		var d definition
		if err := json.Unmarshal(text, &d); err != nil {
			t.Fatal(err)
		}
		d.Type = "record"
		d.texts("", func(path string, d *definition) {
			held := len(d.OneOf) > 0 || d.MatchAny != nil
			excused := false
			for _, end := range slices.Sorted(maps.Keys(free)) {
				if "."+path == end || strings.HasSuffix("."+path, "."+end) {
					excused, used[end] = true, true
				}
			}
			if held == excused {
				t.Errorf("%s: %s has a form: %v, a reason for none: %v", plugin, path, held, excused)
			}
		})
	}
	for end := range free {
		if !used[end] {
			t.Errorf("%s excuses nothing", end)
		}
	}
}

// edgeSchema is webhook-edge's, parsed once: it is large.
var edgeSchema = sync.OnceValues(func() (*schema.Schema, error) {
	schemas, err := chain.Schemas()
	if err != nil {
		return nil, err
	}
	return schema.Parse(schemas[chain.Server])
})

// checked is what Kong says of a config of webhook-edge, as YAML, when it loads it.
func checked(t *testing.T, config string) []schema.Fault {
	t.Helper()
	s, err := edgeSchema()
	if err != nil {
		t.Fatal(err)
	}
	var v map[string]any
	if err := yaml.Unmarshal([]byte(config), &v); err != nil {
		t.Fatal(err)
	}
	_, faults := s.Check(plain(v))
	return faults
}

// plain makes of numbers those that the schema knows.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = plain(v[k])
		}
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	case int:
		return int64(v)
	}
	return v
}

const proved = "provider: github\nverify: {secrets: [{value: \"{vault://env/a}\"}]}\n"

func TestSchema_refusesWhenKongLoads(t *testing.T) {
	const row = "verify: {secrets: []}\ncustom:\n  name: mine\n"
	for name, tt := range map[string]struct{ config, path, want string }{
		"a rate":                        {proved + `ratelimit: {limits: [{rate: 5-X, by: route}]}`, "config.ratelimit.limits[0].rate", "such as 50-S"},
		"a rate of nothing":             {proved + `ratelimit: {limits: [{rate: 0-S, by: route}]}`, "config.ratelimit.limits[0].rate", "from 1"},
		"what a limit counts by":        {proved + `ratelimit: {limits: [{rate: 5-S, by: client}]}`, "config.ratelimit.limits[0].by", "client_ip"},
		"a header without a name":       {proved + `ratelimit: {limits: [{rate: 5-S, by: "header:"}]}`, "config.ratelimit.limits[0].by", "header:<name>"},
		"a network":                     {proved + `ipallow: {allow: [10.0.0.0/33]}`, "config.ipallow.allow[0]", "192.0.2.0/24"},
		"an address":                    {proved + `ipallow: {deny: [300.1.1.1]}`, "config.ipallow.deny[0]", "192.0.2.1"},
		"a short address":               {proved + `ipallow: {deny: ["10.1"]}`, "config.ipallow.deny[0]", "192.0.2.1"},
		"a name for an address":         {proved + `ipallow: {deny: [localhost]}`, "config.ipallow.deny[0]", "192.0.2.1"},
		"a network of IPv6":             {proved + `ipallow: {deny: ["2001:db8::/129"]}`, "config.ipallow.deny[0]", "2001:db8::/32"},
		"a proxy":                       {`{provider: github, verify: {secrets: [], client_cert_from: [proxy]}}`, "config.verify.client_cert_from[0]", "192.0.2.1"},
		"a server":                      {proved + `publish: {servers: ["http://nats:4222"]}`, "config.publish.servers[0]", "nats://host:port"},
		"a server with a password":      {proved + `publish: {servers: ["nats://u:hush@nats:4222"]}`, "config.publish.servers[0]", "without credentials"},
		"a stream":                      {proved + `publish: {stream: {name: my.stream}}`, "config.publish.stream.name", "letters"},
		"a stream of the quarantine":    {proved + `quarantine: {stream: "a b"}`, "config.quarantine.stream", "letters"},
		"a prefix":                      {proved + `publish: {subject_prefix: "webhooks.>"}`, "config.publish.subject_prefix", "tokens"},
		"a prefix of NATS's own":        {proved + `publish: {subject_prefix: _INBOX.a}`, "config.publish.subject_prefix", "_INBOX"},
		"a prefix of the quarantine":    {proved + `quarantine: {subject_prefix: a..b}`, "config.quarantine.subject_prefix", "tokens"},
		"a journal's directory":         {proved + `publish: {journal: {directory: spool}}`, "config.publish.journal.directory", "absolute"},
		"a directory of lists":          {proved + `ipallow: {ranges: {dir: lists}}`, "config.ipallow.ranges.dir", "absolute"},
		"a path of a redaction":         {proved + `normalize: {redact: [{path: email, action: drop}]}`, "config.normalize.redact[0].path", "JSONPath"},
		"a scheme":                      {`{provider: github, verify: {scheme: "SHA 1", secrets: []}}`, "config.verify.scheme", "letters"},
		"a function of policies":        {proved + `policy: {builtins: [http.sned]}`, "config.policy.builtins[0]", "http.send"},
		"a decision":                    {proved + `policy: {decision: data.a.b}`, "config.policy.decision", "webhook/main/decision"},
		"a label of decisions":          {proved + `policy: {labels: [team]}`, "config.policy.labels[0]", "name=value"},
		"a time":                        {`{provider: github, verify: {secrets: [{value: a, not_after: tomorrow}]}}`, "config.verify.secrets[0].not_after", "2026-01-31T12:00:00Z"},
		"a URL":                         {`{provider: github, verify: {secrets: [], public_url: hooks.example.com}}`, "config.verify.public_url", "absolute"},
		"a host":                        {`{provider: github, verify: {secrets: [], public_hosts: [https://a.example]}}`, "config.verify.public_hosts[0]", "host"},
		"a key of the quarantine":       {proved + `quarantine: {keys: [{id: a, value: "not base64!"}]}`, "config.quarantine.keys[0].value", "base64"},
		"an ordering key":               {proved + `publish: {ordering_key: account}`, "config.publish.ordering_key", "tenant"},
		"a seed of NATS":                {proved + `publish: {nkey_seed: UA123}`, "config.publish.nkey_seed", "SU"},
		"a row without facts":           {row + "  schemes: [{name: v1}]", "config.custom", "'facts.type', 'batch'"},
		"a row without schemes":         {row + "  schemes: []\n  facts: {type: [\"text:event\"]}", "config.custom.schemes", "at least 1"},
		"a scheme without a name":       {row + "  schemes: [{hash: sha256}]\n  facts: {type: [\"text:event\"]}", "config.custom.schemes[0].name", "required"},
		"a place that is none":          {row + "  schemes: [{name: v1, signature: x-signature}]\n  facts: {type: [\"text:event\"]}", "config.custom.schemes[0].signature", "header:"},
		"a fact that is no place":       {row + "  schemes: [{name: v1}]\n  facts: {type: [event]}", "config.custom.facts.type[0]", "header:"},
		"a signed text without a value": {row + "  schemes: [{name: v1, content: body}]\n  facts: {type: [\"text:event\"]}", "config.custom.schemes[0].content", "{body}"},
		"a sender's name":               {"verify: {secrets: []}\ncustom: {name: My_Sender, schemes: [{name: v1}], facts: {type: [\"text:event\"]}}", "config.custom.name", "lower case"},
	} {
		t.Run(name, func(t *testing.T) {
			faults := checked(t, tt.config)
			if len(faults) != 1 || schema.PathText(faults[0].Path) != tt.path || !strings.Contains(faults[0].Message, tt.want) {
				t.Errorf("want %s: ...%s..., got %v", tt.path, tt.want, faults)
			}
			if len(faults) > 0 && strings.Contains(faults[0].Message, "hush") {
				t.Error("the message repeats the value")
			}
		})
	}
}

func TestSchema_takesWhatIsRight(t *testing.T) {
	for name, config := range map[string]string{
		"vault references": proved + `
ratelimit: {limits: [{rate: 5-s, by: "header:x-tenant"}, {rate: 1000000000-D, by: client_net}], redis: {url: "{vault://env/r}", addresses: ["{vault://env/a}"]}}
publish: {servers: ["{vault://env/n}"], monitor_url: "{vault://env/m}", nkey_seed: "{vault://env/s}", journal: {directory: "{vault://env/j}"}}
quarantine: {keys: [{id: a, value: "{vault://env/k}"}]}`,
		"addresses": proved + `
ipallow: {allow: [10.0.0.0/8, 255.255.255.255, 0.0.0.0/0, 192.30.252.0/22, 199.199.199.199/32, "2600:1f18::/33", "::1", "::ffff:10.0.0.1", "::/0", "2a0a:a440::/29", "fe80::1/128"]}`,
		"servers":             proved + `publish: {servers: ["nats://nats", "tls://nats.example.com:4222", "nats://[::1]:4222/", "nats://10.0.0.1:4222"]}`,
		"empty where allowed": proved + `publish: {monitor_url: "", ordering_key: "", journal: {directory: ""}, objects: {bucket: ""}}`,
		"paths":               proved + `normalize: {redact: [{path: "$..email", action: drop}, {path: "$['a b'][0].c", action: mask}, {path: "$.list[*].x", action: drop}]}`,
		"times":               `{provider: github, verify: {secrets: [{value: a, not_after: "2026-01-31T12:00:00.5+02:00", not_before: "2026-01-31T12:00:00Z"}]}}`,
		"a row of batches":    "verify: {secrets: []}\ncustom: {name: mine-2, schemes: [{name: v1, signature: \"header:x-sig\", content: \"{timestamp}.{body}\"}], batch: {at: events, facts: {type: [\"json:type\"]}}}",
	} {
		if faults := checked(t, config); len(faults) > 0 {
			t.Errorf("%s: %v", name, faults)
		}
	}
}

// TestSchema_takesEveryRowOfTheCatalogue as one of a user's own: no form of the schema may be
// stricter than the rows are.
func TestSchema_takesEveryRowOfTheCatalogue(t *testing.T) {
	s, err := edgeSchema()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range catalogue.Names() {
		row, _ := catalogue.Lookup(name)
		text, err := json.Marshal(row.Provider)
		if err != nil {
			t.Fatal(err)
		}
		var custom map[string]any
		if err := json.Unmarshal(text, &custom); err != nil {
			t.Fatal(err)
		}
		config := map[string]any{"custom": withoutEmpty(custom), "verify": map[string]any{"secrets": []any{}, "scheme": row.Schemes[0].Name}}
		_, faults := s.Check(config)
		for _, f := range faults {
			// Of forms alone: lengths and kinds of a custom row are bounded on purpose.
			if strings.HasPrefix(f.Message, "must ") {
				t.Errorf("%s: %v", name, f)
			}
		}
	}
}

// withoutEmpty leaves out what Go writes for fields that are not set.
func withoutEmpty(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			if e = withoutEmpty(e); e != nil && e != "" && e != false && e != 0.0 {
				out[k] = e
			}
		}
		return out
	case []any:
		for i := range v {
			v[i] = withoutEmpty(v[i])
		}
	}
	return v
}

func TestSchema_namesTheFunctionsThatAreSwitchedOff(t *testing.T) {
	for _, name := range engine.SwitchedOff() {
		if faults := checked(t, proved+"policy: {builtins: ["+name+"]}"); len(faults) > 0 {
			t.Errorf("%s: %v", name, faults)
		}
	}
}

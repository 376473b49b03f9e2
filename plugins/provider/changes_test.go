package provider_test

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

type mutation func(r provider.Request, random *rand.Rand) (provider.Request, string, bool)

// spot is a place of a scheme with what of its text counts.
type spot struct {
	at     string // header:x, query:x, form:x or json:a.b
	counts func(text string) string
}

// spots are the places that c signs, the signature first.
func (c *scheme) spots(good provider.Request) []spot {
	all := []spot{{c.s.Signature, c.signatureCounts}}
	if c.s.Layout == spec.Numbered {
		all[0].at += "-1"
	}
	plain := func(text string) string { return text }
	if c.s.Vouched.At != "" {
		all[0].at = "tokens:" + strings.TrimPrefix(c.s.Signature, "json:")
		for _, e := range c.s.Expect {
			all = append(all, spot{e.At, plain})
		}
		all = append(all, spot{c.s.Vouched.At, plain})
	}
	for _, at := range []string{c.s.Timestamp, c.s.ID} {
		all = append(all, spot{at, plain})
	}
	if c.s.Kind == spec.HTTPSignature {
		all = append(all, spot{"header:signature-input", all[0].counts})
		for _, name := range c.s.Message.Components { // blanks around a header are no part of it (RFC 9421 section 2.1)
			all = append(all, spot{"header:" + strings.TrimSuffix(name, "?"), func(text string) string { return strings.Trim(text, " \t") }})
		}
	}
	content := c.s.Content
	if c.s.FormContent != "" && isForm(good) {
		content = c.s.FormContent
	}
	for _, found := range regexp.MustCompile(`\{([a-z]+:[^}|]+)([^}]*)\}`).FindAllStringSubmatch(content, -1) {
		at := spot{found[1], plain}
		if strings.Contains(found[2], "|lower") {
			at.counts = strings.ToLower
		}
		if name, ok := strings.CutPrefix(found[1], "plivo:"); ok {
			at.at = "header:" + name
		}
		if name, ok := strings.CutPrefix(found[1], "wechat:"); ok {
			at.at = "query:" + name
			all = append(all, spot{c.s.Encrypted.At, plain}) // and nothing else of the body
		}
		all = append(all, at)
	}
	return slices.DeleteFunc(all, func(s spot) bool {
		_, ok := c.textAt(good, s.at)
		return !ok
	})
}

func isForm(r provider.Request) bool {
	media, _ := r.Headers.Get("content-type")
	return strings.Contains(media, "form-urlencoded")
}

// signatureCounts is what of a signature's text counts: a blank behind a separator
// is the sender's choice, where it writes one, and some write hexadecimal digits
// in either case.
func (c *scheme) signatureCounts(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, ", ", ","), "; ", ";")
	if c.s.Encoding == spec.HexAny {
		return strings.ToLower(text)
	}
	if c.s.Layout != spec.List {
		return text
	}
	// What is no signature is passed over where one stands beside it.
	time, rest, _ := strings.Cut(text, ",")
	entries := slices.DeleteFunc(strings.Split(rest, ","), func(entry string) bool {
		return len(entry) != 64 || strings.Trim(entry, "0123456789abcdef") != ""
	})
	return time + "," + strings.Join(entries, ",")
}

// changes are those that c must refuse.
func (c *scheme) changes(t *testing.T, good provider.Request) []mutation {
	t.Helper()
	var all []mutation
	for _, at := range c.spots(good) {
		all = append(all, c.changeSpot(at))
	}
	if c.coversBody() && len(good.Body) > 0 && c.s.Each == "" && !strings.Contains(c.s.Content, "{wechat:") {
		all = append(all, changeBody, changeBody)
	}
	if from, to, ok := c.signedURL(good); ok {
		all = append(all, changeURL(from, to))
	}
	return all
}

// signedURL is the part of the URL whose bytes are signed as they are.
func (c *scheme) signedURL(good provider.Request) (from, to int, ok bool) {
	content := c.s.Content
	for _, b := range c.s.Binds {
		content += b.Content
	}
	query := strings.IndexByte(good.URL, '?')
	if query < 0 {
		query = len(good.URL)
	}
	host := strings.Index(good.URL, "://") + 3
	switch path := host + strings.IndexByte(good.URL[host:], '/'); {
	case strings.Contains(content, "{url|no-query"), strings.Contains(content, "{plivo:"):
		return 0, query, true
	case strings.Contains(content, "{target"):
		return path + 1, len(good.URL), true
	case strings.Contains(content, "{url"):
		return 0, len(good.URL), true
	}
	return 0, 0, false
}

func changeURL(from, to int) mutation {
	return func(r provider.Request, random *rand.Rand) (provider.Request, string, bool) {
		was := r.URL[from:to]
		is := string(spoil([]byte(was), random))
		r.URL = r.URL[:from] + is + r.URL[to:]
		// A mark that parts off a query or a fragment changes what is the URL.
		return r, "url", is != was && !strings.ContainsAny(is, "?#")
	}
}

func changeBody(r provider.Request, random *rand.Rand) (provider.Request, string, bool) {
	spoiled := spoil(r.Body, random)
	if isForm(r) && sameFields(r.Body, spoiled) || bytes.Equal(spoiled, r.Body) {
		return r, "", false
	}
	r.Body = spoiled
	return r, "body", true
}

// changeSpot changes the text at a place.
func (c *scheme) changeSpot(at spot) mutation {
	return func(r provider.Request, random *rand.Rand) (provider.Request, string, bool) {
		was, _ := c.textAt(r, at.at)
		is := string(spoil([]byte(was), random))
		if at.counts(is) == at.counts(was) {
			return r, "", false
		}
		changed, ok := c.withText(r, at.at, is)
		if !ok {
			return r, "", false
		}
		// What cannot be written there as it is may have come out as it was.
		if read, there := c.textAt(changed, at.at); there && at.counts(read) == at.counts(was) {
			return r, "", false
		}
		return changed, at.at, true
	}
}

// rewritten are other ways to write what is signed: another spelling of the
// signature and of the time, and everything there twice or not at all.
func (c *scheme) rewritten(t *testing.T, good provider.Request) map[string]provider.Request {
	t.Helper()
	all := map[string]provider.Request{}
	add := func(what string, at spot, texts ...string) {
		was, _ := c.textAt(good, at.at)
		for _, text := range texts {
			if at.counts(text) == at.counts(was) {
				continue
			}
			if r, ok := c.withText(good, at.at, text); ok {
				if read, there := c.textAt(r, at.at); !there || at.counts(read) != at.counts(was) {
					all[what+" "+at.at+" "+text] = r
				}
			}
		}
	}
	for i, at := range c.spots(good) {
		text, _ := c.textAt(good, at.at)
		if text == "" {
			continue // as good as absent
		}
		add("none", at, "")
		add("blanks", at, " "+text, text+" ", "\t"+text, text+"\u00a0", text+"\x00")
		if r, ok := c.doubled(good, at.at); ok {
			all["twice "+at.at] = r
		}
		if i == 0 && !c.s.ShowsSecret() {
			add("spelling", at, strings.ToUpper(text), strings.ToLower(text), strings.TrimRight(text, "="), text+"=", text+"====",
				strings.NewReplacer("+", "-", "/", "_").Replace(text), url.QueryEscape(text), "0x"+text, `"`+text+`"`)
			if c.s.Layout != spec.List { // where it is one more candidate, which is passed over
				add("spelling", at, text+","+text[:1])
			}
		}
		if at.at == c.s.Timestamp {
			add("time", at, "+"+text, "-"+text, "0"+text, text+".0", text+"e0", "0x"+text, text+"000", strings.Repeat("9", 30), fullWidth(text))
		}
	}
	if strings.Contains(c.s.Content, "{method}") {
		for _, method := range []string{"PUT", "post", "GET", ""} {
			r := good
			r.Method = method
			all["method "+method] = r
		}
	}
	if _, to, ok := c.signedURL(good); ok && to == len(good.URL) && !strings.Contains(c.s.Content, "{target") {
		for _, address := range []string{
			strings.Replace(good.URL, "https://", "http://", 1), strings.Replace(good.URL, ".example/", ".example:443/", 1),
			strings.Replace(good.URL, ".example/", ".example./", 1), strings.Replace(good.URL, "octo", "OCTO", 1), "",
		} {
			r := good
			r.URL = address
			if len(c.s.Variants) == 0 || !strings.Contains(address, ":443") { // which Twilio may sign or not
				all["url "+address] = r
			}
		}
	}
	return all
}

// fullWidth writes digits as other digits of Unicode.
func fullWidth(text string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return c - '0' + '\uff10'
		}
		return c
	}, text)
}

// doubled has the value at a place twice.
func (c *scheme) doubled(r provider.Request, at string) (provider.Request, bool) {
	kind, name, _ := strings.Cut(at, ":")
	switch kind {
	case "header":
		r.Headers = changed(r, name, func(v string) []string { return []string{v, v} })
	case "query":
		text, _ := c.textAt(r, at)
		r.URL += "&" + url.QueryEscape(name) + "=" + url.QueryEscape(text)
	case "form":
		text, _ := c.textAt(r, at)
		r.Body = []byte(string(r.Body) + "&" + url.QueryEscape(name) + "=" + url.QueryEscape(text))
	case "xml":
		head, rest, _ := strings.Cut(string(r.Body), "<"+name+">")
		element, tail, _ := strings.Cut(rest, "</"+name+">")
		element = "<" + name + ">" + element + "</" + name + ">"
		r.Body = []byte(head + element + element + tail)
		return r, true
	case "json": // the last name of the path, beside its first value
		last := `"` + name[strings.LastIndexByte(name, '.')+1:] + `":`
		i := bytes.Index(r.Body, []byte(last))
		if i < 0 {
			return r, false
		}
		r.Body = slices.Concat(r.Body[:i], []byte(last+`"x",`), r.Body[i:])
	}
	return r, kind == "header" || kind == "query" || kind == "form" || kind == "json"
}

func (c *scheme) coversBody() bool {
	switch c.s.Kind {
	case spec.Token, spec.Basic, spec.ClientCert:
		return false
	}
	return !c.s.BodyUnsigned
}

// sameFields reports whether two forms have the same fields for those who sign
// names and values without their encoding, their order and the borders between
// them, as Twilio and Vonage do.
func sameFields(a, b []byte) bool {
	flat := func(form []byte) string {
		values, err := url.ParseQuery(string(form))
		if err != nil {
			return string(form)
		}
		var text strings.Builder
		for _, name := range slices.Sorted(maps.Keys(values)) {
			all := slices.Compact(slices.Sorted(slices.Values(values[name])))
			for _, value := range all {
				if name == "sig" {
					value = strings.ToLower(value)
				}
				text.WriteString(name + strings.NewReplacer("&", "_", "=", "_").Replace(value))
			}
		}
		return text.String()
	}
	return flat(a) == flat(b)
}

package detail

import (
	"slices"
	"strings"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/internal/redact"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// places are where a sender's deliveries have secrets, tokens and signatures.
type places struct {
	all      []string // as a row names them
	numbered []string // that have -1, -2 and so on behind them
	tokens   []string // of JWTs, whose claims are the payload: only their signature is not shown
	public   []string // of what an event says, which is no secret whatever its name
	each     []string // lists of the JSON body in whose elements json: places may stand
}

// placesOf returns those of a row. settings fill in what a user chose, such as the name of a
// header.
func placesOf(row *provider.Provider, settings map[string]string) places {
	var p places
	if row == nil {
		return p
	}
	for i := range row.Schemes {
		written := &row.Schemes[i]
		s := written.Filled(settings)
		p.addScheme(&s)
		for n, e := range written.Expect {
			if name, ok := strings.CutPrefix(e.Is, "{setting:"); ok && isSecret(row, strings.TrimSuffix(name, "}")) {
				p.all = append(p.all, s.Expect[n].At)
			}
		}
	}
	for i := range row.Handshakes {
		h := &row.Handshakes[i]
		if isSecret(row, h.TokenSetting) {
			p.all = append(p.all, h.Token)
		}
		if h.Setup {
			p.all = append(p.all, h.Challenge)
		}
		p.all = append(p.all, h.Confirm)
	}
	p.all = slices.DeleteFunc(p.all, func(at string) bool { return at == "" })
	p.public = factsOf(row)
	return p
}

func (p *places) addScheme(s *spec.Scheme) {
	if s.Each != "" && !slices.Contains(p.each, s.Each) {
		p.each = append(p.each, s.Each)
	}
	for _, f := range append([]spec.Family{s.Family}, s.Alternates...) {
		for _, at := range append([]string{f.Signature}, f.Also...) {
			inBody := at == "body" || strings.HasPrefix(at, "json:")
			switch {
			case s.Kind == spec.JSONToken && s.Each == "" && inBody:
				p.tokens = append(p.tokens, at)
			default:
				p.all = append(p.all, at)
			}
			if s.Layout == spec.Numbered {
				p.numbered = append(p.numbered, at)
			}
		}
	}
}

// factsOf returns the places that tell what an event of a row is.
func factsOf(row *provider.Provider) []string {
	all := []spec.Locators{row.Facts}
	if row.Batch != nil {
		all = append(all, row.Batch.Facts)
	}
	var facts []string
	for i := range all {
		l := &all[i]
		for _, list := range [...][]string{l.Type, l.Action, l.Tenant, l.Subject} {
			facts = append(facts, list...)
		}
		for _, joined := range l.ID {
			facts = append(facts, strings.Split(joined, joiner)...)
		}
		for _, t := range l.Time {
			facts = append(facts, t.At)
		}
	}
	return facts
}

// joiner stands between the places of an id that is made of several.
const joiner = " + "

// hides reports whether what stands at kind:name is not shown.
func (p *places) hides(kind, name string) bool {
	at := kind + ":" + name
	if slices.Contains(p.all, at) {
		return true
	}
	if cut := strings.LastIndexByte(at, '-'); cut > 0 && strings.Trim(at[cut+1:], "0123456789") == "" && slices.Contains(p.numbered, at[:cut]) {
		return true
	}
	return !slices.Contains(p.public, at) && (redact.Authorises(name) || signs(name))
}

// signs reports whether a name is like those of signatures.
func signs(name string) bool {
	name = strings.ToLower(name)
	return name == "sig" || name != "signature-input" && slices.ContainsFunc([]string{"signature", "hmac", "digest"}, func(part string) bool { return strings.Contains(name, part) })
}

// of returns the names of the places of a kind.
func of(list []string, kind string) []string {
	var names []string
	for _, at := range list {
		if name, ok := strings.CutPrefix(at, kind+":"); ok {
			names = append(names, name)
		}
	}
	return names
}

// named are names of members of a payload whose sender nobody knows.
func named() []string {
	return []string{
		"token", "access_token", "refresh_token", "id_token", "accessToken", "refreshToken", "secret", "client_secret", "clientSecret", "password", "passwd",
		"api_key", "apiKey", "apikey", "private_key", "privateKey", "authorization", "cookie", "session", "signature", "Signature", "sig", "hmac",
	}
}

// rules are the places of JSON payloads as redactions. A place stands in the body, in an
// element of a list of it, or in the element alone, where that is the payload of an event.
func (p *places) rules(known bool) []redact.Rule {
	var rules []redact.Rule
	add := func(path string) { rules = append(rules, redact.Rule{Path: path, Action: redact.Mask}) }
	for _, name := range of(p.all, "json") {
		path := jsonPath(name)
		add("$" + path)
		for _, list := range p.each {
			add("$" + jsonPath(list) + "[*]" + path)
		}
	}
	for _, name := range of(p.all, "form") {
		add("$" + member(name))
	}
	if !known {
		for _, name := range named() {
			add("$.." + name)
		}
	}
	return rules
}

// jsonPath is a path of jsonscan as a redaction has it.
func jsonPath(path string) string {
	names, err := jsonscan.Segments(path)
	if err != nil {
		return member(path)
	}
	var b strings.Builder
	for _, name := range names {
		b.WriteString(member(name))
	}
	return b.String()
}

func member(name string) string {
	return "['" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(name) + "']"
}

// Package providerdoc says in words what a row of the catalogue says in data: how a
// provider is set up, what it proves, how it tries again.
package providerdoc

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// Page tells what an engineer needs to set p up.
func Page(p *provider.Provider) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\nDocs: <%s>\n\n## At %s\n\n", p.Title, p.Docs, p.Title)
	fmt.Fprintf(&b, "- URL: `https://<your gateway>/webhooks/%s`", p.Name)
	if len(p.ContentTypes) > 0 {
		fmt.Fprintf(&b, ", content type `%s`", p.ContentTypes[0])
	}
	b.WriteString("\n")
	b.WriteString(schemes(p))
	b.WriteString(coverage(p))
	fmt.Fprintf(&b, "- Identity: %s %s\n", identity(p), p.Identity.Why)
	for _, s := range p.Settings {
		which := ""
		if s.Optional && !s.Pins {
			which = " (optional)"
		}
		fmt.Fprintf(&b, "- Setting `%s`%s: %s\n", s.Name, which, s.Doc)
	}
	for _, h := range p.Handshakes {
		fmt.Fprintf(&b, "- It checks the endpoint with a %s, which is answered %s.\n", h.Method, answered(&h))
	}
	if p.SETErrors {
		b.WriteString("- Refusals with the status 400 have the bodies of RFC 8935.\n")
	}
	if len(p.Ranges) > 0 {
		b.WriteString("- It publishes the addresses that it delivers from: `ipallow.provider_ranges`.\n")
	}
	if p.Timeout > 0 {
		fmt.Fprintf(&b, "- It waits %s for an answer.\n", Duration(p.Timeout))
	}
	fmt.Fprintf(&b, "- It tries again: %s\n", Retries(p.Retry))
	if p.On429 != "" {
		fmt.Fprintf(&b, "- Over a limit it gets %d: %s\n", OverLimit(p), p.On429)
	}
	fmt.Fprintf(&b, "\n## In kong.yml\n\n```yaml\n%s```\n", Example(p))
	if len(p.Pitfalls) > 0 {
		b.WriteString("\n## Pitfalls\n\n")
		for _, text := range p.Pitfalls {
			b.WriteString("- " + text + "\n")
		}
	}
	fmt.Fprintf(&b, "\n## Source\n\n%s\n", p.Source)
	if len(p.Unsure) > 0 {
		fmt.Fprintf(&b, "\nNot checked: %s.\n", strings.Join(p.Unsure, "; "))
	}
	return b.String()
}

// schemes says how each scheme of p proves the sender.
func schemes(p *provider.Provider) string {
	var b strings.Builder
	for i, s := range p.Schemes {
		which := "by default"
		switch {
		case s.Weak:
			which = "weak, only when `scheme` names it"
		case i > 0:
			which = "when `scheme` names it"
		}
		fmt.Fprintf(&b, "- Scheme `%s` (%s): %s at `%s`", s.Name, which, Proof(&s), s.Signature)
		if s.ToleranceSeconds > 0 {
			fmt.Fprintf(&b, ", signed time within %s", Duration(s.Tolerance()))
		}
		b.WriteString("; " + keyText(&s))
		if s.Kind == spec.Digest {
			b.WriteString("; a plain hash of secret and content, which is weaker than an HMAC")
		}
		if s.ShowsSecret() {
			b.WriteString("; since quarantine does not keep it, events are held back only with `quarantine.keys`")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// coverage says what the default scheme of p covers, and which facts it does not.
func coverage(p *provider.Provider) string {
	c, err := p.Coverage("")
	if err != nil {
		return "" // every row of the catalogue compiles
	}
	if len(c.Covers) == 0 {
		return "- Covers: nothing. A delivery shows the secret itself, and whoever has it can send what they like.\n- Unsigned: " + Unsigned(p) + ".\n"
	}
	text := "- Covers: `" + strings.Join(c.Covers, "`, `") + "`.\n- Unsigned: " + Unsigned(p)
	if len(c.Places) > 0 {
		text += ", of `" + strings.Join(c.Places, "`, `") + "`"
	}
	return text + ".\n"
}

// natsUser is the user that kong/kong.yml and kong/nats.conf name.
const natsUser = "webhooks"

// Example is a declarative file with one route for p.
func Example(p *provider.Provider) string {
	var b strings.Builder
	fmt.Fprintf(&b, "_format_version: \"3.0\"\n\nroutes:\n  - name: %[1]s\n    paths: [/webhooks/%[1]s]\n    protocols: [http, https]\n"+
		"    plugins:\n      - name: webhook-edge\n        config:\n          provider: %[1]s\n          respond: continue\n          verify:\n", p.Name)
	s := &p.Schemes[0]
	if s.Keyless() {
		b.WriteString("            secrets: [] # the provider publishes its keys\n")
	} else {
		fmt.Fprintf(&b, "            secrets:\n              - value: \"{vault://env/%s-webhook-secret}\"\n", p.Name)
	}
	first := true
	for _, setting := range p.Settings {
		if setting.Default != "" || setting.Optional && !setting.Pins {
			continue
		}
		if first {
			b.WriteString("            settings:\n")
			first = false
		}
		fmt.Fprintf(&b, "              - name: %s\n                value: \"{vault://env/%s-%s}\"\n", setting.Name, p.Name, strings.ReplaceAll(setting.Name, "_", "-"))
	}
	if p.SignsURL(s) {
		fmt.Fprintf(&b, "            public_url: https://hooks.example.com/webhooks/%s\n", p.Name)
	}
	fmt.Fprintf(&b, "          publish:\n            servers: [\"{vault://env/nats-url}\"]\n            username: %s\n            password: \"{vault://env/nats-password}\"\n"+
		"            stream: {name: WEBHOOKS, ensure: create}\n      - name: request-termination\n        config: {status_code: 200}\n", natsUser)
	return b.String()
}

// Unsigned names the facts that the default scheme of p does not cover.
func Unsigned(p *provider.Provider) string {
	c, err := p.Coverage("")
	if err != nil || len(c.Unsigned) == 0 {
		return "none"
	}
	return strings.Join(c.Unsigned, " ")
}

// identity says by what an event of p is known again.
func identity(p *provider.Provider) string {
	i := &p.Identity
	ids := slices.Clone(p.Facts.ID)
	if p.Batch != nil {
		ids = append(ids, p.Batch.Facts.ID...)
	}
	at := "`" + strings.Join(ids, "`, or `") + "`"
	scope := map[spec.Scope]string{spec.ScopeTenant: ", unique in its tenant", spec.ScopeRoute: ", unique at its route"}[i.Scope]
	switch {
	case i.Content, len(ids) == 0 && !i.None:
		return "what was signed, with the type."
	case i.None && len(ids) == 0:
		return "none, so that each delivery is an event of its own."
	case i.None:
		return at + scope + "; without one each delivery is an event of its own."
	}
	return at + scope + "."
}

// keyText says what the secret of a scheme is.
func keyText(s *spec.Scheme) string {
	switch {
	case s.Remote != nil:
		return "the key is fetched from the provider"
	case s.JWT.Chain != nil:
		return "the key stands in the token, with certificates that must end in the sender's authority"
	}
	text, ok := map[spec.KeyForm]string{
		spec.KeyBase64: "the secret is base64 and used decoded", spec.KeyBase64URL: "the secret is base64url and used decoded",
		spec.KeyHex: "the secret is hexadecimal and used decoded", spec.KeyPEM: "the secret is a public key in PEM",
		spec.KeySPKI: "the secret is a public key in base64", spec.KeyJWKS: "the secret is a JSON Web Key or a set of them",
		spec.KeyUser: "the secret is user:password", spec.KeyPrint: "the secret is the SHA-256 of a certificate",
	}[s.Key]
	switch {
	case s.Kind == spec.Ed25519:
		return "the secret is a public key in " + string(s.Key)
	case !ok:
		return "the secret is used as it is shown"
	case s.KeyPrefix != "":
		return text + ", behind " + s.KeyPrefix
	}
	return text
}

// answered says when a handshake is answered.
func answered(h *spec.Handshake) string {
	switch {
	case h.Setup:
		return "only while `setup` is on, because it hands a secret over"
	case h.Confirm != "":
		return "once its signature is right, and confirmed only while `setup` is on"
	case h.Token != "":
		return "where its token is the setting `" + h.TokenSetting + "`"
	case h.Unsigned:
		return "without a proof"
	}
	return "once its signature is right"
}

// Retries says how often a provider tries a failed delivery again, and for how long.
func Retries(r spec.Retry) string {
	var text string
	switch {
	case r.Max == 1:
		text = "Once more"
	case r.Max > 1:
		text = fmt.Sprintf("%d more times", r.Max)
	case r.Span > 0:
		text = "For up to " + span(r.Span)
	case r.Note == "":
		return "Unknown."
	default:
		return r.Note
	}
	if r.Max > 0 && r.Span > 0 {
		text += " within " + span(r.Span)
	}
	return strings.TrimSpace(text + ". " + r.Note)
}

// span is a duration in days from two days on.
func span(d time.Duration) string {
	const day = 24 * time.Hour
	if d >= 2*day && d%day == 0 {
		return fmt.Sprintf("%d days", d/day)
	}
	return Duration(d)
}

// OverLimit is the status that p gets for a delivery over a limit.
func OverLimit(p *provider.Provider) int {
	if status, overridden := p.Status[pipeline.RateLimited.String()]; overridden {
		return status
	}
	return pipeline.RateLimited.Info().Status
}

// Proof says in a few words how a scheme proves the sender.
func Proof(s *spec.Scheme) string {
	switch s.Kind {
	case "":
		return strings.TrimSpace("hmac " + string(s.Hash))
	case spec.HTTPSignature:
		return "http-signature " + string(s.Message.Algorithms[0])
	case spec.DetachedJWS:
		return "detached jws " + string(s.JWT.Algorithms[0])
	case spec.JSONToken:
		return "jwt " + string(s.JWT.Algorithms[0])
	}
	return strings.TrimSpace(string(s.Kind) + " " + string(s.Hash))
}

// Duration writes 5m0s as 5m.
func Duration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

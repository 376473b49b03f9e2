// Package providerdoc says in words what a row of the catalogue says in data: how a
// provider is set up, what it proves, how it tries again.
package providerdoc

import (
	"fmt"
	"strings"

	"webhookedge/plugins/provider"
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

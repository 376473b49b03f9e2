package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"webhookedge/plugins/provider"
)

func providersCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "providers",
		Short: "List the senders of the catalogue",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if asJSON {
				enc := json.NewEncoder(cmd.OutOrStdout())
				enc.SetEscapeHTML(false)
				enc.SetIndent("", "  ")
				return enc.Encode(provider.Catalogue())
			}
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 8, 2, ' ', 0)
			fmt.Fprintln(w, "NAME\tTITLE\tPROVED BY\tAT\tUNSIGNED") //nolint:errcheck // Flush tells
			for _, p := range provider.Catalogue() {
				s := p.Schemes[0]
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", p.Name, p.Title, kind(&s), s.Signature, unsigned(p)) //nolint:errcheck // Flush tells
			}
			return w.Flush()
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "the whole rows, as a JSON array")
	cmd.AddCommand(&cobra.Command{
		Use:   "show NAME",
		Short: "Tell how to set a provider up, with the part for kong.yml and the pitfalls",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			row, ok := provider.Lookup(args[0])
			if !ok {
				return unknownProvider(args[0])
			}
			_, err := io.WriteString(cmd.OutOrStdout(), providerPage(row))
			return err
		},
	})
	return cmd
}

// providerPage tells what an engineer needs to set p up.
func providerPage(p *provider.Provider) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\nDocs: <%s>\n\n## At %s\n\n", p.Title, p.Docs, p.Title)
	fmt.Fprintf(&b, "- URL: `https://<your gateway>/webhooks/%s`", p.Name)
	if len(p.ContentTypes) > 0 {
		fmt.Fprintf(&b, ", content type `%s`", p.ContentTypes[0])
	}
	b.WriteString("\n")
	for i, s := range p.Schemes {
		which := "by default"
		switch {
		case s.Weak:
			which = "weak, only when `scheme` names it"
		case i > 0:
			which = "when `scheme` names it"
		}
		fmt.Fprintf(&b, "- Scheme `%s` (%s): %s at `%s`", s.Name, which, kind(&s), s.Signature)
		if s.ToleranceSeconds > 0 {
			fmt.Fprintf(&b, ", signed time within %s", short(s.Tolerance()))
		}
		b.WriteString("; " + keyText(&s))
		if s.ShowsSecret() {
			b.WriteString("; since quarantine does not keep it, events are held back only with `quarantine.keys`")
		}
		b.WriteString("\n")
	}
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
		fmt.Fprintf(&b, "- It waits %s for an answer.\n", short(p.Timeout))
	}
	fmt.Fprintf(&b, "- It tries again: %s\n", again(p.Retry))
	if p.On429 != "" {
		fmt.Fprintf(&b, "- Over a limit it gets %d: %s\n", overLimit(p), p.On429)
	}
	fmt.Fprintf(&b, "\n## In kong.yml\n\n```yaml\n%s```\n", providerExample(p))
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

// coverage says what the default scheme of p covers, and which facts it does not.
func coverage(p *provider.Provider) string {
	c, err := p.Coverage("")
	if err != nil {
		return "" // every row of the catalogue compiles
	}
	if len(c.Covers) == 0 {
		return "- Covers: nothing. A delivery shows the secret itself, and whoever has it can send what they like.\n- Unsigned: " + unsigned(p) + ".\n"
	}
	text := "- Covers: `" + strings.Join(c.Covers, "`, `") + "`.\n- Unsigned: " + unsigned(p)
	if len(c.Places) > 0 {
		text += ", of `" + strings.Join(c.Places, "`, `") + "`"
	}
	return text + ".\n"
}

// unsigned names the facts that the default scheme of p does not cover.
func unsigned(p *provider.Provider) string {
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
	scope := map[provider.Scope]string{provider.ScopeTenant: ", unique in its tenant", provider.ScopeRoute: ", unique at its route"}[i.Scope]
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
func keyText(s *provider.Scheme) string {
	if s.Remote != nil {
		return "the key is fetched from the provider"
	}
	text, ok := map[provider.KeyForm]string{
		provider.KeyBase64: "the secret is base64 and used decoded", provider.KeyBase64URL: "the secret is base64url and used decoded",
		provider.KeyHex: "the secret is hexadecimal and used decoded", provider.KeyPEM: "the secret is a public key in PEM",
		provider.KeySPKI: "the secret is a public key in base64", provider.KeyJWKS: "the secret is a JSON Web Key or a set of them",
		provider.KeyUser: "the secret is user:password", provider.KeyPrint: "the secret is the SHA-256 of a certificate",
	}[s.Key]
	switch {
	case s.Kind == provider.Ed25519:
		return "the secret is a public key in " + string(s.Key)
	case !ok:
		return "the secret is used as it is shown"
	case s.KeyPrefix != "":
		return text + ", behind " + s.KeyPrefix
	}
	return text
}

// answered says when a handshake is answered.
func answered(h *provider.Handshake) string {
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

// providerExample is a declarative file with one route for p.
func providerExample(p *provider.Provider) string {
	var b strings.Builder
	fmt.Fprintf(&b, "_format_version: \"3.0\"\n\nroutes:\n  - name: %[1]s\n    paths: [/webhooks/%[1]s]\n    protocols: [http, https]\n"+
		"    plugins:\n      - name: webhook-edge\n        config:\n          provider: %[1]s\n          respond: continue\n          verify:\n", p.Name)
	s := &p.Schemes[0]
	if s.Remote != nil {
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
		"            stream: {name: WEBHOOKS, ensure: create}\n      - name: request-termination\n        config: {status_code: 200}\n", brokerUser)
	return b.String()
}

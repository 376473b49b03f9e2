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
	if s.Remote != nil {
		return "the key is fetched from the provider"
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

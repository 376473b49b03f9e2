package explain

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/text"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/verify"
)

type verdict struct {
	Provider string   `json:"provider"`
	Verdict  string   `json:"verdict"` // valid, invalid or handshake
	Code     string   `json:"code"`    // of the edge's answer
	Reason   string   `json:"reason,omitempty"`
	Scheme   string   `json:"scheme,omitempty"`
	Key      string   `json:"key_id,omitempty"` // the position of the key that matched
	ID       string   `json:"delivery_id,omitempty"`
	Response response `json:"response"`
	Causes   []string `json:"causes"`
	Notes    []string `json:"notes,omitempty"` // what the edge wants beside
}

type response struct {
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}

func (v *verdict) take(out *pipeline.Outcome, d *pipeline.Delivery) {
	v.Verdict, v.Code = "invalid", out.Code.String()
	v.Response = response{Status: out.Status, Headers: map[string]string{}, Body: string(out.Body)}
	for _, h := range out.Headers {
		if h.Name != "webhook-ack" { // nothing was stored here
			v.Response.Headers[h.Name] = h.Value
		}
	}
	switch out.Code {
	case pipeline.Handshake:
		v.Verdict = "handshake"
	case pipeline.Accepted:
		v.Verdict = "valid"
		v.Scheme, v.Key, v.ID = d.Verification.Scheme, d.Verification.SecretID, d.Verification.ID
	}
}

func (v *verdict) unusable(n int, err error) *verdict {
	u := &verdict{
		Verdict: "invalid", Code: pipeline.Misconfigured.String(),
		Response: response{Status: pipeline.Misconfigured.Info().Status, Headers: map[string]string{}},
		Causes:   []string{fmt.Sprintf("Line %d cannot be used: %s.", n, strings.TrimPrefix(err.Error(), errInput.Error()+": "))},
	}
	if v != nil {
		u.Provider, u.Notes = v.Provider, v.Notes
	}
	return u
}

// sentences lists what is wrong with keys and options, without paths of a kong.yml.
func sentences(err error) []string {
	var all []string
	for _, e := range flat(err) {
		text := e.Error()
		for _, path := range []string{": " + verify.ErrConfig.Error() + ": ", provider.ErrOption.Error() + ": ", provider.ErrKey.Error() + ": "} {
			if _, rest, ok := strings.Cut(text, path); ok {
				text = rest
			}
		}
		all = append(all, strings.TrimSuffix(text, ".")+".")
	}
	return all
}

// flat parts what errors.Join joined.
func flat(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || len(joined.Unwrap()) == 0 || strings.HasPrefix(fmt.Sprintf("%T", err), "*fmt.") {
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, flat(e)...)
	}
	return all
}

func (v *verdict) print(w io.Writer, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		return enc.Encode(v)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s, answered with %d", v.Provider, v.Verdict, v.Response.Status)
	if v.Verdict == "valid" {
		fmt.Fprintf(&b, " (scheme %s, key %s)", v.Scheme, v.Key)
	} else {
		fmt.Fprintf(&b, " %s", v.Code)
	}
	for _, sentence := range append(v.Causes, v.Notes...) {
		b.WriteString("\n" + strings.Join(text.Wrap("  "+sentence, "  "), "\n"))
	}
	_, err := fmt.Fprintln(w, b.String())
	return err
}

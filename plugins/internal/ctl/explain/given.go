package explain

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"os"
	"regexp"
	"strconv"
	"time"

	"webhookedge/plugins/internal/ctl/capture"
	"webhookedge/plugins/internal/ctl/delivery"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/provider"
)

// given is what flags say of deliveries that do not say it themselves.
type given struct {
	provider, secretEnv, at, body, url string

	secret string
	time   json.Number
}

// resolve reads what the flags name.
func (g *given) resolve() error {
	if g.provider != "" {
		if _, err := delivery.Provider(g.provider); err != nil {
			return err
		}
	}
	if g.at != "" {
		at, err := time.Parse(time.RFC3339, g.at)
		if err != nil {
			return exit.Usagef("--at: %q is no time such as 2025-06-12T10:00:00Z", g.at)
		}
		g.time = seconds1970(at)
	}
	if g.secretEnv != "" {
		if g.secret = os.Getenv(g.secretEnv); g.secret == "" {
			return exit.Usagef("the environment variable %s is empty", g.secretEnv)
		}
	}
	return nil
}

func seconds1970(at time.Time) json.Number {
	return json.Number(strconv.FormatFloat(float64(at.UnixMicro())/1e6, 'f', 6, 64))
}

// complete fills in what a delivery does not say.
func (g *given) complete(a *asked) *asked {
	if a.Custom == nil {
		a.Provider = cmp.Or(a.Provider, g.provider)
	}
	if len(a.Keys) == 0 && g.secret != "" {
		a.Keys = []string{g.secret}
	}
	a.At = cmp.Or(a.At, g.time)
	return a
}

// keptKeys are the keys of what quarantine show --json writes besides those of a line.
// They tell why it was kept, which is found out here.
func keptKeys() []string {
	return []string{
		"client_ip", "code", "cut", "event", "held", "kept_at", "reason", "removed", "request_id", "route", "sequence", "size", "stage",
	}
}

// noteKeys are the keys of a test case beside its delivery: where it is from, and what is
// expected. They say nothing to the edge.
func noteKeys() []string { return []string{"ours", "source", "want", "want_cause", "want_reason"} }

// request is the first line of an HTTP request, or what curl -v writes before it.
var request = regexp.MustCompile(`(?m)\A\s*(?:[A-Z]+ \S+ HTTP/[0-9.]+\r?$|[*><{}] )|^> [A-Z]+ \S+ HTTP/[0-9.]+\r?$`)

// isCapture reports whether a text that begins like this is no JSON lines.
func isCapture(head []byte) bool {
	return capture.FormOf(head) == capture.HAR || capture.FormOf(head) == capture.HTTP && request.Match(provider.WithoutBOM(head))
}

// explain reads the deliveries of a capture.
func (g *given) explain(ctx context.Context, in io.Reader, out io.Writer, asJSON bool) error {
	if g.provider == "" {
		return exit.Usagef("--provider is needed: a capture does not say who sent it")
	}
	text, err := io.ReadAll(io.LimitReader(in, capture.MaxBytes+1))
	if err != nil {
		return err
	}
	all, err := g.read(text)
	if err != nil {
		return exit.Usage(err)
	}
	var failed error
	for i, d := range all {
		v, err := explainAsked(ctx, g.complete(askedOf(&d)))
		if errors.Is(err, errInput) {
			failed, v = exit.ErrFailed, v.unusable(i+1, err)
		} else if err != nil {
			return err
		}
		if err := v.print(out, asJSON); err != nil {
			return err
		}
	}
	return failed
}

func (g *given) read(text []byte) ([]capture.Delivery, error) {
	if capture.FormOf(text) == capture.HAR {
		return capture.ReadHAR(text)
	}
	with := capture.Given{URL: g.url}
	if g.body != "" {
		var err error
		if with.Body, err = delivery.ReadBody(g.body, bytes.NewReader(nil)); err != nil {
			return nil, err
		}
	}
	d, err := capture.ReadHTTP(text, with)
	return []capture.Delivery{d}, err
}

func askedOf(d *capture.Delivery) *asked {
	a := &asked{Method: d.Request.Method, URL: d.Request.URL, Headers: map[string]values{}, BodyBase64: base64.StdEncoding.EncodeToString(d.Request.Body)}
	if list, ok := d.Request.Headers.(provider.HeaderList); ok {
		for _, h := range list {
			a.Headers[h.Name] = append(a.Headers[h.Name], h.Value)
		}
	}
	if !d.At.IsZero() {
		a.At = seconds1970(d.At)
	}
	return a
}

package infer

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// attack verifies a delivery by a row, and forged forms of it.
type attack struct {
	row     *provider.Provider
	scheme  *spec.Scheme
	secret  string
	request provider.Request
	now     time.Time // when it was signed
}

func (a *attack) verifier(secret string) (*provider.Verifier, error) {
	return a.row.Verifier(provider.Options{Scheme: a.scheme.Name, Secrets: []provider.Secret{{Value: secret}}})
}

// verifies reports whether the signature of r is right, be its time what it is.
func (a *attack) verifies(r *provider.Request) bool {
	v, err := a.verifier(a.secret)
	if err != nil {
		return false
	}
	_, err = v.Verify(*r, a.now)
	return err == nil || errors.Is(err, provider.ErrStale) || errors.Is(err, provider.ErrFuture)
}

// forgeries are the forged forms of the delivery that the row lets pass, none where it
// is what it seems to be.
func (a *attack) forgeries() (passed []string) {
	v, err := a.verifier(a.secret)
	if err != nil {
		return []string{"the secret cannot be used"}
	}
	if _, err := v.Verify(a.request, a.now); err != nil {
		return []string{"the delivery itself is refused at the time when it was signed"}
	}
	refused := func(what string, v *provider.Verifier, r provider.Request, now time.Time) {
		if _, err := v.Verify(r, now); err == nil {
			passed = append(passed, what+" passes")
		}
	}
	if pair, err := a.row.NewKeyPair(a.scheme.Name); err == nil {
		if other, err := a.verifier(pair.Public); err == nil {
			refused("a delivery of a stranger", other, a.request, a.now)
		}
	}
	if d := a.scheme.Tolerance(); d > 0 {
		refused("a delivery that is too old", v, a.request, a.now.Add(d+2*time.Second))
		refused("a delivery from the future", v, a.request, a.now.Add(-d-2*time.Second))
	}
	for what, r := range a.spoiled() {
		refused(what, v, r, a.now)
	}
	coverage, err := a.row.Coverage(a.scheme.Name)
	if err != nil {
		return append(passed, "nothing is known of what the row covers")
	}
	for _, at := range coverage.Covers {
		if r, ok := a.changed(at); ok {
			refused("a delivery with another "+at, v, r, a.now)
		}
	}
	slices.Sort(passed)
	return passed
}

// run is a text that may be a signature.
var run = regexp.MustCompile(`[A-Za-z0-9+/_-]{8,}`)

// spoiled are forms of the delivery whose signature is not there, is there twice, or is
// another. One in the body is not looked for.
func (a *attack) spoiled() map[string]provider.Request {
	name, isHeader := strings.CutPrefix(a.scheme.Signature, "header:")
	if !isHeader {
		return nil
	}
	if a.scheme.Layout == spec.Numbered {
		name += "-1"
	}
	value, _ := a.request.Headers.Get(name)
	all := map[string]provider.Request{
		"a delivery without its signature":          a.withHeader(name),
		"a delivery with two of its signature":      a.withHeader(name, value, value),
		"a delivery with a signature cut short":     a.withHeader(name, value[:len(value)/2]),
		"a delivery with a signature of its own":    a.withHeader(name, run.ReplaceAllStringFunc(value, reversed)),
		"a delivery with an empty signature":        a.withHeader(name, ""),
		"a delivery with text behind the signature": a.withHeader(name, value+"x"),
	}
	if run.ReplaceAllStringFunc(value, reversed) == value {
		delete(all, "a delivery with a signature of its own")
	}
	if a.scheme.Layout == spec.Pairs || a.scheme.Layout == spec.Versions || a.scheme.Layout == spec.List {
		delete(all, "a delivery with text behind the signature") // which may be an entry that does not count
		delete(all, "a delivery with a signature cut short")
	}
	return all
}

func reversed(text string) string {
	b := []byte(text)
	slices.Reverse(b)
	return string(b)
}

func (a *attack) withHeader(name string, values ...string) provider.Request {
	r := a.request
	var headers provider.HeaderList
	old, _ := r.Headers.(provider.HeaderList)
	for _, h := range old {
		if h.Name != name {
			headers = append(headers, h)
		}
	}
	for _, value := range values {
		headers = append(headers, spec.Header{Name: name, Value: value})
	}
	r.Headers = headers
	return r
}

// changed is the delivery with something else that the row covers.
func (a *attack) changed(at string) (provider.Request, bool) {
	r := a.request
	kind, name, _ := strings.Cut(at, ":")
	switch kind {
	case provider.CoversBody:
		r.Body = append(slices.Clone(r.Body), ' ')
		if strings.Contains(a.scheme.Content, "{form-") || strings.Contains(a.scheme.Content, "{params-") {
			r.Body = append(slices.Clone(a.request.Body), "&forged=1"...)
		}
		return r, true
	case "method":
		r.Method += "X"
		return r, true
	case "url", "path":
		r.URL = strings.Replace(r.URL, "://", "://forged.", 1)
		return r, true
	case "query":
		r.URL += map[bool]string{false: "?", true: "&"}[strings.Contains(r.URL, "?")] + "forged=1"
		r.Query = ""
		return r, !strings.HasPrefix(a.scheme.Signature, "form:")
	case "header":
		value, n := r.Headers.Get(name)
		return a.withHeader(name, value+"1"), n == 1
	}
	return r, false
}

package explain

import (
	"errors"
	"slices"
	"time"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// Case is a delivery that a verifier refused.
type Case struct {
	Row     *provider.Provider
	Options provider.Options
	Request provider.Request
	Now     time.Time
	// Err is what the verifier said.
	Err error
	// Document is that of the provider's keys, where they are fetched.
	Document []byte
	// Others also tries the other rows of the catalogue.
	Others bool
	// Trials bounds how many signatures are computed, 0 for no bound. Each costs
	// a hash of the body.
	Trials int
}

// Cause is a likely reason for a refusal.
type Cause struct {
	// Name is one of a small closed set, for logs.
	Name string
	// Text is a sentence for whoever set the route up.
	Text string
	// Proven says that the delivery would pass but for this cause.
	Proven bool
}

// The names of causes.
const (
	HeaderMissing = "header_missing"
	HeaderDoubled = "header_doubled"
	Downgrade     = "weak_scheme"
	OtherProvider = "other_provider"
	OtherScheme   = "other_scheme"
	Clock         = "clock"
	TimeUnit      = "time_unit"
	KeyForm       = "key_form"
	KeyBlanks     = "key_blanks"
	KeyExpired    = "key_expired"
	OtherKey      = "other_key"
	Algorithm     = "algorithm"
	Encoding      = "encoding"
	BodyNewline   = "body_newline"
	BodyRewritten = "body_rewritten"
	BodyDecoded   = "body_decoded"
	BodyTruncated = "body_truncated"
	PublicURL     = "public_url"
	Malformed     = "malformed"
)

// Causes returns why c was refused: a proven cause alone, or what else speaks
// from the request, likeliest first. It is empty only where c was not refused.
func Causes(c Case) []Cause {
	e := &examiner{c: c, left: c.Trials}
	var seen []Cause
	switch {
	case c.Err == nil:
		return nil
	case errors.Is(c.Err, provider.ErrStale), errors.Is(c.Err, provider.ErrFuture):
		return []Cause{e.clock()}
	case errors.Is(c.Err, provider.ErrDowngrade):
		return []Cause{{Downgrade, "The delivery also carries the signature of a stronger scheme, and the settings name the weak one: use the strong one.", true}}
	case errors.Is(c.Err, provider.ErrRepeated):
		return []Cause{{HeaderDoubled, "A header that must stand alone is there more than once, or two families of headers are mixed: something between the provider and the edge adds headers.", true}}
	case errors.Is(c.Err, provider.ErrMissing):
		seen = e.missing()
	}
	if proven, ok := e.prove(); ok {
		return []Cause{proven}
	}
	seen = append(seen, e.truncated()...)
	if cause, ok := e.length(); ok {
		seen = append(seen, cause)
	} else if errors.Is(c.Err, provider.ErrMalformed) {
		seen = append(seen, Cause{Malformed, "The signature or the signed time is not written as " + c.Row.Title + " writes it.", false})
	}
	s, _ := c.Row.Scheme(c.Options.Scheme)
	if errors.Is(c.Err, provider.ErrMismatch) && s.ShowsSecret() {
		seen = append(seen, Cause{OtherKey, "The delivery shows another secret than the configured one: a previous one, or that of another endpoint.", false})
	} else if errors.Is(c.Err, provider.ErrMismatch) {
		seen = append(seen, Cause{OtherKey, "Nothing else that was tried makes the signature right. Most likely it was made with another secret: a previous one, that of another endpoint, or that of test mode.", false})
	}
	if errors.Is(c.Err, provider.ErrMismatch) && s.SignsURL() {
		seen = append(seen, Cause{PublicURL, "The scheme signs the URL that the provider called: if the secret is right, a proxy in front changes host, scheme, port, path or query. Set public_url to the URL that the provider calls, or, with public_hosts, let Kong trust the proxy's forwarded headers.", false})
	}
	if len(seen) == 0 {
		seen = append(seen, Cause{Malformed, "The delivery is not what " + c.Row.Title + " sends.", false})
	}
	return seen
}

// examiner tries changes of a case.
type examiner struct {
	c    Case
	left int // trials, where c.Trials bounds them
}

// attempt is a changed case.
type attempt struct {
	scheme  spec.Scheme
	options provider.Options
	request provider.Request
}

// trial is one mistake. Its change reports false where it does not apply.
type trial struct {
	name, text string
	change     func(*attempt) bool
}

// prove returns the first cause whose change makes the delivery pass.
func (e *examiner) prove() (Cause, bool) {
	s, ok := e.c.Row.Scheme(e.c.Options.Scheme)
	if !ok {
		return Cause{}, false
	}
	for _, trials := range []func(*spec.Scheme) []trial{keyTrials, e.bodyTrials, e.urlTrials, e.formTrials, e.schemeTrials} {
		for _, t := range trials(&s) {
			if e.holds(e.c.Row, s, t.change) {
				return Cause{t.name, t.text, true}, true
			}
			if e.c.Trials > 0 && e.left <= 0 {
				return Cause{}, false
			}
		}
	}
	if e.c.Others {
		return e.otherProvider()
	}
	return Cause{}, false
}

// holds reports whether the case passes for a row with only the changed scheme;
// a time that is off does not matter, since the signature is right then.
func (e *examiner) holds(row *provider.Provider, s spec.Scheme, change func(*attempt) bool) bool {
	a := attempt{scheme: s, options: e.c.Options, request: e.c.Request}
	a.options.Scheme = s.Name
	a.options.Secrets = slices.Clone(e.c.Options.Secrets)
	if change != nil && !change(&a) {
		return false
	}
	e.left--
	changed := *row
	changed.Schemes = []spec.Scheme{a.scheme}
	v, err := changed.Verifier(a.options)
	if err != nil {
		return false
	}
	_, err = v.VerifyWith(a.request, e.c.Now, e.c.Document)
	return err == nil || errors.Is(err, provider.ErrStale) || errors.Is(err, provider.ErrFuture)
}

package explain

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"webhookedge/plugins/provider"
)

// formTrials are mistakes with the form of the signature and its time.
func formTrials(s *provider.Scheme) []trial {
	var trials []trial
	if isHMAC(s) {
		for _, h := range []provider.Hash{provider.SHA1, provider.SHA256, provider.SHA384, provider.SHA512} {
			if h != s.Hash {
				trials = append(trials, trial{
					Algorithm, fmt.Sprintf("The signature is made with %s, and %s uses %s.", h, s.Name, s.Hash),
					func(a *attempt) bool { a.scheme.Hash = h; return true },
				})
			}
		}
	}
	for _, e := range []provider.Encoding{provider.Hex, provider.Base64} {
		if e != s.Encoding && (s.Encoding == provider.Hex || s.Encoding == provider.Base64) {
			trials = append(trials, trial{
				Encoding, fmt.Sprintf("The signature is written in %s, and %s is expected.", e, s.Encoding),
				func(a *attempt) bool { a.scheme.Encoding = e; return true },
			})
		}
	}
	if s.Mark != "" && s.Layout == provider.Single {
		trials = append(trials, trial{
			Encoding, "The signature lacks the text in front of it, " + strings.TrimSpace(s.Mark) + ".",
			func(a *attempt) bool { a.scheme.Mark = ""; return true },
		})
	}
	for unit, text := range map[provider.Unit]string{
		provider.Milliseconds: "The signed time is in milliseconds, and %s signs seconds.",
		provider.Seconds:      "The signed time is in seconds, and %s signs milliseconds.",
	} {
		if s.TimeUnit != "" && s.TimeUnit != unit && s.TimeUnit != provider.RFC3339 {
			trials = append(trials, trial{
				TimeUnit, fmt.Sprintf(text, s.Name),
				func(a *attempt) bool { a.scheme.TimeUnit = unit; return true },
			})
		}
	}
	return trials
}

// schemeTrials are the row's other schemes.
func (e *examiner) schemeTrials(s *provider.Scheme) []trial {
	var trials []trial
	for _, other := range e.c.Row.Schemes {
		if other.Name != s.Name {
			trials = append(trials, trial{
				OtherScheme, fmt.Sprintf("The delivery is signed by the scheme %s, and %s is configured.", other.Name, s.Name),
				func(a *attempt) bool { a.scheme, a.options.Scheme = other, other.Name; return true },
			})
		}
	}
	return trials
}

// otherProvider tries the same secrets with every other row whose signature
// header is there.
func (e *examiner) otherProvider() (Cause, bool) {
	for _, row := range e.candidates() {
		for _, s := range row.Schemes {
			if e.holds(row, s, nil) {
				return Cause{OtherProvider, "The delivery is signed as " + row.Title + " signs (" + row.Name + "), and " + e.c.Row.Name + " is configured.", true}, true
			}
		}
	}
	return Cause{}, false
}

// clock tells how far the signed time is off.
func (e *examiner) clock() Cause {
	v, err := e.c.Row.Verifier(e.c.Options)
	if err != nil {
		return Cause{Clock, "The signed time is not within the tolerance.", true}
	}
	// The signature is right at any time, so the signed one is found by halving.
	low, high := e.c.Now.AddDate(-200, 0, 0), e.c.Now.AddDate(200, 0, 0)
	for range 64 {
		middle := low.Add(high.Sub(low) / 2)
		proof, err := v.VerifyWith(e.c.Request, middle, e.c.Document)
		switch {
		case err == nil:
			return off(proof.Timestamp, e.c.Now)
		case errors.Is(err, provider.ErrStale):
			high = middle
		case errors.Is(err, provider.ErrFuture):
			low = middle
		default:
			return Cause{Clock, "The signed time is not within the tolerance.", true}
		}
	}
	return Cause{Clock, "The signed time is not within the tolerance.", true}
}

func off(signed, now time.Time) Cause {
	d := now.Sub(signed).Round(time.Second)
	const year = 365 * 24 * time.Hour
	switch {
	case d > 20*year || d < -20*year:
		return Cause{TimeUnit, "The signature is right, and its time is decades off: it is in another unit, seconds for milliseconds or the other way round.", true}
	case d > 0:
		return Cause{Clock, fmt.Sprintf("The signature is right, and its time is %d seconds in the past: the delivery is a late or replayed one, or the clock here is ahead.", int64(d.Seconds())), true}
	}
	return Cause{Clock, fmt.Sprintf("The signature is right, and its time is %d seconds in the future: the clock here is behind, or the sender's ahead.", int64(-d.Seconds())), true}
}

// missing tells what is not there, and whose headers are.
func (e *examiner) missing() []Cause {
	s, ok := e.c.Row.Scheme(e.c.Options.Scheme)
	if !ok {
		return nil
	}
	name := s.Signature
	var others []string
	for _, row := range e.candidates() {
		others = append(others, row.Name)
	}
	if len(others) > 0 && len(others) <= 5 {
		return []Cause{{OtherProvider, "There is no " + name + ", and the headers look like a delivery of " + strings.Join(others, ", ") + ".", false}}
	}
	return []Cause{{HeaderMissing, "There is no usable " + name + ": the sender has no secret configured, or something on the way takes the header off.", false}}
}

// candidates are the other rows whose signature stands in the delivery.
func (e *examiner) candidates() []*provider.Provider {
	if !e.c.Others {
		return nil
	}
	var rows []*provider.Provider
	for _, row := range provider.Catalogue() {
		if row.Name != e.c.Row.Name && slices.ContainsFunc(row.Schemes, func(s provider.Scheme) bool {
			name := signatureHeader(&s)
			if name == "" || name == "authorization" {
				return false // says nothing of the sender
			}
			_, n := e.c.Request.Headers.Get(name)
			return n > 0
		}) {
			rows = append(rows, row)
		}
	}
	return rows
}

// signatureHeader is the header of the signature, "" where it stands elsewhere.
func signatureHeader(s *provider.Scheme) string {
	names := s.SignatureHeaders()
	switch {
	case len(names) == 0:
		return ""
	case s.Layout == provider.Numbered:
		return names[0] + "-1"
	}
	return names[0]
}

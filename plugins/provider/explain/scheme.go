package explain

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
)

// formTrials are mistakes with the form of the signature and its time.
func (e *examiner) formTrials(s *spec.Scheme) []trial {
	title := e.c.Row.Title
	var trials []trial
	if isHMAC(s) {
		for _, h := range []spec.Hash{spec.SHA1, spec.SHA256, spec.SHA384, spec.SHA512} {
			if h != s.Hash {
				trials = append(trials, trial{
					Algorithm, fmt.Sprintf("The signature is made with %s, and %s uses %s.", h, title, s.Hash),
					func(a *attempt) bool { a.scheme.Hash = h; return true },
				})
			}
		}
		trials = append(trials, trial{
			Algorithm, fmt.Sprintf("The signature is a plain %s of the secret and the text, and %s uses an HMAC.", s.Hash, title),
			func(a *attempt) bool {
				a.scheme.Kind, a.scheme.Content = spec.Digest, "{key}"+a.scheme.Content
				return a.scheme.Key == spec.KeyText && a.scheme.KeyDerive == "" && !strings.Contains(s.Content, "{key}")
			},
		})
	}
	trials = append(trials, encodingTrials(s, title)...)
	if s.Mark != "" && s.Layout == spec.Single {
		trials = append(trials, trial{
			Encoding, "The signature lacks the text in front of it, " + strings.TrimSpace(s.Mark) + ".",
			func(a *attempt) bool { a.scheme.Mark = ""; return true },
		})
	}
	for unit, text := range map[spec.Unit]string{
		spec.Milliseconds: "The signed time is in milliseconds, and %s signs seconds.",
		spec.Seconds:      "The signed time is in seconds, and %s signs milliseconds.",
	} {
		if s.TimeUnit.IsNumber() && s.TimeUnit != unit {
			trials = append(trials, trial{
				TimeUnit, fmt.Sprintf(text, title),
				func(a *attempt) bool { a.scheme.TimeUnit = unit; return true },
			})
		}
	}
	return trials
}

// encodingTrials are other spellings of the same bytes.
func encodingTrials(s *spec.Scheme, title string) []trial {
	names := map[spec.Encoding]string{
		spec.Hex: "hex", spec.HexUpper: "hex in upper case", spec.HexAny: "hex in mixed case", spec.Base64: "base64",
		spec.Base64Raw: "base64 without padding", spec.Base64URL: "base64url", spec.Base64URLRaw: "base64url without padding",
	}
	var trials []trial
	for _, name := range spec.Encoding("").Enum() {
		if e := spec.Encoding(name); e != s.Encoding && s.Encoding != "" {
			trials = append(trials, trial{
				Encoding, fmt.Sprintf("The signature is written in %s, and %s is expected.", names[e], names[s.Encoding]),
				func(a *attempt) bool { a.scheme.Encoding = e; return true },
			})
		}
	}
	if s.Layout != spec.Single && s.Layout != "" {
		return trials
	}
	for _, mark := range []string{"sha256=", "sha1=", "sha512=", "v1=", "v0=", "v1,"} {
		if mark != s.Mark {
			trials = append(trials, trial{
				Encoding, fmt.Sprintf("The signature has %s in front of it, which %s does not write.", mark, title),
				func(a *attempt) bool { a.scheme.Mark = mark; return strings.HasPrefix(signatureText(a), mark) },
			})
		}
	}
	return trials
}

// length tells of a signature that is as long as that of another hash.
func (e *examiner) length() (Cause, bool) {
	s, ok := e.c.Row.Scheme(e.c.Options.Scheme)
	if !ok || !isHMAC(&s) {
		return Cause{}, false
	}
	text := signatureText(&attempt{scheme: s, request: e.c.Request})
	if i := strings.LastIndexAny(text, "=, "); i >= 0 && i < len(text)-3 {
		text = text[i+1:]
	}
	raw, err := hex.DecodeString(text)
	if err != nil {
		raw, err = base64.StdEncoding.DecodeString(text)
	}
	sizes := map[int]string{16: "md5", 20: "sha1", 32: "sha256", 48: "sha384", 64: "sha512"}
	found := sizes[len(raw)]
	if err != nil || found == "" || found == string(s.Hash) {
		return Cause{}, false
	}
	return Cause{Algorithm, fmt.Sprintf("The signature is as long as one by %s, and %s uses %s.", found, e.c.Row.Title, s.Hash), false}, true
}

// signatureText is what stands in the signature's header, "" where it is elsewhere.
func signatureText(a *attempt) string {
	text, _ := a.request.Headers.Get(signatureHeader(&a.scheme))
	return text
}

// schemeTrials are the row's other schemes.
func (e *examiner) schemeTrials(s *spec.Scheme) []trial {
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
	unknown := Cause{Clock, "The signed time is not within the tolerance.", true}
	v, err := e.c.Row.Verifier(e.c.Options)
	if err != nil {
		return unknown
	}
	// The signature is right at any time, so the signed one is found by halving.
	low, high := e.c.Now.AddDate(-200, 0, 0), e.c.Now.AddDate(200, 0, 0)
	for range 64 {
		middle := low.Add(high.Sub(low) / 2)
		proof, err := v.VerifyWith(e.c.Request, middle, e.c.Document)
		switch {
		case err == nil && proof.Timestamp.IsZero():
			return e.validity(v, middle)
		case err == nil:
			return off(proof.Timestamp, e.c.Now)
		case errors.Is(err, provider.ErrStale):
			high = middle
		case errors.Is(err, provider.ErrFuture):
			low = middle
		default:
			return unknown
		}
	}
	return unknown
}

// validity tells how long ago a token expired, or how far ahead it begins, that was good
// at some time: the border is found by halving, and lies a leeway behind the claim.
func (e *examiner) validity(v *provider.Verifier, good time.Time) Cause {
	s := v.Scheme()
	bad := e.c.Now
	for good.Sub(bad).Abs() > 100*time.Millisecond {
		middle := good.Add(bad.Sub(good) / 2)
		if _, err := v.VerifyWith(e.c.Request, middle, e.c.Document); err == nil {
			good = middle
		} else {
			bad = middle
		}
	}
	if d := e.c.Now.Sub(bad); d >= 0 {
		d = (d + s.JWT.Leeway()).Round(time.Second)
		return Cause{Clock, fmt.Sprintf("The signature is right, and the token expired %d seconds ago: the delivery is a late or replayed one, or the clock here is ahead.", int64(d.Seconds())), true}
	}
	d := (bad.Sub(e.c.Now) + s.JWT.Leeway()).Round(time.Second)
	return Cause{Clock, fmt.Sprintf("The signature is right, and the token is not valid for another %d seconds: the clock here is behind, or the sender's ahead.", int64(d.Seconds())), true}
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
	if beside := e.besideSignature(&s); beside != "" {
		return []Cause{{HeaderMissing, "The signature is there, and what is signed beside it is not: " + beside + ".", false}}
	}
	var others []string
	for _, row := range e.candidates() {
		others = append(others, row.Name)
	}
	if len(others) > 0 && len(others) <= 5 {
		return []Cause{{OtherProvider, "There is no " + name + ", and the headers look like a delivery of " + strings.Join(others, ", ") + ".", false}}
	}
	return []Cause{{HeaderMissing, "There is no usable " + name + ": the sender has no secret configured, or something on the way takes the header off.", false}}
}

// besideSignature names what a delivery with a signature lacks, "" for nothing that
// can be told.
func (e *examiner) besideSignature(s *spec.Scheme) string {
	if signatureText(&attempt{scheme: *s, request: e.c.Request}) == "" {
		return ""
	}
	places := []string{s.Timestamp, s.ID}
	for _, x := range s.Expect {
		places = append(places, x.At)
	}
	var lacking []string
	for _, at := range places {
		name, isHeader := strings.CutPrefix(at, "header:")
		if _, n := e.c.Request.Headers.Get(name); isHeader && n == 0 || strings.HasPrefix(at, "json:") || strings.HasPrefix(at, "form:") {
			lacking = append(lacking, at)
		}
	}
	return strings.Join(lacking, ", ")
}

// candidates are the other rows whose signature stands in the delivery.
func (e *examiner) candidates() []*provider.Provider {
	if !e.c.Others {
		return nil
	}
	var rows []*provider.Provider
	for _, row := range catalogue.All() {
		if row.Name != e.c.Row.Name && slices.ContainsFunc(row.Schemes, func(s spec.Scheme) bool {
			name := signatureHeader(&s)
			if name == "" || name == "authorization" {
				return false // says nothing of the sender
			}
			text, n := e.c.Request.Headers.Get(name)
			return n > 0 && text != ""
		}) {
			rows = append(rows, row)
		}
	}
	return rows
}

// signatureHeader is the header of the signature, "" where it stands elsewhere.
func signatureHeader(s *spec.Scheme) string {
	names := s.SignatureHeaders()
	switch {
	case len(names) == 0:
		return ""
	case s.Layout == spec.Numbered:
		return names[0] + "-1"
	}
	return names[0]
}

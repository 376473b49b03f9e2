package provider_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/provider"
)

// change makes a signed delivery into one that must be refused with one of
// want. It returns false where the scheme has nothing of the kind.
type change struct {
	apply func(r provider.Request, s provider.Scheme) (provider.Request, bool)
	want  []error
}

func changes() map[string]change {
	all := bodyChanges()
	maps.Copy(all, headerChanges())
	maps.Copy(all, spellings())
	return all
}

type application = func(provider.Request, provider.Scheme) (provider.Request, bool)

func body(f func(body []byte) []byte) application {
	return func(r provider.Request, _ provider.Scheme) (provider.Request, bool) {
		r.Body = f(bytes.Clone(r.Body))
		return r, true
	}
}

func header(f func(value string, s provider.Scheme) []string) application {
	return func(r provider.Request, s provider.Scheme) (provider.Request, bool) {
		return with(r, s.Header, func(value string) []string { return f(value, s) }), true
	}
}

func one(value string) []string { return []string{value} }

func bodyChanges() map[string]change {
	mismatch := []error{provider.ErrMismatch}
	return map[string]change{
		"a flipped bit of the body":   {body(func(b []byte) []byte { b[len(b)/2] ^= 1; return b }), mismatch},
		"a body cut short":            {body(func(b []byte) []byte { return b[:len(b)-1] }), mismatch},
		"a body with a line end more": {body(func(b []byte) []byte { return append(b, '\n') }), mismatch},
		"an empty body":               {body(func([]byte) []byte { return nil }), mismatch},
	}
}

func headerChanges() map[string]change {
	mismatch, malformed := []error{provider.ErrMismatch}, []error{provider.ErrMalformed}
	return map[string]change{
		"no signature header":        {header(func(string, provider.Scheme) []string { return nil }), []error{provider.ErrMissing}},
		"an empty signature header":  {header(func(string, provider.Scheme) []string { return one("") }), []error{provider.ErrMissing}},
		"the signature header twice": {header(func(v string, _ provider.Scheme) []string { return []string{v, v} }), []error{provider.ErrRepeated}},
		"a wrong one before the right": {header(func(v string, _ provider.Scheme) []string { return []string{"x", v} }),
			[]error{provider.ErrRepeated}},
		"both headers joined by a comma": {header(func(v string, _ provider.Scheme) []string { return one(v + ", " + v) }),
			[]error{provider.ErrMalformed, provider.ErrRepeated}},
		"a signature cut short": {header(func(v string, _ provider.Scheme) []string { return one(v[:len(v)-1]) }), malformed},
		"a signature of two digits less": {header(func(v string, s provider.Scheme) []string {
			return one(respell(v, s, func(sum []byte) []byte { return sum[:len(sum)-1] }))
		}), malformed},
		"a signature of one byte more": {header(func(v string, s provider.Scheme) []string {
			return one(respell(v, s, func(sum []byte) []byte { return append(sum, 0) }))
		}), malformed},
		"a flipped bit of the signature": {header(func(v string, s provider.Scheme) []string {
			return one(respell(v, s, func(sum []byte) []byte { sum[0] ^= 0x80; return sum }))
		}), mismatch},
		"a flipped last bit of the signature": {header(func(v string, s provider.Scheme) []string {
			return one(respell(v, s, func(sum []byte) []byte { sum[len(sum)-1] ^= 1; return sum }))
		}), mismatch},
	}
}

func spellings() map[string]change {
	malformed := []error{provider.ErrMalformed}
	return map[string]change{
		"a signature in upper-case hex": {func(r provider.Request, s provider.Scheme) (provider.Request, bool) {
			return with(r, s.Header, func(v string) []string {
				text := signature(v, s)
				return one(strings.Replace(v, text, strings.ToUpper(text), 1))
			}), s.Encoding == provider.Hex
		}, malformed},
		"a signature without its padding": {func(r provider.Request, s provider.Scheme) (provider.Request, bool) {
			return with(r, s.Header, func(v string) []string { return one(strings.TrimRight(v, "=")) }), s.Encoding == provider.Base64
		}, malformed},
		"a signature with a line end inside": {header(func(v string, _ provider.Scheme) []string {
			return one(v[:len(v)-2] + "\n" + v[len(v)-1:])
		}), malformed},
		"bytes that are not UTF-8":            {header(func(v string, _ provider.Scheme) []string { return one(v[:len(v)-2] + "\xff\xfe") }), malformed},
		"a blank before the signature":        {header(func(v string, _ provider.Scheme) []string { return one(" " + v) }), []error{provider.ErrMalformed, provider.ErrMissing}},
		"a signature header of 100,000 bytes": {header(func(v string, _ provider.Scheme) []string { return one(v + strings.Repeat("x", 100_000)) }), malformed},
		"more signatures than are looked at": {func(r provider.Request, s provider.Scheme) (provider.Request, bool) {
			separator := map[provider.Layout]string{provider.Pairs: ",", provider.Versions: " "}[s.Layout]
			return with(r, s.Header, func(v string) []string {
				mark := v[strings.LastIndex(v, s.Mark):]
				return one(v + strings.Repeat(separator+mark, 16))
			}), separator != ""
		}, malformed},
	}
}

// signature returns the encoded signature in a header of one signature.
func signature(header string, s provider.Scheme) string {
	if s.Layout == provider.Single {
		return strings.TrimPrefix(header, s.Mark)
	}
	// One character stands between the mark and the signature.
	return header[strings.LastIndex(header, s.Mark)+len(s.Mark)+1:]
}

// respell changes the bytes of the signature and encodes them well.
func respell(header string, s provider.Scheme, f func([]byte) []byte) string {
	text := signature(header, s)
	if s.Encoding == provider.Hex {
		sum, _ := hex.DecodeString(text)
		return strings.TrimSuffix(header, text) + hex.EncodeToString(f(sum))
	}
	sum, _ := base64.StdEncoding.DecodeString(text)
	return strings.TrimSuffix(header, text) + base64.StdEncoding.EncodeToString(f(sum))
}

func TestEverySchemeRefusesAChangedDelivery(t *testing.T) {
	cases(t, func(t *testing.T, p *provider.Provider, s provider.Scheme) {
		v := verifier(t, p, s, secret(s, 1))
		good := sign(t, p, s, at(), secret(s, 1))
		for name, c := range changes() {
			r, ok := c.apply(good, s)
			if !ok {
				continue
			}
			_, err := v.Verify(r, at())
			if !isOneOf(err, c.want) {
				t.Errorf("%s: got %v, want %v", name, err, c.want)
			}
			assertSilent(t, err, good, s)
		}
		if _, err := v.Verify(good, at()); err != nil {
			t.Errorf("the delivery itself: %v", err)
		}
	})
}

func isOneOf(err error, want []error) bool {
	for _, w := range want {
		if errors.Is(err, w) {
			return true
		}
	}
	return false
}

// assertSilent says that err tells nothing of the secret, signature or body.
func assertSilent(t *testing.T, err error, r provider.Request, s provider.Scheme) {
	t.Helper()
	if err == nil {
		return
	}
	value, _ := r.Headers.Get(s.Header)
	for _, private := range []string{"octo", signature(value, s)[:8]} {
		if strings.Contains(err.Error(), private) {
			t.Errorf("the error tells too much: %v", err)
		}
	}
}

func TestEverySchemeNeedsEachOfItsHeadersOnce(t *testing.T) {
	cases(t, func(t *testing.T, p *provider.Provider, s provider.Scheme) {
		v := verifier(t, p, s, secret(s, 1))
		good := sign(t, p, s, at(), secret(s, 1))
		for _, name := range parts(s) {
			for what, c := range map[string]struct {
				values func(string) []string
				want   error
			}{
				"removed":            {func(string) []string { return nil }, provider.ErrMissing},
				"emptied":            {func(string) []string { return []string{""} }, provider.ErrMissing},
				"doubled":            {func(v string) []string { return []string{v, v} }, provider.ErrRepeated},
				"with another value": {func(v string) []string { return []string{v, "1"} }, provider.ErrRepeated},
				"of great length":    {func(string) []string { return []string{strings.Repeat("1", 5000)} }, provider.ErrMalformed},
			} {
				if _, err := v.Verify(with(good, name, c.values), at()); !errors.Is(err, c.want) {
					t.Errorf("%s %s: got %v, want %v", name, what, err, c.want)
				}
			}
		}
	})
}

func TestEverySchemeTriesAllSecrets(t *testing.T) {
	cases(t, func(t *testing.T, p *provider.Provider, s provider.Scheme) {
		good := sign(t, p, s, at(), secret(s, 1))
		if _, err := verifier(t, p, s, secret(s, 2)).Verify(good, at()); !errors.Is(err, provider.ErrMismatch) {
			t.Errorf("another secret: %v", err)
		}
		named := secret(s, 1)
		named.ID = "old"
		for name, c := range map[string]struct {
			secrets []provider.Secret
			want    string
		}{
			"first":  {[]provider.Secret{secret(s, 1), secret(s, 2)}, "1"},
			"second": {[]provider.Secret{secret(s, 2), secret(s, 1)}, "2"},
			"named":  {[]provider.Secret{secret(s, 2), secret(s, 3), named}, "old"},
		} {
			proof, err := verifier(t, p, s, c.secrets...).Verify(good, at())
			if err != nil || proof.SecretID != c.want || proof.Scheme != s.Name {
				t.Errorf("%s: %+v, %v", name, proof, err)
			}
		}
		if _, err := p.Verifier(provider.Options{Scheme: s.Name, Secrets: []provider.Secret{{}}}); !errors.Is(err, provider.ErrKey) {
			t.Errorf("an empty secret: %v", err)
		}
	})
}

func TestEverySchemeHoldsItsTolerance(t *testing.T) {
	cases(t, func(t *testing.T, p *provider.Provider, s provider.Scheme) {
		v := verifier(t, p, s, secret(s, 1))
		good := sign(t, p, s, at(), secret(s, 1))
		forged := good
		forged.Body = []byte("{}")
		for name, c := range map[string]struct {
			now  time.Time
			want error
		}{
			"at once":                   {at(), nil},
			"edge of tolerance":         {at().Add(s.Tolerance), nil},
			"a moment late":             {at().Add(s.Tolerance + time.Nanosecond), provider.ErrStale},
			"edge of the future":        {at().Add(-s.Tolerance), nil},
			"a moment too early":        {at().Add(-s.Tolerance - time.Nanosecond), provider.ErrFuture},
			"years later":               {at().AddDate(30, 0, 0), provider.ErrStale},
			"further than durations go": {at().AddDate(400, 0, 0), provider.ErrStale},
		} {
			if s.Tolerance == 0 {
				c.want = nil
			}
			if _, err := v.Verify(good, c.now); !errors.Is(err, c.want) {
				t.Errorf("%s: got %v, want %v", name, err, c.want)
			}
			// Freshness is looked at only after the MAC.
			if _, err := v.Verify(forged, c.now); !errors.Is(err, provider.ErrMismatch) {
				t.Errorf("forged, %s: %v", name, err)
			}
		}
	})
}

func TestWeakSchemesYieldToStrongOnes(t *testing.T) {
	cases(t, func(t *testing.T, p *provider.Provider, s provider.Scheme) {
		if !s.Weak {
			return
		}
		strong := p.Schemes[0]
		v := verifier(t, p, s, secret(s, 1))
		r := sign(t, p, s, at(), secret(s, 1))
		for name, value := range map[string]string{"right": "", "wrong": "sha256=00", "empty": ""} {
			both := r
			both.Headers = append(list(r), provider.Header{Name: strong.Header, Value: value})
			if name == "right" {
				good, _ := sign(t, p, strong, at(), secret(strong, 1)).Headers.Get(strong.Header)
				both.Headers = append(list(r), provider.Header{Name: strong.Header, Value: good})
			}
			if _, err := v.Verify(both, at()); !errors.Is(err, provider.ErrDowngrade) {
				t.Errorf("%s strong signature beside: %v", name, err)
			}
		}
		if _, err := verifier(t, p, strong, secret(strong, 1)).Verify(r, at()); !errors.Is(err, provider.ErrMissing) {
			t.Errorf("the weak signature alone, by default: %v", err)
		}
	})
}

func TestListsAreSignedWithEverySecret(t *testing.T) {
	cases(t, func(t *testing.T, p *provider.Provider, s provider.Scheme) {
		r := sign(t, p, s, at(), secret(s, 2), secret(s, 1))
		for n := 1; n <= 2; n++ {
			_, err := verifier(t, p, s, secret(s, n)).Verify(r, at())
			if want := n == 2 || s.Layout != provider.Single; want != (err == nil) {
				t.Errorf("secret %d: %v", n, err)
			}
		}
	})
}

package provider_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

func TestScheme_takesWhatItsSenderSigns(t *testing.T) {
	cases(t, func(t *testing.T, c *scheme) {
		r := c.sign(t, at(), c.pair.Private)
		proof, err := c.verify(c.verifier(t), r, at())
		if err != nil {
			t.Fatal(err)
		}
		if proof.Scheme != c.s.Name || proof.SecretID == "" {
			t.Errorf("proof %+v", proof)
		}
	})
}

func TestScheme_takesTheSecondSecret(t *testing.T) {
	cases(t, func(t *testing.T, c *scheme) {
		other := pair(t, c.row, c.s, "2")
		if c.s.Remote != nil {
			return // its keys come from the provider
		}
		v := c.verifier(t, other.Public, c.pair.Public)
		proof, err := c.verify(v, c.sign(t, at(), c.pair.Private), at())
		if err != nil || proof.SecretID != "2" {
			t.Errorf("signed with the second: %+v, %v", proof, err)
		}
		if _, err := c.verify(v, c.sign(t, at(), pair(t, c.row, c.s, "3").Private), at()); !errors.Is(err, provider.ErrMismatch) {
			t.Errorf("signed with a third: %v", err)
		}
	})
}

// TestScheme_refusesASpoiledSignature removes, doubles, cuts and changes
// what stands at the signature's place, where that is a header.
func TestScheme_refusesASpoiledSignature(t *testing.T) {
	changes := map[string]func(value string) []string{
		"removed":                func(string) []string { return nil },
		"empty":                  func(string) []string { return []string{""} },
		"twice":                  func(v string) []string { return []string{v, v} },
		"a wrong one first":      func(v string) []string { return []string{"x", v} },
		"cut short":              func(v string) []string { return []string{v[:len(v)-1]} },
		"a character more":       func(v string) []string { return []string{v + "0"} },
		"a blank in front":       func(v string) []string { return []string{" " + v} },
		"a blank behind":         func(v string) []string { return []string{v + " "} },
		"a line end inside":      func(v string) []string { return []string{v[:len(v)-2] + "\n" + v[len(v)-2:]} },
		"bytes that are no text": func(v string) []string { return []string{v[:len(v)-2] + "\xff\xfe"} },
		"100,000 bytes":          func(v string) []string { return []string{v + strings.Repeat("x", 100_000)} },
	}
	cases(t, func(t *testing.T, c *scheme) {
		good := c.sign(t, at(), c.pair.Private)
		v := c.verifier(t)
		names := c.s.SignatureHeaders()
		if len(names) == 0 {
			return // its suite is that of the mutations
		}
		if c.s.Layout == spec.Numbered {
			names[0] += "-1"
		}
		for what, change := range changes {
			if c.s.Lines && what == "a wrong one first" {
				continue // one candidate of several, see candidates_test.go
			}
			r := good
			r.Headers = changed(good, names[0], change)
			proof, err := c.verify(v, r, at())
			if err == nil {
				t.Errorf("%s: passed with %+v", what, proof)
			}
			assertSilent(t, err, c, good)
		}
	})
}

func changed(r provider.Request, name string, change func(string) []string) provider.HeaderList {
	var headers provider.HeaderList
	for _, h := range list(r) {
		if h.Name != name {
			headers = append(headers, h)
			continue
		}
		for _, value := range change(h.Value) {
			headers = append(headers, spec.Header{Name: name, Value: value})
		}
	}
	return headers
}

// assertSilent keeps secrets, signatures and bodies out of errors.
func assertSilent(t *testing.T, err error, c *scheme, r provider.Request) {
	t.Helper()
	text := fmt.Sprint(err)
	for _, name := range c.s.SignatureHeaders() {
		if value, n := r.Headers.Get(name); n == 1 && strings.Contains(text, value) {
			t.Errorf("the error holds the signature: %s", text)
		}
	}
	if strings.Contains(text, c.pair.Public) || len(r.Body) > 20 && strings.Contains(text, string(r.Body[:20])) {
		t.Errorf("the error holds a secret or the body: %s", text)
	}
}

func TestScheme_hasATolerance(t *testing.T) {
	cases(t, func(t *testing.T, c *scheme) {
		if c.s.ToleranceSeconds == 0 {
			return
		}
		v := c.verifier(t)
		r := c.sign(t, at(), c.pair.Private)
		edge := c.s.Tolerance()
		for name, tc := range map[string]struct {
			now  time.Time
			want error
		}{
			"the edge of the tolerance": {at().Add(edge), nil},
			"a second late":             {at().Add(edge + time.Second), provider.ErrStale},
			"the edge before":           {at().Add(-c.s.Ahead()), nil},
			"a second early":            {at().Add(-c.s.Ahead() - time.Second), provider.ErrFuture},
		} {
			if _, err := c.verify(v, r, tc.now); !errors.Is(err, tc.want) {
				t.Errorf("%s: got %v, want %v", name, err, tc.want)
			}
		}
	})
}

func TestScheme_forgedStaleDeliveryIsAMismatch(t *testing.T) {
	cases(t, func(t *testing.T, c *scheme) {
		if c.s.ToleranceSeconds == 0 || c.s.Remote != nil {
			return
		}
		r := c.sign(t, at().Add(-48*time.Hour), pair(t, c.row, c.s, "2").Private)
		if _, err := c.verify(c.verifier(t), r, at()); !errors.Is(err, provider.ErrMismatch) {
			t.Errorf("got %v", err)
		}
	})
}

// TestVerify_takesLittleMemory guards what BenchmarkVerify shows: schemes that
// sign the body as it came allocate next to nothing, those that read fields of it
// some more.
func TestVerify_takesLittleMemory(t *testing.T) {
	if raceDetector {
		return // it allocates, too
	}
	cases(t, func(t *testing.T, c *scheme) {
		most := 12.0
		if !strings.Contains(c.s.Content+c.s.FormContent, "{body") {
			most = 24 // the digest of the content reads its fields once more
		}
		switch {
		case c.s.Kind != spec.HMAC && c.s.Kind != "":
			return // the primitives take what they take
		case strings.Contains(c.s.Content, "{plivo:"):
			most = 48 // fields of the query and of the body, sorted, for the signature and for the digest
		case c.s.Each != "":
			most = 60
		case strings.Contains(c.s.Content, "{query-sorted}"):
			most = 16
		case !strings.HasPrefix(c.s.Signature, "header:"): // a query or a form is read for it
		case c.s.Content == "{body}" || strings.Contains(c.s.Content, "{timestamp}") && strings.Contains(c.s.Content, "{body}") && !strings.Contains(c.s.Content, "listed"):
			most = 5
			if strings.HasPrefix(c.s.Timestamp, "json:") {
				most = 6
			}
		}
		if len(c.row.Identity.Volatile) > 0 {
			most += 3 // what changes from try to try is cut out of what is hashed
		}
		v, r := c.verifier(t), c.sign(t, at(), c.pair.Private)
		if got := testing.AllocsPerRun(100, func() { _, _ = c.verify(v, r, at()) }); got > most {
			t.Errorf("%.0f allocations, at most %.0f", got, most)
		}
	})
}

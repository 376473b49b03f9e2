package explain

import (
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
)

func causeTime() time.Time { return time.Unix(1_750_000_000, 0) }

// delivered is a delivery of a row's first sample, and the options that take it.
func delivered(t testing.TB, row *provider.Provider) (Case, string) {
	t.Helper()
	pair, err := row.NewKeyPair("")
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]string{}
	for _, s := range row.Settings {
		if s.Default == "" {
			settings[s.Name] = s.Example
		}
	}
	event := catalogue.SampleEvents(row)[0]
	body, contentType, _ := catalogue.Sample(row, event)
	signer, err := row.Signer(provider.Options{Secrets: []provider.Secret{{Value: pair.Private}}, Settings: settings})
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(provider.Unsigned{
		URL: "https://hooks.octo-corp.example/in", Body: body, ContentType: contentType, Event: event, ID: "msg_0b989ba4", At: causeTime(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return Case{
		Row: row, Now: causeTime(),
		Options: provider.Options{Secrets: []provider.Secret{{Value: pair.Public}}, Settings: settings},
		Request: provider.Request{Method: signed.Method, URL: signed.URL, Headers: signed.Headers, Body: signed.Body},
	}, pair.Public
}

func disprove(t testing.TB, r Case) Case {
	t.Helper()
	v, err := r.Row.Verifier(r.Options)
	if err != nil {
		t.Fatal(err)
	}
	_, r.Err = v.Verify(r.Request, r.Now)
	return r
}

func spoilings() map[string]func(*Case) {
	return map[string]func(*Case){
		"a line end behind the body": func(r *Case) { r.Request.Body = append([]byte(nil), append(r.Request.Body, '\n')...) },
		"half of the body":           func(r *Case) { r.Request.Body = r.Request.Body[:len(r.Request.Body)/2] },
		"an hour late":               func(r *Case) { r.Now = r.Now.Add(time.Hour) },
		"another URL":                func(r *Case) { r.Request.URL = strings.Replace(r.Request.URL, "https://", "http://", 1) },
		"headers twice": func(r *Case) {
			list := r.Request.Headers.(provider.HeaderList)
			r.Request.Headers = append(append(provider.HeaderList{}, list...), list...)
		},
	}
}

func TestFinder_showsNothingOfADelivery(t *testing.T) {
	found := map[string]bool{}
	for _, row := range catalogue.All() {
		if row.Schemes[0].Remote != nil { // its proof needs a document, and its causes are the same
			continue
		}
		r, secret := delivered(t, row)
		for name, spoil := range spoilings() {
			spoiled := r
			spoil(&spoiled)
			if spoiled = disprove(t, spoiled); spoiled.Err == nil {
				continue // nothing of it is signed
			}
			text := NewFinder(causeTime).Cause(spoiled)
			if text != "" {
				found[name] = true
			}
			hidden := []string{secret, string(r.Request.Body)}
			for _, h := range r.Request.Headers.(provider.HeaderList) {
				hidden = append(hidden, h.Value)
			}
			hidden = append(hidden, strings.FieldsFunc(string(r.Request.Body), func(c rune) bool { return strings.ContainsRune("\"{}[],:&= \n", c) })...)
			for _, part := range hidden {
				if len(part) >= 12 && strings.Contains(text, part) {
					t.Errorf("%s, %s: the cause shows %q: %s", row.Name, name, part, text)
				}
			}
		}
	}
	for name := range spoilings() {
		if !found[name] {
			t.Errorf("no cause was ever found of %s", name)
		}
	}
}

func TestFinder_findsNoCauseOfAForgery(t *testing.T) {
	row, _ := catalogue.Lookup("github")
	r, _ := delivered(t, row)
	r.Options.Secrets[0].Value = "another-secret-of-somebody"
	if text := NewFinder(causeTime).Cause(disprove(t, r)); text != "" {
		t.Errorf("got %q", text)
	}
}

func TestFinder_examinesFewRefusalsAMinute(t *testing.T) {
	row, _ := catalogue.Lookup("github")
	r, _ := delivered(t, row)
	spoilings()["a line end behind the body"](&r)
	r = disprove(t, r)
	now := causeTime()
	f := NewFinder(func() time.Time { return now })
	examined := func() (n int) {
		for range 3 * maxExamined {
			if f.Cause(r) != "" {
				n++
			}
		}
		return n
	}
	if n := examined(); n != maxExamined {
		t.Errorf("%d in a minute, want %d", n, maxExamined)
	}
	now = now.Add(59 * time.Second)
	if n := examined(); n != 0 {
		t.Errorf("%d more in the same minute", n)
	}
	now = now.Add(time.Second)
	if n := examined(); n != maxExamined {
		t.Errorf("%d in the next minute", n)
	}
	now = now.Add(-time.Hour) // a clock that was set
	if n := examined(); n != maxExamined {
		t.Errorf("%d after the clock went back", n)
	}
	r.Request.Body = make([]byte, maxExaminedBody+1)
	now = now.Add(time.Hour)
	if n := examined(); n != 0 {
		t.Errorf("%d bodies over the limit were examined", n)
	}
}

// BenchmarkFinder is what one examination costs at most: a forged delivery with the
// largest body that is looked at, for the kinds of schemes that differ.
func BenchmarkFinder(b *testing.B) {
	for _, name := range []string{"github", "twilio", "telnyx", "svix", "wise"} {
		row, ok := catalogue.Lookup(name)
		if !ok {
			b.Fatalf("no row %s", name)
		}
		r, _ := delivered(b, row)
		r.Request.Body = []byte(`{"x":["` + strings.Repeat(`é","a b`, maxExaminedBody/10) + `"]}`)
		r = disprove(b, r)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				NewFinder(causeTime).Cause(r)
			}
		})
	}
}

package infer_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/infer"
	"webhookedge/plugins/provider/spec"
)

// at is when the deliveries of the suites are signed.
func at() time.Time { return time.Date(2025, 6, 12, 10, 0, 0, 0, time.UTC) }

// sender signs as a row of the catalogue does.
type sender struct {
	row    *provider.Provider
	scheme spec.Scheme
	secret string
	signer *provider.Signer
}

func newSender(t *testing.T, row *provider.Provider, scheme spec.Scheme) *sender {
	t.Helper()
	pair, err := row.NewKeyPair(scheme.Name)
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]string{}
	for _, s := range row.Settings {
		if s.Default == "" {
			settings[s.Name] = s.Example
		}
	}
	signer, err := row.Signer(provider.Options{Scheme: scheme.Name, Settings: settings, Secrets: []provider.Secret{{Value: pair.Private}}})
	if err != nil {
		t.Fatal(err)
	}
	return &sender{row, scheme, pair.Public, signer}
}

// delivery signs the row's first sample with a body, changed by change.
func (s *sender) delivery(t *testing.T, id string, when time.Time, change func([]byte) []byte) provider.Request {
	t.Helper()
	var body []byte
	var event, contentType string
	for _, event = range catalogue.SampleEvents(s.row) {
		if body, contentType, _ = catalogue.Sample(s.row, event); len(body) > 0 {
			break
		}
	}
	d, err := s.signer.Sign(provider.Unsigned{
		URL: "https://hooks.octo-corp.example/in", Body: change(body), ContentType: contentType, Event: event, ID: id, At: when,
	})
	if err != nil {
		t.Fatal(err)
	}
	return provider.Request{Method: d.Method, URL: d.URL, Headers: d.Headers, Body: d.Body}
}

func same(body []byte) []byte { return body }

// other is another body of the same form.
func other(body []byte) []byte {
	text := string(body)
	if i := strings.LastIndexAny(text, "}]"); i > 0 && text[i] == '}' {
		return []byte(text[:i] + `,"another":"1"` + text[i:])
	}
	if strings.Contains(text, "=") && !strings.HasPrefix(strings.TrimSpace(text), "{") {
		return []byte(text + "&another=1")
	}
	return []byte(text + " ")
}

// symmetric calls f for every scheme of the catalogue whose key is shared.
func symmetric(t *testing.T, f func(t *testing.T, s *sender)) (n int) {
	t.Helper()
	for _, row := range catalogue.All() {
		for _, scheme := range row.Schemes {
			if scheme.SharesKey() {
				n++
				t.Run(row.Name+"/"+scheme.Name, func(t *testing.T) { f(t, newSender(t, row, scheme)) })
			}
		}
	}
	return n
}

// verifies reports whether the row of a reading takes a delivery.
func verifies(t *testing.T, x *infer.Reading, secret string, r provider.Request, now time.Time) error {
	t.Helper()
	row, err := x.Row.Row()
	if err != nil {
		t.Fatalf("a row that is told does not compile: %v", err)
	}
	if x.Secret != "" {
		secret = x.Secret
	}
	v, err := row.Verifier(provider.Options{Scheme: x.Row.Schemes[0].Name, Secrets: []provider.Secret{{Value: secret}}})
	if err != nil {
		t.Fatalf("a row that is told does not take its secret: %v", err)
	}
	_, err = v.Verify(r, now)
	return err
}

// TestInfer_blindOverTheCatalogue signs a delivery as each row does that shares its key,
// and asks how, without a word of whose it is.
func TestInfer_blindOverTheCatalogue(t *testing.T) {
	found, sure := 0, 0
	var missed []string
	n := symmetric(t, func(t *testing.T, s *sender) {
		r := s.delivery(t, "msg_0b989ba4", at(), same)
		began := time.Now()
		answer, err := infer.Infer(t.Context(), infer.Question{Secret: s.secret, Samples: []infer.Sample{{Request: r, At: at()}}})
		took := time.Since(began)
		if err != nil {
			t.Fatal(err)
		}
		next, later := s.delivery(t, "msg_77ce11aa", at().Add(time.Hour), other), at().Add(time.Hour)
		right := false
		if len(answer.Readings) > 0 && answer.Readings[0].Row != nil {
			x := &answer.Readings[0]
			err := verifies(t, x, s.secret, next, later)
			right = err == nil
			if !right && answer.Sure {
				t.Errorf("a wrong row is told as sure: %+v: %v", x.Scheme, err)
			}
			forged := next
			forged.Body = append(slices.Clone(next.Body), ' ')
			if err := verifies(t, x, s.secret, forged, later); slices.Contains(x.Covers, provider.CoversBody) && err == nil {
				t.Error("a forged body passes a row that says that it covers it")
			}
			stranger := newSender(t, s.row, s.scheme)
			if err := verifies(t, x, s.secret, stranger.delivery(t, "msg_77ce11aa", later, other), later); err == nil {
				t.Error("a delivery that another secret has signed passes")
			}
			if right && x.Scheme.ToleranceSeconds > 0 && !errors.Is(verifies(t, x, s.secret, next, later.Add(time.Hour)), provider.ErrStale) {
				t.Error("a late delivery passes")
			}
		}
		if answer.Sure {
			sure++
		}
		if right {
			found++
			t.Logf("found in %s after %d trials, sure %t, of %d readings: %s", took.Round(time.Millisecond), answer.Trials, answer.Sure, len(answer.Readings), answer.Readings[0].Scheme.Content)
			return
		}
		why := "nothing"
		if len(answer.Readings) > 0 {
			why = strings.Join(answer.Readings[0].Refused, "; ") + answer.Readings[0].Scheme.Content
		}
		missed = append(missed, s.row.Name+"/"+s.scheme.Name)
		t.Logf("missed in %s after %d trials (complete %t): %s", took.Round(time.Millisecond), answer.Trials, answer.Complete, why)
	})
	t.Logf("%d of %d found, %d of them sure; not: %s", found, n, sure, strings.Join(missed, ", "))
	if found*10 < n*9 {
		t.Errorf("%d of %d are found, at least 90 %% are wanted", found, n)
	}
}

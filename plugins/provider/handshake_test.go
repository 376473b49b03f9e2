package provider_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// handshakes is a verifier of a row with a shared secret and the examples of its
// settings.
func handshakes(t testing.TB, name string) *provider.Verifier {
	t.Helper()
	p := lookup(t, name)
	return newScheme(t, p, p.Schemes[0]).verifier(t)
}

func TestHandshake_answers(t *testing.T) {
	slackBody := func(challenge string) string { return `{"type":"url_verification","challenge":` + challenge + `}` }
	text := func(body string) spec.Answer { return spec.Answer{ContentType: "text/plain", Body: body} }
	tests := map[string]struct {
		provider, contentType, body string
		want                        spec.Answer
		is                          bool
		err                         error
	}{
		"a challenge":                     {"slack", "application/json", slackBody(`"3eZbrw1a"`), text("3eZbrw1a"), true, nil},
		"an event":                        {"slack", "application/json", `{"type":"event_callback"}`, spec.Answer{}, false, nil},
		"an event that speaks of it":      {"slack", "application/json", `{"type":"event_callback","event":{"text":"url_verification"}}`, spec.Answer{}, false, nil},
		"no challenge":                    {"slack", "application/json", `{"type":"url_verification"}`, spec.Answer{}, false, provider.ErrChallenge},
		"a challenge with a line end":     {"slack", "application/json", slackBody(`"a\nb"`), spec.Answer{}, false, provider.ErrChallenge},
		"a challenge outside of ASCII":    {"slack", "application/json", slackBody(`"é"`), spec.Answer{}, false, provider.ErrChallenge},
		"a challenge of 1024 bytes":       {"slack", "application/json", slackBody(`"` + strings.Repeat("x", 1024) + `"`), text(strings.Repeat("x", 1024)), true, nil},
		"a challenge of 1025 bytes":       {"slack", "application/json", slackBody(`"` + strings.Repeat("x", 1025) + `"`), spec.Answer{}, false, provider.ErrChallenge},
		"a challenge that is an object":   {"slack", "application/json", slackBody(`{}`), spec.Answer{}, false, provider.ErrChallenge},
		"a body that is not JSON":         {"slack", "application/json", `url_verification`, spec.Answer{}, false, nil},
		"a body that claims to be a form": {"slack", "application/x-www-form-urlencoded", slackBody(`"x"`), text("x"), true, nil}, // the header decides nothing
		"a body larger than any of these": {"slack", "application/json", slackBody(`"x"`) + strings.Repeat(" ", 20<<10), spec.Answer{}, false, nil},
		"a provider without one":          {"github", "application/json", slackBody(`"x"`), spec.Answer{}, false, nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := handshakes(t, tc.provider).Handshake(request(tc.contentType, tc.body), true, false)
			if (got != nil) != tc.is || !errors.Is(err, tc.err) {
				t.Fatalf("got %v, %v", got, err)
			}
			if got == nil {
				return
			}
			if diff := cmp.Diff(tc.want, got.Answer); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHandshake_ofAnotherMethodIsNone(t *testing.T) {
	r := request("application/json", `{"type":"url_verification","challenge":"x"}`)
	r.Method = "GET"
	if got, err := handshakes(t, "slack").Handshake(r, true, false); got != nil || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestHandshake_signedIsNoneBeforeTheProof(t *testing.T) {
	r := request("application/json", `{"type":"url_verification","challenge":"x"}`)
	if got, err := handshakes(t, "slack").Handshake(r, false, false); got != nil || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
}

// TestHandshake_challengeGetsNoDeliverySigned keeps whoever chooses the challenge from
// having the body of a delivery signed: X signs both with the same secret.
func TestHandshake_challengeGetsNoDeliverySigned(t *testing.T) {
	v := handshakes(t, "x-twitter")
	for challenge, answered := range map[string]bool{
		"9b4507b3-9040-4669-9ca3-6b94edb50553": true,
		`%7B%22for_user_id%22%3A%221%22%7D`:    false,
		`a%20b`:                                false,
		strings.Repeat("x", 129):               false,
	} {
		r := provider.Request{Method: "GET", URL: "https://hooks.octo-corp.example/x?crc_token=" + challenge, Headers: provider.HeaderList{}}
		got, err := v.Handshake(r, false, false)
		if (got != nil) != answered || (err != nil) == answered {
			t.Errorf("%s: got %v, %v", challenge, got, err)
		}
	}
}

func TestHandshake_wrongTokenGetsNoAnswer(t *testing.T) {
	v := handshakes(t, "meta")
	p := lookup(t, "meta")
	token := ""
	for _, s := range p.Settings {
		if s.Name == "verify_token" {
			token = s.Example
		}
	}
	for given, want := range map[string]error{token: nil, "wrong": provider.ErrMismatch, "": provider.ErrMismatch} {
		r := provider.Request{Method: "GET", URL: "https://h.example/m?hub.mode=subscribe&hub.challenge=17&hub.verify_token=" + given, Headers: provider.HeaderList{}}
		got, err := v.Handshake(r, false, false)
		if !errors.Is(err, want) || (got != nil) != (want == nil) {
			t.Errorf("%q: got %v, %v", given, got, err)
		}
	}
}

func TestHandshake_secretIsTakenOnlyDuringSetup(t *testing.T) {
	r := provider.Request{Method: "POST", Headers: provider.HeaderList{{Name: "x-hook-secret", Value: "s1"}}}
	v := handshakes(t, "asana")
	if got, err := v.Handshake(r, false, false); got != nil || !errors.Is(err, provider.ErrSetup) {
		t.Errorf("setup is off: %v, %v", got, err)
	}
	if got, err := v.Handshake(r, false, true); err != nil || got.Secret != "s1" {
		t.Errorf("setup is on: %v, %v", got, err)
	}
}

package verify_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/verify"
)

const secretText = "octo-private-verify-secret-0001"

func at() time.Time { return time.Date(2025, 6, 12, 10, 0, 0, 0, time.UTC) }

func row(t testing.TB, name string) *provider.Provider {
	t.Helper()
	p, ok := catalogue.Lookup(name)
	if !ok {
		t.Fatalf("no row %s", name)
	}
	return p
}

func settings(texts ...string) verify.Config {
	c := verify.Config{ToleranceSeconds: 300}
	for _, text := range texts {
		c.Secrets = append(c.Secrets, verify.SecretConfig{Value: config.NewSecret(text)})
	}
	return c
}

func stage(t testing.TB, p *provider.Provider, c verify.Config, opts ...verify.Option) *verify.Stage {
	t.Helper()
	s, err := verify.New(p, c, at, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// delivery is signed with secretText at the time at.
func delivery(t testing.TB, p *provider.Provider, body, contentType string) *pipeline.Delivery {
	t.Helper()
	signer, err := p.Signer(provider.Options{Secrets: []provider.Secret{{Value: secretText}}, RawKey: p.Schemes[0].RawKey})
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(provider.Unsigned{Body: []byte(body), ContentType: contentType, Event: "push", ID: "d1", At: at()})
	if err != nil {
		t.Fatal(err)
	}
	d := &pipeline.Delivery{Method: "POST", Path: "/hooks", Body: []byte(body), ReceivedAt: at()}
	for _, h := range signed.Headers {
		d.Headers = append(d.Headers, pipeline.Header(h))
	}
	return d
}

func set(d *pipeline.Delivery, name, value string) {
	for i := range d.Headers {
		if d.Headers[i].Name == name {
			d.Headers[i].Value = value
			return
		}
	}
	d.Headers = append(d.Headers, pipeline.Header{Name: name, Value: value})
}

func TestVerify_saysWhatWasProved(t *testing.T) {
	digest := func(body string) string { return provider.DigestOf([]byte(body)).String() }
	body := []string{"body"}
	tests := map[string]struct {
		provider, body string
		want           pipeline.Verification
	}{
		"an id in a header":        {"github", `{}`, pipeline.Verification{Scheme: "sha256", ID: "d1", Covers: body, Signed: digest(`{}`)}},
		"an id that is signed":     {"standard-webhooks", `{}`, pipeline.Verification{Scheme: "v1", ID: "d1", IDSigned: true, Covers: []string{"body", "header:webhook-id", "header:webhook-timestamp", "time"}}},
		"an id in the body only":   {"stripe", `{"id":"evt_1"}`, pipeline.Verification{Scheme: "v1", Covers: []string{"body", "time"}}},
		"a body that is not JSON":  {"slack", `text`, pipeline.Verification{Scheme: "v0", Covers: []string{"body", "header:x-slack-request-timestamp", "time"}}},
		"no body at all":           {"shopify", ``, pipeline.Verification{Scheme: "sha256", ID: "d1", Covers: body, Signed: digest("")}},
		"a body that is not UTF-8": {"github", "\xff\x00", pipeline.Verification{Scheme: "sha256", ID: "d1", Covers: body, Signed: digest("\xff\x00")}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			p := row(t, tc.provider)
			c := settings(secretText)
			c.RawKey = p.Schemes[0].RawKey
			d := delivery(t, p, tc.body, "")
			if err := stage(t, p, c).Handle(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			tc.want.Provider, tc.want.SecretID = tc.provider, "1"
			if diff := cmp.Diff(&tc.want, d.Verification); diff != "" {
				t.Errorf("verification (-want +got):\n%s", diff)
			}
			if d.Upstream != nil {
				t.Errorf("upstream headers without the option: %v", d.Upstream)
			}
		})
	}
}

func TestVerify_namesTheSecret(t *testing.T) {
	p := row(t, "github")
	c := settings("octo-private-verify-secret-0002", secretText)
	c.Secrets[1].ID = "spring"
	d := delivery(t, p, `{}`, "")
	if err := stage(t, p, c).Handle(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if d.Verification.SecretID != "spring" {
		t.Errorf("got %q", d.Verification.SecretID)
	}
}

func TestVerify_refuses(t *testing.T) {
	tests := map[string]struct {
		spoil func(d *pipeline.Delivery)
		code  pipeline.Code
		cause error
		allow string
	}{
		"GET":                     {func(d *pipeline.Delivery) { d.Method = "GET" }, pipeline.MethodNotAllowed, verify.ErrMethod, "POST"},
		"HEAD":                    {func(d *pipeline.Delivery) { d.Method = "HEAD" }, pipeline.MethodNotAllowed, verify.ErrMethod, "POST"},
		"a method in lower case":  {func(d *pipeline.Delivery) { d.Method = "post" }, pipeline.MethodNotAllowed, verify.ErrMethod, "POST"},
		"no header at all":        {func(d *pipeline.Delivery) { d.Headers = nil }, pipeline.SignatureInvalid, provider.ErrMissing, ""},
		"another body":            {func(d *pipeline.Delivery) { d.Body = []byte("{ }") }, pipeline.SignatureInvalid, provider.ErrMismatch, ""},
		"a signature twice":       {func(d *pipeline.Delivery) { d.Headers = append(d.Headers, d.Headers...) }, pipeline.SignatureInvalid, provider.ErrRepeated, ""},
		"no signature at all":     {func(d *pipeline.Delivery) { set(d, "x-slack-signature", "") }, pipeline.SignatureInvalid, provider.ErrMissing, ""},
		"a signature of one byte": {func(d *pipeline.Delivery) { set(d, "x-slack-signature", "v0=\xff") }, pipeline.SignatureInvalid, provider.ErrMalformed, ""},
		"another time":            {func(d *pipeline.Delivery) { set(d, "x-slack-request-timestamp", "1749722401") }, pipeline.SignatureInvalid, provider.ErrMismatch, ""},
		"no time":                 {func(d *pipeline.Delivery) { set(d, "x-slack-request-timestamp", "now") }, pipeline.SignatureInvalid, provider.ErrMalformed, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			p := row(t, "slack")
			d := delivery(t, p, `{}`, "")
			tc.spoil(d)
			err := stage(t, p, settings(secretText), verify.WithUpstream()).Handle(t.Context(), d)
			var reject *pipeline.Reject
			if !errors.As(err, &reject) || reject.Code != tc.code || reject.Allow != tc.allow || !errors.Is(err, tc.cause) {
				t.Fatalf("got %v", err)
			}
			if d.Verification != nil || d.Upstream != nil {
				t.Errorf("a refused delivery says %v, %v", d.Verification, d.Upstream)
			}
			if text := err.Error(); strings.Contains(text, "octo") || strings.Contains(text, "\xff") {
				t.Errorf("the error tells too much: %s", text)
			}
		})
	}
}

func TestVerify_enforcesTheTolerance(t *testing.T) {
	p := row(t, "stripe")
	c := settings(secretText)
	c.ToleranceSeconds = 10
	for name, tc := range map[string]struct {
		now  time.Time
		want error
	}{
		"edge of tolerance": {at().Add(10 * time.Second), nil},
		"one second late":   {at().Add(11 * time.Second), provider.ErrStale},
		"from the future":   {at().Add(-11 * time.Second), provider.ErrFuture},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := verify.New(p, c, func() time.Time { return tc.now })
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Handle(t.Context(), delivery(t, p, `{}`, "")); !errors.Is(err, tc.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestHandshake_answersAProvedSenderOnly(t *testing.T) {
	p := row(t, "slack")
	s := stage(t, p, settings(secretText))
	const body = `{"type":"url_verification","challenge":"3eZbrw1a"}`
	var reply *pipeline.Reply
	if err := s.Handle(t.Context(), delivery(t, p, body, "")); !errors.As(err, &reply) {
		t.Fatalf("got %v", err)
	}
	want := &pipeline.Reply{Code: pipeline.Handshake, ContentType: "text/plain", Body: []byte("3eZbrw1a"), Headers: []pipeline.Header{{Name: "x-content-type-options", Value: "nosniff"}}}
	if diff := cmp.Diff(want, reply); diff != "" {
		t.Errorf("reply (-want +got):\n%s", diff)
	}
	forged := delivery(t, p, body, "")
	set(forged, "x-slack-signature", "v0="+strings.Repeat("0", 64))
	var reject *pipeline.Reject
	if err := s.Handle(t.Context(), forged); !errors.As(err, &reject) || reject.Code != pipeline.SignatureInvalid {
		t.Errorf("forged: %v", err)
	}
	bad := delivery(t, p, `{"type":"url_verification","challenge":"a\nb"}`, "")
	if err := s.Handle(t.Context(), bad); !errors.As(err, &reject) || reject.Code != pipeline.Malformed || !errors.Is(err, provider.ErrChallenge) {
		t.Errorf("a challenge of two lines: %v", err)
	}
}

func TestHandshake_unsignedIsAnsweredAndNothingElse(t *testing.T) {
	p := row(t, "slack")
	p.Handshakes[0].Unsigned = true
	p.Handshakes[0].Method = "PUT"
	p.Handshakes[0].Answer.Status = 202
	if err := p.Compile(); err != nil {
		t.Fatal(err)
	}
	s := stage(t, p, settings(secretText))
	d := &pipeline.Delivery{Method: "PUT", Body: []byte(`{"type":"url_verification","challenge":"c1"}`)}
	var reply *pipeline.Reply
	if err := s.Handle(t.Context(), d); !errors.As(err, &reply) || string(reply.Body) != "c1" || reply.Status != 202 {
		t.Errorf("got %v", err)
	}
	d.Body = []byte(`{"type":"event_callback"}`)
	var reject *pipeline.Reject
	if err := s.Handle(t.Context(), d); !errors.As(err, &reject) || reject.Code != pipeline.MethodNotAllowed {
		t.Errorf("a delivery of the handshake's method: %v", err)
	}
	d.Method = "GET"
	if err := s.Handle(t.Context(), d); !errors.As(err, &reject) || reject.Allow != "POST, PUT" {
		t.Errorf("GET: %v", err)
	}
}

func TestNew_reportsEveryFaultWithItsField(t *testing.T) {
	c := settings("", secretText, " octo-private-padded ", secretText)
	c.Scheme, c.PublicURL, c.RawKey = "", "https://u:p@hooks.octo-corp.example/x?y", true
	_, err := verify.New(row(t, "github"), c, at)
	want := []string{
		"public_url: cannot be used: it must be an absolute http or https URL without user, query and fragment",
		"secrets[0]: cannot be used: secret 1 is empty",
		"secrets[2]: cannot be used: secret 3 starts or ends with white space, probably copied along",
		"secrets[3]: cannot be used: secret 4 is the same as an earlier one",
	}
	c.RawKey = false
	_, err2 := verify.New(row(t, "github"), c, at)
	if diff := cmp.Diff(want, strings.Split(fmt.Sprint(err2), "\n")); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	for what, err := range map[string]error{"with raw_key": err, "without": err2} {
		if !errors.Is(err, verify.ErrConfig) || strings.Contains(err.Error(), "octo") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestVerify_emptySecretIsNoKey(t *testing.T) {
	p := row(t, "github")
	unkeyed := delivery(t, p, `{}`, "")
	mac := hmac.New(sha256.New, nil)
	mac.Write([]byte(`{}`))
	set(unkeyed, "x-hub-signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	for name, tc := range map[string]struct {
		secrets []string
		id      string // "" where there is no stage
		missing []string
	}{
		"the newest is empty":  {[]string{"", secretText}, "2", []string{"secrets[0].value: must not be empty"}},
		"the oldest is empty":  {[]string{secretText, ""}, "1", []string{"secrets[1].value: must not be empty"}},
		"all around are empty": {[]string{"", secretText, "", ""}, "2", []string{"secrets[0].value: must not be empty", "secrets[2].value: must not be empty", "secrets[3].value: must not be empty"}},
		"none is empty":        {[]string{"octo-private-verify-secret-0002", secretText}, "2", nil},
		"the only one":         {[]string{""}, "", nil},
		"all":                  {[]string{"", ""}, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			c := settings(tc.secrets...)
			if tc.id == "" {
				for _, setup := range []bool{false, true} {
					c.Setup = setup
					if _, err := verify.New(p, c, at); !errors.Is(err, verify.ErrConfig) || !strings.HasPrefix(err.Error(), "secrets[0]: ") {
						t.Errorf("setup %t: got %v", setup, err)
					}
				}
				return
			}
			s := stage(t, p, c)
			d := delivery(t, p, `{}`, "")
			if err := s.Handle(t.Context(), d); err != nil || d.Verification.SecretID != tc.id {
				t.Errorf("the good one: %+v, %v", d.Verification, err)
			}
			if err := s.Handle(t.Context(), unkeyed); !errors.Is(err, provider.ErrMismatch) {
				t.Errorf("signed with an empty key: %v", err)
			}
			if diff := cmp.Diff(tc.missing, c.Missing()); diff != "" {
				t.Errorf("missing (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNew_refuses(t *testing.T) {
	tests := map[string]struct {
		change func(c *verify.Config)
		says   string
	}{
		"no secrets":                {func(c *verify.Config) { c.Secrets = nil }, "secrets: "},
		"an unknown scheme":         {func(c *verify.Config) { c.Scheme = "md5" }, "scheme: "},
		"a raw key for no reason":   {func(c *verify.Config) { c.RawKey = true }, "scheme: "},
		"a URL without a scheme":    {func(c *verify.Config) { c.PublicURL = "hooks.octo-corp.example" }, "public_url: "},
		"a URL with a fragment":     {func(c *verify.Config) { c.PublicURL = "https://hooks.octo-corp.example/#a" }, "public_url: "},
		"a URL of another protocol": {func(c *verify.Config) { c.PublicURL = "ftp://hooks.octo-corp.example/" }, "public_url: "},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			c := settings(secretText)
			tc.change(&c)
			if _, err := verify.New(row(t, "github"), c, at); !errors.Is(err, verify.ErrConfig) || !strings.HasPrefix(err.Error(), tc.says) {
				t.Errorf("got %v", err)
			}
		})
	}
	if _, err := verify.New(nil, settings(secretText), at); !errors.Is(err, verify.ErrConfig) {
		t.Errorf("no row: %v", err)
	}
	if _, err := verify.New(row(t, "github"), settings(secretText), nil); !errors.Is(err, verify.ErrConfig) {
		t.Errorf("no clock: %v", err)
	}
}

func TestVerify_secretCountsOnlyInItsTime(t *testing.T) {
	p := row(t, "github")
	tests := map[string]struct {
		before, after string
		passes        bool
	}{
		"within":                 {"2025-06-12T09:00:00Z", "2025-06-12T11:00:00Z", true},
		"from the very second":   {"2025-06-12T10:00:00Z", "", true},
		"a second too early":     {"2025-06-12T10:00:01Z", "", false},
		"the second of its end":  {"", "2025-06-12T10:00:00Z", false},
		"a second before it":     {"", "2025-06-12T10:00:01Z", true},
		"another zone's morning": {"2025-06-12T11:59:59+02:00", "", true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			c := settings(secretText)
			c.Secrets[0].NotBefore, c.Secrets[0].NotAfter = tc.before, tc.after
			err := stage(t, p, c).Handle(t.Context(), delivery(t, p, `{}`, "application/json"))
			if (err == nil) != tc.passes {
				t.Errorf("got %v", err)
			}
		})
	}
	for name, c := range map[string]verify.SecretConfig{
		"no time":            {Value: config.NewSecret(secretText), NotAfter: "tomorrow"},
		"an end before it":   {Value: config.NewSecret(secretText), NotBefore: "2025-06-12T10:00:00Z", NotAfter: "2025-06-12T09:00:00Z"},
		"a secret too short": {Value: config.NewSecret("short")},
	} {
		if _, err := verify.New(p, verify.Config{Secrets: []verify.SecretConfig{c}}, at); err == nil || !strings.Contains(err.Error(), "secrets[0]") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestHandshake_takesASecretOnlyDuringSetup(t *testing.T) {
	p := row(t, "asana")
	handing := func() *pipeline.Delivery {
		return &pipeline.Delivery{Method: "POST", Headers: pipeline.Headers{{Name: "x-hook-secret", Value: "handed-over-secret-1"}}}
	}
	c := settings(secretText)
	var log strings.Builder
	logger := slog.New(slog.NewTextHandler(&log, nil))
	var reject *pipeline.Reject
	if err := stage(t, p, c, verify.WithLogger(logger)).Handle(t.Context(), handing()); !errors.As(err, &reject) || reject.Code != pipeline.SignatureInvalid {
		t.Errorf("setup is off: got %v", err)
	}
	c.Setup, c.SetupFile = true, filepath.Join(t.TempDir(), "secret")
	var reply *pipeline.Reply
	err := stage(t, p, c, verify.WithLogger(logger)).Handle(t.Context(), handing())
	if !errors.As(err, &reply) || len(reply.Headers) != 2 || reply.Headers[0].Value != "handed-over-secret-1" {
		t.Fatalf("setup is on: got %v", err)
	}
	text, err := os.ReadFile(c.SetupFile)
	if err != nil || string(text) != "handed-over-secret-1\n" {
		t.Errorf("setup_file: %q, %v", text, err)
	}
	if info, err := os.Stat(c.SetupFile); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("setup_file: %v, %v", info.Mode(), err)
	}
	if strings.Contains(log.String(), "handed-over") || strings.Count(log.String(), "level=WARN") != 2 {
		t.Errorf("log:\n%s", log.String())
	}
}

// documents are what WithKeys gives.
type documents struct {
	err   error
	asked []string
}

func (d *documents) Get(_ context.Context, url string) ([]byte, error) {
	d.asked = append(d.asked, url)
	return []byte("no certificate"), d.err
}

func (d *documents) Renew(context.Context, string) ([]byte, error) { return nil, errors.New("not now") }

func TestVerify_unavailableKeysAreNoProof(t *testing.T) {
	p := row(t, "paypal")
	c := verify.Config{Settings: []verify.SettingConfig{{Name: "webhook_id", Value: config.NewSecret("8PT597110X687430LKGECATA")}}}
	request := func(address string) *pipeline.Delivery {
		return &pipeline.Delivery{Method: "POST", Body: []byte(`{}`), Headers: pipeline.Headers{
			{Name: "paypal-auth-algo", Value: "SHA256withRSA"}, {Name: "paypal-cert-url", Value: address},
			{Name: "paypal-transmission-id", Value: "1"}, {Name: "paypal-transmission-time", Value: "2025-06-12T10:00:00Z"},
			{Name: "paypal-transmission-sig", Value: "AAAA"},
		}}
	}
	const good = "https://api.paypal.com/v1/notifications/certs/CERT-1"
	tests := map[string]struct {
		address string
		keys    *documents
		want    pipeline.Code
		asked   int
	}{
		"unreachable":             {good, &documents{err: errors.New("no route")}, pipeline.KeyUnavailable, 1},
		"not a certificate":       {good, &documents{}, pipeline.KeyUnavailable, 1},
		"a host of somebody else": {"https://api.paypal.com.evil.example/v1/notifications/certs/CERT-1", &documents{}, pipeline.SignatureInvalid, 0},
		"a user in front":         {"https://api.paypal.com@evil.example/v1/notifications/certs/CERT-1", &documents{}, pipeline.SignatureInvalid, 0},
		"without TLS":             {"http://api.paypal.com/v1/notifications/certs/CERT-1", &documents{}, pipeline.SignatureInvalid, 0},
		"another port":            {"https://api.paypal.com:8443/v1/notifications/certs/CERT-1", &documents{}, pipeline.SignatureInvalid, 0},
		"another path":            {"https://api.paypal.com/v1/notifications/certs/../../upload", &documents{}, pipeline.SignatureInvalid, 0},
		"an escape in the path":   {"https://api.paypal.com/v1/notifications/certs/%2e%2e/x", &documents{}, pipeline.SignatureInvalid, 0},
		"an address in the query": {good + "?x=1", &documents{}, pipeline.SignatureInvalid, 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			err := stage(t, p, c, verify.WithKeys(tc.keys)).Handle(t.Context(), request(tc.address))
			var reject *pipeline.Reject
			if !errors.As(err, &reject) || reject.Code != tc.want || len(tc.keys.asked) != tc.asked {
				t.Errorf("got %v after %d documents, want %s after %d", err, len(tc.keys.asked), tc.want, tc.asked)
			}
		})
	}
}

func TestNew_requiresPinnedSettings(t *testing.T) {
	_, err := verify.New(row(t, "aws-sns"), verify.Config{}, at)
	if !errors.Is(err, verify.ErrConfig) || !strings.HasPrefix(err.Error(), "settings: ") || !strings.Contains(err.Error(), "topic_arn") {
		t.Errorf("got %v", err)
	}
	if _, err := verify.New(row(t, "aws-sns"), verify.Config{}, at, verify.WithUnpinned()); err != nil {
		t.Errorf("for a look at one: %v", err)
	}
}

// TestRefusal_asksForAPassword holds what a client waits for that shows its password
// only once it was asked, as Oracle's does.
func TestRefusal_asksForAPassword(t *testing.T) {
	tests := map[string]struct {
		provider, secret string
		want             []pipeline.Header
	}{
		"a user and a password": {"oci-notifications", "octo:correct-horse-battery", []pipeline.Header{{Name: "www-authenticate", Value: `Basic realm="webhooks", charset="UTF-8"`}}},
		"a signature":           {"github", secretText, nil},
		"a token":               {"telegram", secretText, nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			err := stage(t, row(t, tc.provider), settings(tc.secret)).Handle(t.Context(), &pipeline.Delivery{Method: "POST", Body: []byte("{}"), ReceivedAt: at()})
			var reject *pipeline.Reject
			if !errors.As(err, &reject) || reject.Code != pipeline.SignatureInvalid {
				t.Fatalf("error %v", err)
			}
			if diff := cmp.Diff(tc.want, reject.Headers); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

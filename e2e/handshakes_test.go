package e2e

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha1"
	"encoding/hex"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// handshake is what a provider sends to check an endpoint, and the answer that it wants.
type handshake struct {
	method, query string
	header        http.Header
	body          string
	status        int
	want          string // the body of the answer, or name: value of a header
}

// TestHandshake_isAnswered checks endpoints as providers do, with answers that are
// computed here.
func TestHandshake_isAnswered(t *testing.T) {
	keys := map[string]string{}
	for _, name := range []string{"slack", "zoom", "meta", "whatsapp", "strava", "x-twitter", "braintree", "dropbox", "okta", "microsoft-graph", "monday", "twitch", "trello", "intercom", "mailchimp"} {
		keys[name] = random()
	}
	pub, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	keys["discord"] = hex.EncodeToString(pub)
	keys["ebay"] = pubPEM(t, ecKey(t).Public()) // its handshake is made without it
	rows := slices.DeleteFunc(catalogue(t), func(p *provided) bool { return keys[p.Name] == "" })
	for _, p := range rows {
		p.public = keys[p.Name]
	}
	g := gatewayOf(t, rows, func(text string) string { return text })

	const token = "9b4507b3-9040-4669-9ca3-6b94edb50553"
	now := &request{at: time.Now()}
	slack := `{"type":"url_verification","challenge":"` + token + `"}`
	zoom := `{"event":"endpoint.url_validation","payload":{"plainToken":"` + token + `"},"event_ts":1749722400000}`
	twitch := `{"challenge":"` + token + `","subscription":{"type":"channel.follow"}}`
	at := now.at.UTC().Format(time.RFC3339)
	braintree := sha1.Sum([]byte(keys["braintree"]))
	tests := map[string]handshake{
		"slack":   {"POST", "", header("X-Slack-Request-Timestamp", seconds(now), "X-Slack-Signature", "v0="+hex.EncodeToString(mac(keys["slack"], "v0:"+seconds(now)+":"+slack))), slack, 200, token},
		"zoom":    {"POST", "", header("X-Zm-Request-Timestamp", seconds(now), "X-Zm-Signature", "v0="+hex.EncodeToString(mac(keys["zoom"], "v0:"+seconds(now)+":"+zoom))), zoom, 200, `{"plainToken":"` + token + `","encryptedToken":"` + hex.EncodeToString(mac(keys["zoom"], token)) + `"}`},
		"discord": {"POST", "", header("X-Signature-Timestamp", seconds(now), "X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(private, []byte(seconds(now)+`{"type":1}`)))), `{"type":1}`, 200, `{"type":1}`},
		"twitch": {"POST", "", header("Twitch-Eventsub-Message-Id", "m1", "Twitch-Eventsub-Message-Timestamp", at, "Twitch-Eventsub-Message-Type", "webhook_callback_verification",
			"Twitch-Eventsub-Message-Signature", "sha256="+hex.EncodeToString(mac(keys["twitch"], "m1"+at+twitch))), twitch, 200, token},
		"meta":            {"GET", "?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=octo-corp-verify-token", nil, "", 200, "1158201444"},
		"whatsapp":        {"GET", "?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=octo-corp-verify-token", nil, "", 200, "1158201444"},
		"strava":          {"GET", "?hub.mode=subscribe&hub.challenge=15f7d1a91c1f40f8a748fd134752feb3&hub.verify_token=octo-corp-verify-token", nil, "", 200, `{"hub.challenge":"15f7d1a91c1f40f8a748fd134752feb3"}`},
		"x-twitter":       {"GET", "?crc_token=" + token, nil, "", 200, `{"response_token":"sha256=` + b64(mac(keys["x-twitter"], token)) + `"}`},
		"braintree":       {"GET", "?bt_challenge=20f9f8ed05f77439fe955c977e4c8a53", nil, "", 200, "octopublickey17|" + hex.EncodeToString(mac1(string(braintree[:]), "20f9f8ed05f77439fe955c977e4c8a53"))},
		"dropbox":         {"GET", "?challenge=" + token, nil, "", 200, token},
		"ebay":            {"GET", "?challenge_code=" + token, nil, "", 200, `{"challengeResponse":"` + hexSum(token+"octo-corp-ebay-verification-token-0001"+"https://hooks.example.com/webhooks/ebay") + `"}`},
		"okta":            {"GET", "", header("X-Okta-Verification-Challenge", token), "", 200, `{"verification":"` + token + `"}`},
		"microsoft-graph": {"POST", "?validationToken=Validation%3A+Testing+client", nil, "", 200, "Validation: Testing client"},
		"monday":          {"POST", "", header(), `{"challenge":"` + token + `"}`, 200, `{"challenge":"` + token + `"}`},
		"trello":          {"HEAD", "", nil, "", 200, ""},
		"intercom":        {"HEAD", "", nil, "", 200, ""},
		"mailchimp":       {"GET", "", nil, "", 200, ""},
	}
	for name, s := range tests {
		t.Run(name, func(t *testing.T) {
			r := g.do(s.method, "/webhooks/"+name+s.query, s.header, s.body)
			if r.status != s.status || r.body != s.want || strings.Contains(r.header.Get("Content-Type"), "html") || r.header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%d %q %v, want %d %q\n%s", r.status, r.body, r.header, s.status, s.want, g.logged())
			}
		})
	}
	refused := map[string]handshake{
		"slack without a proof":         {"POST", "", header(), slack, 401, ""},
		"zoom without a proof":          {"POST", "", header(), zoom, 401, ""},
		"meta with a wrong token":       {"GET", "?hub.mode=subscribe&hub.challenge=1&hub.verify_token=wrong", nil, "", 401, ""},
		"x-twitter with JSON to sign":   {"GET", "?crc_token=%7B%22a%22%3A1%7D", nil, "", 400, ""},
		"braintree with XML to sign":    {"GET", "?bt_challenge=PG5vdGlmaWNhdGlvbj48L25vdGlmaWNhdGlvbj4%3D", nil, "", 400, ""},
		"dropbox with two challenges":   {"GET", "?challenge=a&challenge=b", nil, "", 405, ""},
		"dropbox with a line end":       {"GET", "?challenge=a%0d%0aX-Evil:1", nil, "", 400, ""},
		"microsoft-graph without token": {"POST", "", header(), `{"value":[]}`, 401, ""},
	}
	for name, s := range refused {
		t.Run(name, func(t *testing.T) {
			provider, _, _ := strings.Cut(name, " ")
			if r := g.do(s.method, "/webhooks/"+provider+s.query, s.header, s.body); r.status != s.status {
				t.Errorf("%d %q, want %d", r.status, r.body, s.status)
			}
		})
	}
	if n := len(g.events()); n > 0 {
		t.Errorf("%d handshakes are in the stream", n)
	}
}

// TestHandshake_secretIsKeptDuringSetupOnly sends Asana's handshake.
func TestHandshake_secretIsKeptDuringSetupOnly(t *testing.T) {
	const secret = "handed-over-secret-of-asana-0001"
	rows := slices.DeleteFunc(catalogue(t), func(p *provided) bool { return p.Name != "asana" })
	rows[0].public = random()
	file := filepath.Join(t.TempDir(), "secret")
	g := gatewayOf(t, rows, func(text string) string {
		setup := strings.NewReplacer("name: asana", "name: asana-setup", "/webhooks/asana", "/setup/asana", "          verify:\n", "          verify:\n            setup: true\n            setup_file: "+file+"\n")
		return text + setup.Replace(text)
	})
	if r := g.do("POST", "/webhooks/asana", header("X-Hook-Secret", secret), "{}"); r.status != 401 || r.header.Get("X-Hook-Secret") != "" {
		t.Errorf("setup is off: %+v", r)
	}
	if r := g.do("POST", "/setup/asana", header("X-Hook-Secret", secret), "{}"); r.status/100 != 2 || r.header.Get("X-Hook-Secret") != secret {
		t.Errorf("setup is on: %+v", r)
	}
	text, err := os.ReadFile(file)
	if err != nil || strings.TrimSpace(string(text)) != secret {
		t.Errorf("the file: %q, %v", text, err)
	}
	if info, err := os.Stat(file); err == nil && info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the file: %s", info.Mode())
	}
	eventually(t, "the log tells of it", func() bool { return strings.Contains(g.logged(), "A SECRET WAS HANDED OVER") })
	if strings.Contains(g.logged(), secret) {
		t.Error("the secret is in the log")
	}
}

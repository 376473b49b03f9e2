package verify_test

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/verify"
)

const encryptKey = "octo-corp-lark-encrypt-key"

// sealedFor is a payload as a sender encrypts and signs it.
func sealedFor(t *testing.T, name, method, secret, payload string) *pipeline.Delivery {
	t.Helper()
	p := row(t, name)
	settings := map[string]string{}
	for _, s := range p.Settings {
		settings[s.Name] = s.Example
	}
	signer, err := p.Signer(provider.Options{Settings: settings, Secrets: []provider.Secret{{Value: secret}}})
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(provider.Unsigned{Method: method, URL: "https://hooks.octo-corp.example/in", Body: []byte(payload), At: at()})
	if err != nil {
		t.Fatal(err)
	}
	_, query, _ := strings.Cut(signed.URL, "?")
	d := &pipeline.Delivery{Method: signed.Method, RawQuery: query, PublicURL: signed.URL, Body: signed.Body}
	for _, h := range signed.Headers {
		d.Headers = append(d.Headers, pipeline.Header(h))
	}
	return d
}

func sealedStage(t *testing.T, name, secret string) *verify.Stage {
	t.Helper()
	p := row(t, name)
	c := verify.Config{Secrets: []verify.SecretConfig{{Value: config.NewSecret(secret)}}}
	for _, s := range p.Settings {
		c.Settings = append(c.Settings, verify.SettingConfig{Name: s.Name, Value: config.NewSecret(s.Example)})
	}
	return stage(t, p, c)
}

func TestEncrypted_payloadIsDecryptedAndTheBodyKept(t *testing.T) {
	for _, name := range []string{"lark", "wecom"} {
		body, _, _ := catalogue.Sample(row(t, name), catalogue.SampleEvents(row(t, name))[0])
		d := sealedFor(t, name, "", encryptKey, string(body))
		sealed := string(d.Body)
		if err := sealedStage(t, name, encryptKey).Handle(t.Context(), d); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if string(d.Payload) != string(body) || string(d.Body) != sealed || strings.Contains(sealed, "create_time") || !d.Verification.Decrypted {
			t.Errorf("%s: payload %q of %q", name, d.Payload, d.Body)
		}
		if shown, err := json.Marshal(d.Verification); err != nil || strings.Contains(string(shown), "change_contact") {
			t.Errorf("%s: the proof tells the payload: %s, %v", name, shown, err)
		}
	}
}

// TestEncrypted_checkOfTheURL is answered only where the token inside proves the sender,
// and whatever is wrong has one answer: no padding, MAC or token can be guessed by it.
func TestEncrypted_checkOfTheURL(t *testing.T) {
	unsigned := func(payload string) *pipeline.Delivery {
		d := sealedFor(t, "lark", "", encryptKey, payload)
		d.Headers = nil
		return d
	}
	check := func(token, challenge string) string {
		return `{"type":"url_verification","token":"` + token + `","challenge":"` + challenge + `"}`
	}
	const token, challenge = "octo-corp-verification-token", "1b6aef1a-401f-406a-be41-f48911eabcef"
	spoiled := func(change func(text []byte)) *pipeline.Delivery {
		d := unsigned(check(token, challenge))
		change(d.Body)
		return d
	}
	for name, tc := range map[string]struct {
		d        *pipeline.Delivery
		answered bool
		want     pipeline.Code
	}{
		"encrypted, with the token": {unsigned(check(token, challenge)), true, 0},
		"as it is, with the token":  {&pipeline.Delivery{Method: "POST", Body: []byte(check(token, challenge))}, true, 0},
		"another token":             {unsigned(check("another", challenge)), false, pipeline.SignatureInvalid},
		"no token":                  {unsigned(`{"type":"url_verification","challenge":"x"}`), false, pipeline.SignatureInvalid},
		"no handshake":              {unsigned(`{"type":"event_callback","token":"` + token + `"}`), false, pipeline.SignatureInvalid},
		"no JSON inside":            {unsigned("nothing"), false, pipeline.SignatureInvalid},
		"the last block changed":    {spoiled(func(b []byte) { b[len(b)-8] ^= 1 }), false, pipeline.SignatureInvalid},
		"the first block changed":   {spoiled(func(b []byte) { b[15] ^= 1 }), false, pipeline.SignatureInvalid},
		"no base64":                 {&pipeline.Delivery{Method: "POST", Body: []byte(`{"encrypt":"*"}`)}, false, pipeline.SignatureInvalid},
		"half a block":              {&pipeline.Delivery{Method: "POST", Body: []byte(`{"encrypt":"AAAAAAAAAAAAAAAAAAAAAAAAAA=="}`)}, false, pipeline.SignatureInvalid},
		"a payload for a challenge": {unsigned(`{"type":"url_verification","token":"` + token + `","challenge":"{\"a\":1}"}`), false, pipeline.Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			err := sealedStage(t, "lark", encryptKey).Handle(t.Context(), tc.d)
			var reply *pipeline.Reply
			var reject *pipeline.Reject
			switch {
			case tc.answered && (!errors.As(err, &reply) || string(reply.Body) != `{"challenge":"`+challenge+`"}`):
				t.Errorf("answered %v %+v", err, reply)
			case !tc.answered && (!errors.As(err, &reject) || reject.Code != tc.want):
				t.Errorf("got %v, want %s", err, tc.want)
			}
		})
	}
}

// TestEncrypted_capturedPayloadIsNoChallenge sends what was captured of a delivery as the
// check of a URL, whose answer is what it decrypts to.
func TestEncrypted_capturedPayloadIsNoChallenge(t *testing.T) {
	d := sealedFor(t, "wecom", "", encryptKey, `<xml><MsgType>text</MsgType></xml>`)
	_, rest, _ := strings.Cut(string(d.Body), "<Encrypt>")
	text, _, _ := strings.Cut(rest, "</Encrypt>")
	d.Method, d.Body = "GET", nil
	d.RawQuery += "&echostr=" + url.QueryEscape(text)
	err := sealedStage(t, "wecom", encryptKey).Handle(t.Context(), d)
	var reject *pipeline.Reject
	if !errors.As(err, &reject) || reject.Code != pipeline.Malformed {
		t.Errorf("got %v", err)
	}
	if err := sealedStage(t, "wecom", encryptKey).Handle(t.Context(), sealedFor(t, "wecom", "GET", encryptKey, "1616140317555161061")); !isReply(err, "1616140317555161061") {
		t.Errorf("the check of the URL: %v", err)
	}
}

func isReply(err error, body string) bool {
	var reply *pipeline.Reply
	return errors.As(err, &reply) && string(reply.Body) == body
}

// TestEncrypted_moved takes parts of what is encrypted for the nonce, under the same
// signature.
func TestEncrypted_moved(t *testing.T) {
	for n := 4; n <= 64; n += 4 {
		d := sealedFor(t, "wecom", "", encryptKey, `<xml><MsgType>text</MsgType><Content>0123456789012345678901234567890123456789</Content></xml>`)
		values, err := url.ParseQuery(d.RawQuery)
		if err != nil {
			t.Fatal(err)
		}
		head, rest, _ := strings.Cut(string(d.Body), "<Encrypt>")
		values.Set("nonce", values.Get("nonce")+rest[:n])
		d.RawQuery, d.Body = values.Encode(), []byte(head+"<Encrypt>"+rest[n:])
		d.PublicURL = "https://hooks.octo-corp.example/in?" + d.RawQuery
		if err := sealedStage(t, "wecom", encryptKey).Handle(t.Context(), d); err == nil {
			t.Errorf("%d characters moved, and it passed", n)
		}
	}
}

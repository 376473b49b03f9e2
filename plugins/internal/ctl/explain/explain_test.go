package explain

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
)

// vector is what a file of the provider package's vectors says of a delivery.
type vector struct {
	Scheme       string            `json:"scheme"`
	Secrets      []string          `json:"secrets"`
	Settings     map[string]string `json:"settings"`
	Certificates map[string]string `json:"certificates"`
	JWKS         map[string]string `json:"jwks"`
	RawKey       bool              `json:"raw_key"`
	KeyMin       int               `json:"key_min"`
	Method       string            `json:"method"`
	URL          string            `json:"url"`
	At           int64             `json:"at"`
	Headers      [][2]string       `json:"headers"`
	Body         string            `json:"body"`
	Want         string            `json:"want"`
}

func (v *vector) line(t *testing.T, provider string) []byte {
	t.Helper()
	headers := map[string][]string{}
	for _, h := range v.Headers {
		headers[h[0]] = append(headers[h[0]], h[1])
	}
	options := map[string]any{"raw_key": v.RawKey}
	if v.Scheme != "" {
		options["scheme"] = v.Scheme
	}
	for name, value := range v.Settings {
		options[name] = value
	}
	documents := map[string]string{}
	for _, all := range []map[string]string{v.Certificates, v.JWKS} {
		for url, text := range all {
			documents[url] = text
		}
	}
	line, err := json.Marshal(map[string]any{
		"provider": provider, "keys": v.Secrets, "options": options, "certificates": documents, "method": v.Method,
		"url": v.URL, "headers": headers, "body": v.Body, "at": v.At,
	})
	if err != nil {
		t.Fatal(err)
	}
	return line
}

// refusedWhenLoaded reports whether the edge has no use for the keys of a vector,
// which some providers publish shorter than real ones are.
func refusedWhenLoaded(t *testing.T, name string, v *vector) bool {
	t.Helper()
	row, ok := catalogue.Lookup(name)
	if !ok {
		t.Fatalf("no row %s", name)
	}
	o := provider.Options{Scheme: v.Scheme, RawKey: v.RawKey, Settings: v.Settings}
	for _, key := range v.Secrets {
		o.Secrets = append(o.Secrets, provider.Secret{Value: key})
	}
	_, err := row.Verifier(o)
	return err != nil
}

// TestExplain_agreesWithEveryVector runs the vectors of the catalogue through the
// command.
func TestExplain_agreesWithEveryVector(t *testing.T) {
	files, err := filepath.Glob("../../../provider/catalogue/testdata/*/*.json")
	if err != nil || len(files) < 200 {
		t.Fatalf("%d vectors, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var v vector
		if err := json.Unmarshal(text, &v); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		err = explainAll(t.Context(), bytes.NewReader(v.line(t, filepath.Base(filepath.Dir(file)))), &out, &given{}, true)
		var got verdict
		if err != nil || json.Unmarshal(out.Bytes(), &got) != nil {
			t.Errorf("%s: %v: %s", file, err, out.String())
			continue
		}
		if strings.Contains(strings.Join(got.Notes, " "), "when it loads them") != refusedWhenLoaded(t, filepath.Base(filepath.Dir(file)), &v) {
			t.Errorf("%s: notes %q", file, got.Notes)
		}
		if passed := got.Verdict != "invalid"; passed != (v.Want == "ok") || passed != (len(got.Causes) == 0) {
			t.Errorf("%s: %s, want %s: %v", file, got.Verdict, v.Want, got.Causes)
		}
		for _, key := range v.Secrets {
			if len(key) > 8 && strings.Contains(out.String(), key) {
				t.Errorf("%s: the key is in the output", file)
			}
		}
	}
}

func TestExplain_unusableLine(t *testing.T) {
	for name, tc := range map[string]struct{ line, says string }{
		"no JSON":                {`{`, "not JSON"},
		"an unknown provider":    {`{"provider":"nobody"}`, "nobody"},
		"an empty key":           {`{"provider":"github","keys":[""],"headers":{},"body":"{}","at":1}`, "secret 1 is empty"},
		"a key with a line end":  {`{"provider":"github","keys":["0123456789\n"],"headers":{},"body":"{}","at":1}`, "white space"},
		"a public key to share":  {`{"provider":"fusionauth","keys":["-----BEGIN PUBLIC KEY-----"],"options":{"scheme":"hs"},"at":1}`, "public key"},
		"two bodies":             {`{"provider":"github","keys":["0123456789"],"body":"{}","body_base64":"e30=","at":1}`, "body_base64"},
		"a time of another age":  {`{"provider":"github","keys":["0123456789"],"body":"{}","at":-5}`, "since 1970"},
		"a tolerance of a month": {`{"provider":"stripe","keys":["0123456789abcdef"],"body":"{}","at":5,"tolerance_seconds":2592000}`, "tolerance_seconds"},
		"an unknown scheme":      {`{"provider":"github","keys":["0123456789"],"options":{"scheme":"md5"},"at":5}`, "no scheme"},
		"a setting that lacks":   {`{"provider":"paypal","certificates":{},"at":5}`, "webhook_id"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			lines := tc.line + "\n" + `{"provider":"huggingface","keys":["0123456789"],"headers":{"X-Webhook-Secret":"0123456789"},"body":"{}","at":5}`
			if err := explainAll(t.Context(), strings.NewReader(lines), &out, &given{}, true); !errors.Is(err, exit.ErrFailed) {
				t.Errorf("ended with %v", err)
			}
			first, second, _ := strings.Cut(out.String(), "\n")
			if !strings.Contains(first, `"verdict":"invalid","code":"misconfigured"`) || !strings.Contains(first, "Line 1 ") || !strings.Contains(first, tc.says) {
				t.Errorf("got %s", first)
			}
			if !strings.Contains(second, `"verdict":"valid"`) {
				t.Errorf("the next line: %s", second)
			}
		})
	}
}

func TestExplain_skipsALineThatIsTooLong(t *testing.T) {
	var out bytes.Buffer
	long := strings.NewReader(`{"provider":"github","body":"` + strings.Repeat("x", maxLine))
	next := strings.NewReader("\n" + `{"provider":"huggingface","keys":["0123456789"],"headers":{"X-Webhook-Secret":"0123456789"},"at":5}`)
	if err := explainAll(t.Context(), io.MultiReader(long, next), &out, &given{}, true); !errors.Is(err, exit.ErrFailed) {
		t.Errorf("ended with %v", err)
	}
	if got := out.String(); !strings.Contains(got, "longer than 64 MiB") || !strings.Contains(got, `"verdict":"valid"`) {
		t.Errorf("got %s", got)
	}
}

// TestExplain_findsTheScheme runs lines that name no scheme.
func TestExplain_findsTheScheme(t *testing.T) {
	for name, tc := range map[string]struct{ line, verdict, scheme, note string }{
		"the secret token of GitLab": {
			`{"provider":"gitlab","keys":["gitlab-token-0001"],"headers":{"X-Gitlab-Token":"gitlab-token-0001"},"body":"{}","at":5}`, "valid", "token", "must name the scheme token, which is a weak one",
		},
		"it beside a wrong signature": {
			`{"provider":"gitlab","keys":["gitlab-token-0001"],"headers":{"X-Gitlab-Token":"gitlab-token-0001","webhook-signature":"v1,AA"},"body":"{}","at":5}`, "invalid", "", "",
		},
		"SHA-1 of GitHub alone": {
			`{"provider":"github","keys":["It's a Secret to Everybody"],"headers":{"X-Hub-Signature":"sha1=5e2f3d8c4e4d9c4ad4d8a8c7c5f4b4f5f3d1c2b1"},"body":"Hello, World!","at":5}`, "invalid", "", "",
		},
		"a sender of one's own": {
			`{"custom":{"name":"acme","schemes":[{"name":"t","kind":"token","signature":"header:x-acme"}],"facts":{"type":["text:e"]}},"keys":["0123456789abcdef"],"headers":{"x-acme":"0123456789abcdef"},"at":5}`, "valid", "t", "",
		},
		"an option of nobody": {
			`{"provider":"huggingface","keys":["0123456789"],"options":{"flavour":1},"headers":{"X-Webhook-Secret":"0123456789"},"at":5}`, "valid", "token", `"flavour" means nothing`,
		},
		"a setting in capitals": {
			`{"provider":"meta","keys":["0123456789abcdef"],"options":{"verifyToken":"t"},"method":"GET","url":"https://h.example/?hub.mode=subscribe&hub.verify_token=t&hub.challenge=17","at":5}`, "handshake", "", "",
		},
		"a handshake without keys": {
			`{"provider":"trello","method":"HEAD","at":5}`, "handshake", "", "",
		},
		"a secret handed over during setup": {
			`{"provider":"asana","options":{"setup":true},"headers":{"X-Hook-Secret":"b537207f20cbfa02357cf448134da559"},"at":5}`, "handshake", "", "",
		},
		"a secret handed over without setup": {
			`{"provider":"asana","headers":{"X-Hook-Secret":"b537207f20cbfa02357cf448134da559"},"at":5}`, "invalid", "", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			var got verdict
			if err := explainAll(t.Context(), strings.NewReader(tc.line), &out, &given{}, true); err != nil || json.Unmarshal(out.Bytes(), &got) != nil {
				t.Fatalf("%v: %s", err, out.String())
			}
			if got.Verdict != tc.verdict || got.Scheme != tc.scheme || !strings.Contains(strings.Join(got.Notes, " "), tc.note) {
				t.Errorf("got %s", out.String())
			}
		})
	}
}

func TestExplain_textFitsATerminal(t *testing.T) {
	v := verdict{Provider: "github", Verdict: "invalid", Code: "signature_invalid", Causes: []string{strings.Repeat("word ", 40)}, Notes: []string{"A note."}}
	var out bytes.Buffer
	if err := v.print(&out, false); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	if len(lines) < 4 || !strings.HasPrefix(lines[2], "  word") || !strings.Contains(out.String(), "\n  A note.\n") {
		t.Error(out.String())
	}
	for _, line := range lines {
		if len(line) > 80 {
			t.Errorf("%d columns: %s", len(line), line)
		}
	}
}

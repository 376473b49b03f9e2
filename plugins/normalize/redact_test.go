package normalize_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/redact"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

func rules(pairs ...string) normalize.Config {
	cfg := normalize.Config{RedactKey: config.NewSecret("a key of the tests")}
	for i := 0; i < len(pairs); i += 2 {
		cfg.Redact = append(cfg.Redact, normalize.RedactConfig{Path: pairs[i], Action: pairs[i+1]})
	}
	return cfg
}

// TestRedact_linesOfJSONEachHaveTheirDocument also lets a path lead through the array.
func TestRedact_linesOfJSONEachHaveTheirDocument(t *testing.T) {
	lines := typed(t, "", spec.FormatJSON, spec.FormatLines)
	for body, want := range map[string]string{
		`{"card":"4111","a":1}`:                    `{"a":1}`,
		`{"card":"4111","a":1}` + "\n" + `{"a":2}`: `[{"a":1},{"a":2}]`,
		`{"a":1}` + "\n" + `{"card":"4111","b":1}`: `[{"a":1},{}]`,
		`{"b":0}` + "\n" + `[{"card":"4111"}]`:     `[{"b":0},[{"card":"4111"}]]`,
	} {
		stage, err := normalize.New(lines, rules("$.card", "drop", "$[1].b", "drop"), normalize.WithUnverified())
		if err != nil {
			t.Fatal(err)
		}
		d := &pipeline.Delivery{Method: "POST", Body: []byte(body)}
		if err := stage.Handle(t.Context(), d); err != nil || string(d.Event().Data) != want {
			t.Errorf("%q: %v, want %s: %v", body, d.Event(), want, err)
		}
	}
}

func TestRedact_beforeFactsAreRead(t *testing.T) {
	mac := hmac.New(sha256.New, []byte("a key of the tests"))
	mac.Write([]byte("octo-corp/hello"))
	hashed := "hmac-sha256:" + hex.EncodeToString(mac.Sum(nil))
	tests := map[string]struct {
		contentType, body             string
		cfg                           normalize.Config
		data, action, tenant, subject string
		redacted                      bool
	}{
		"nothing is hit":          {"application/json", push, rules("$.nobody", "drop"), push, "opened", "octo-corp", "octo-corp/hello", false},
		"a value that is no fact": {"application/json", push, rules("$.u", "drop"), strings.Replace(push, `,"u":"\u00e9"`, "", 1), "opened", "octo-corp", "octo-corp/hello", true},
		"the subject is dropped":  {"application/json", push, rules("$.repository", "drop"), strings.Replace(push, `,"repository":{"full_name":"octo-corp/hello"}`, "", 1), "opened", "octo-corp", "", true},
		"the subject is hashed":   {"application/json", push, rules("$.repository.full_name", "hash"), strings.Replace(push, "octo-corp/hello", hashed, 1), "opened", "octo-corp", hashed, true},
		"a mask is no fact":       {"application/json", push, rules("$.organization.login", "mask", "$.action", "mask"), strings.NewReplacer(`"login":"octo-corp"`, `"login":"[redacted]"`, `"opened"`, `"[redacted]"`).Replace(push), "", "", "octo-corp/hello", true},
		"a document of a form":    {"application/x-www-form-urlencoded", "payload=%7B%22action%22%3A%22opened%22%2C%22organization%22%3A%7B%22login%22%3A%22octo-corp%22%7D%7D", rules("$.organization", "drop"), `{"action":"opened"}`, "opened", "", "", true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			e, err := handle(t, github(tc.body, "content-type", tc.contentType), tc.cfg)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.data, string(e.Data)); diff != "" {
				t.Errorf("data (-want +got):\n%s", diff)
			}
			if e.Action != tc.action || e.Tenant != tc.tenant || e.Subject != tc.subject || e.Redacted != tc.redacted || e.ID != "d1" {
				t.Errorf("got %+v", e)
			}
			if strings.Contains(string(e.AppendJSON(nil)), `"redacted":true`) != tc.redacted {
				t.Errorf("redacted is not told: %s", e.AppendJSON(nil))
			}
		})
	}
}

// TestRedact_everyForm holds that a rule finds its value however the body was written.
func TestRedact_everyForm(t *testing.T) {
	for name, tc := range map[string]struct {
		form spec.Format
		body string
	}{
		"JSON":           {spec.FormatJSON, `{"card":"4111","a":1}`},
		"a form":         {spec.FormatForm, "card=4111&a=1"},
		"a form's field": {spec.FormatForm, "%63ard=4111&a=1&card=4111"},
		"lines":          {spec.FormatLines, "{\"card\":\"4111\",\"a\":1}"},
		"XML":            {spec.FormatXML, "<x><card>4111</card><a>1</a></x>"},
		"multipart":      {spec.FormatMultipart, "--B\r\nContent-Disposition: form-data; name=\"card\"\r\n\r\n4111\r\n--B--\r\n"},
		"a token":        {spec.FormatJWT, "e30." + base64.RawURLEncoding.EncodeToString([]byte(`{"card":"4111","a":1}`)) + ".c2ln"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := rules("$.card", "drop", "$.x.card", "drop", "$[*].card", "drop")
			p := typed(t, "", tc.form)
			stage, err := normalize.New(p, cfg)
			if err != nil {
				t.Fatal(err)
			}
			for _, claimed := range contentTypes() {
				d := github(tc.body, "content-type", claimed)
				d.Verification.Provider = p.Name
				if err := stage.Handle(t.Context(), d); err != nil {
					t.Fatalf("%q: %v", claimed, err)
				}
				if encoded := string(d.Event().AppendJSON(nil)); strings.Contains(encoded, "4111") {
					t.Errorf("%q: %s", claimed, encoded)
				}
			}
		})
	}
}

func TestRedact_maskedIDIsNoID(t *testing.T) {
	stage, err := normalize.New(row(t, "stripe"), rules("$.id", "mask"), normalize.WithUnverified())
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{`{"id":"evt_1","type":"a.b"}`, `{"id":"evt_2","type":"a.b"}`} {
		d := &pipeline.Delivery{Method: "POST", Body: []byte(body), Route: "r"}
		if err := stage.Handle(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		if want := event.FallbackID(nil, "stripe", "r", "content:"+provider.DigestOf([]byte(body)).String()+":a:b:"); d.Event().ID != want {
			t.Errorf("id %q, want %q", d.Event().ID, want)
		}
	}
}

func TestRedact_maskedPartOfAnIDMakesNoID(t *testing.T) {
	stage, err := normalize.New(row(t, "docusign"), rules("$.data.envelopeId", "mask"), normalize.WithUnverified())
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, body := range []string{`{"data":{"envelopeId":"a"},"event":"sent","generatedDateTime":"3"}`, `{"data":{"envelopeId":"b"},"event":"sent","generatedDateTime":"3"}`} {
		d := &pipeline.Delivery{Method: "POST", Body: []byte(body), Route: "r", Headers: pipeline.Headers{{Name: "content-type", Value: "application/json"}}}
		if err := stage.Handle(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		ids[d.Event().ID] = true
	}
	if len(ids) != 2 {
		t.Errorf("two events have one id: %v", ids)
	}
}

func TestRedact_refusesWhatIsNoJSON(t *testing.T) {
	for name, tc := range map[string]struct {
		form spec.Format
		body string
	}{
		"bytes":                      {spec.FormatBytes, "\x89PNG"},
		"a form that is not UTF-8":   {spec.FormatForm, "email=%FF"},
		"text of an unknown content": {spec.FormatBytes, "e@x"},
	} {
		t.Run(name, func(t *testing.T) {
			stage, err := normalize.New(typed(t, "", tc.form), rules("$..email", "mask"), normalize.WithUnverified())
			if err != nil {
				t.Fatal(err)
			}
			d := github(tc.body)
			var reject *pipeline.Reject
			if err := stage.Handle(t.Context(), d); !errors.As(err, &reject) || reject.Code != pipeline.Malformed || !errors.Is(err, normalize.ErrUnredacted) || d.Items != nil {
				t.Errorf("got %v, want malformed", err)
			}
		})
	}
	var reject *pipeline.Reject
	if _, err := handle(t, github("{", "content-type", "application/json"), rules("$..email", "mask")); !errors.As(err, &reject) || !errors.Is(err, provider.ErrBody) {
		t.Errorf("JSON that is none: %v, want ErrBody", err)
	}
}

func TestRedact_redactedQueryDoesNotComeBack(t *testing.T) {
	stage, err := normalize.New(row(t, "vonage-sms"), rules("$.messageId", "drop", "$['api-key']", "mask"), normalize.WithUnverified())
	if err != nil {
		t.Fatal(err)
	}
	d := &pipeline.Delivery{Method: "GET", RawQuery: "api-key=s3cret&messageId=s3cret&status=delivered"}
	if err := stage.Handle(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if got := string(d.Event().AppendJSON(nil)); strings.Contains(got, "s3cret") || d.Event().Type != "delivered" || !d.Event().Redacted {
		t.Errorf("got %s", got)
	}
}

func TestRedact_faultsNameTheRule(t *testing.T) {
	for name, tc := range map[string]struct {
		cfg  normalize.Config
		want string
		is   error
	}{
		"a path":                 {rules("$.fine", "drop", "email", "drop"), "redact[1].path: ", redact.ErrPath},
		"a hash without a key":   {normalize.Config{Redact: []normalize.RedactConfig{{Path: "$.a", Action: "hash"}}}, "redact[0].action: ", redact.ErrKey},
		"a directory for nobody": {normalize.Config{Validation: normalize.ValidationConfig{Directory: "/x"}}, "validation.on_invalid: ", normalize.ErrConfig},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := normalize.New(row(t, "github"), tc.cfg); !errors.Is(err, tc.is) || !strings.HasPrefix(err.Error(), tc.want) {
				t.Errorf("got %v, want %s...", err, tc.want)
			}
		})
	}
}

func TestMetrics_redactPathIdleForADay(t *testing.T) {
	now := received()
	registry := prometheus.NewPedanticRegistry()
	metrics, err := normalize.NewMetrics(registry, func(name string) string { return name }, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	stage, err := normalize.New(row(t, "github"), rules("$.u", "drop", "$.typo", "drop"), normalize.WithMetrics(metrics))
	if err != nil {
		t.Fatal(err)
	}
	expect := func(when, used, typo string) {
		t.Helper()
		want := `
# HELP webhook_edge_normalize_redact_idle 1 for a path of a redaction that has led to nothing for a day, else 0, by provider and path.
# TYPE webhook_edge_normalize_redact_idle gauge
webhook_edge_normalize_redact_idle{path="$.typo",provider="github"} ` + typo + `
webhook_edge_normalize_redact_idle{path="$.u",provider="github"} ` + used + "\n"
		if used == "" {
			want = ""
		}
		if err := testutil.GatherAndCompare(registry, bytes.NewBufferString(want), "webhook_edge_normalize_redact_idle"); err != nil {
			t.Errorf("%s: %v", when, err)
		}
	}
	expect("at first", "0", "0")
	now = now.Add(25 * time.Hour)
	d := github(push, "content-type", "application/json")
	d.ReceivedAt = now.Add(-time.Hour)
	if err := stage.Handle(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	expect("after a day", "0", "1")
	now = now.Add(24 * time.Hour)
	expect("after another", "1", "1")
	stage.Close()
	expect("when the stage is gone", "", "")
}

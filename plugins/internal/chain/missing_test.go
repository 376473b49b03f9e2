package chain

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/provider/catalogue"
)

func TestMissingSecrets_alarmWhileAnotherIsUsed(t *testing.T) {
	const good = `{"value":"a-secret-of-a-test"}`
	const gone = `{"value":"","$refs":{"value":"{vault://env/gone}"}}`
	const key, goneKey = `{"id":"k1","value":"cXVhcmFudGluZS1rZXktb2YtdGhlLXRlc3RzLW9ubHk="}`, `{"id":"k2","value":"","$refs":{"value":"{vault://env/key}"}}`
	const publish = `"servers":["nats://127.0.0.1:1"]`
	const why, whyKey = "the vault reference {vault://env/gone} did not resolve", "the vault reference {vault://env/key} did not resolve"
	tests := map[string]struct {
		plugin string
		config string
		want   []string // of /readyz
		faults []string // where nothing is left
	}{
		"nothing is missing":   {"webhook-edge", `{"provider":"github","verify":{"secrets":[` + good + `]},"publish":{` + publish + `}}`, nil, nil},
		"the newest secret":    {"webhook-edge", `{"provider":"github","verify":{"secrets":[` + gone + `,` + good + `]},"publish":{` + publish + `}}`, []string{"github: verify.secrets[0].value: " + why}, nil},
		"the oldest, alone":    {"webhook-verify", `{"provider":"github","secrets":[` + good + `,` + gone + `]}`, []string{"github: secrets[1].value: " + why}, nil},
		"a key that was used":  {"webhook-edge", `{"provider":"github","verify":{"secrets":[` + good + `]},"publish":{` + publish + `},"quarantine":{"keys":[` + key + `,` + goneKey + `]}}`, []string{"github: quarantine.keys[1].value: " + whyKey}, nil},
		"the same, alone":      {"webhook-publish", `{"provider":"github",` + publish + `,"quarantine":{"keys":[` + key + `,` + goneKey + `]}}`, []string{"github: quarantine.keys[1].value: " + whyKey}, nil},
		"all secrets":          {"webhook-edge", `{"provider":"github","verify":{"secrets":[` + gone + `,{"value":""}]},"publish":{` + publish + `}}`, nil, []string{"verify.secrets[0].value: " + why, "verify.secrets[1].value: must not be empty"}},
		"all during setup":     {"webhook-edge", `{"provider":"asana","verify":{"setup":true,"secrets":[` + gone + `]},"publish":{` + publish + `}}`, nil, []string{"verify.secrets[0].value: " + why}},
		"the key that is used": {"webhook-edge", `{"provider":"github","verify":{"secrets":[` + good + `]},"publish":{` + publish + `},"quarantine":{"keys":[` + goneKey + `,` + key + `]}}`, nil, []string{"quarantine.keys[0].value: invalid setting: " + whyKey + ", and it is the key in use"}},
		"a reference misspelt": {"webhook-edge", `{"provider":"github","verify":{"secrets":[{"value":"{valt://env/x}"},` + good + `]},"publish":{` + publish + `}}`, nil, []string{"verify.secrets[0].value: looks like a placeholder or a reference that nothing resolved"}},
		"the key of redaction": {"webhook-edge", `{"provider":"github","verify":{"secrets":[` + good + `]},"publish":{` + publish + `},"normalize":{"redact_key":"","$refs":{"redact_key":"{vault://env/gone}"}}}`, nil, []string{"normalize.redact_key: " + why}},
		"a token of NATS":      {"webhook-edge", `{"provider":"github","verify":{"secrets":[` + good + `]},"publish":{` + publish + `,"token":"","$refs":{"token":"{vault://env/gone}"}}}`, nil, []string{"publish.token: " + why}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			log := &lines{}
			logger := telemetry.NewLogger(log, slog.LevelDebug)
			metrics, err := telemetry.NewMetrics("test", catalogue.Names(), Stages())
			if err != nil {
				t.Fatal(err)
			}
			server := telemetry.NewServer(metrics, logger)
			process, err := Open(pluginserver.Env{Logger: logger, Metrics: metrics, Checks: server, Now: time.Now}, "test")
			if err != nil {
				t.Fatal(err)
			}
			defer process.Close()
			h, err := process.Build(tc.plugin, []byte(tc.config))
			if tc.faults != nil {
				if diff := cmp.Diff(tc.faults, strings.Split(err.Error(), "\n")); diff != "" {
					t.Errorf("faults (-want +got):\n%s", diff)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			alarmed(t, server, metrics, tc.want)
			if strings.Contains(log.String(), `"level":"ERROR"`) != (tc.want != nil) {
				t.Errorf("log:\n%s", log)
			}
			h.Close()
			alarmed(t, server, metrics, nil)
		})
	}
}

// alarmed compares what /readyz and the metric say is missing.
func alarmed(t *testing.T, server *telemetry.Server, metrics *telemetry.Metrics, want []string) {
	t.Helper()
	answer := httptest.NewRecorder()
	server.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/readyz", nil))
	text := answer.Body.String()
	if strings.Contains(text, `{"name":"secrets","ok":true,"degraded":true`) != (want != nil) {
		t.Errorf("readyz: %s", text)
	}
	for _, line := range want {
		if !strings.Contains(text, line) {
			t.Errorf("readyz does not say %q: %s", line, text)
		}
	}
	families, err := metrics.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() != "webhook_edge_missing_secrets" {
			continue
		}
		for _, m := range f.GetMetric() {
			got := int(m.GetGauge().GetValue())
			if of := m.GetLabel()[0].GetValue(); of == "github" && got != len(want) || of != "github" && got != 0 {
				t.Errorf("the metric of %s is %d", of, got)
			}
		}
	}
	if problems, err := testutil.GatherAndLint(metrics, "webhook_edge_missing_secrets"); err != nil || len(problems) > 0 {
		t.Errorf("the metric: %v, %v", problems, err)
	}
}

// TestPlaceholders_areRefusedInEverySecret puts a reference that nothing resolved
// into every field that is a secret.
func TestPlaceholders_areRefusedInEverySecret(t *testing.T) {
	for _, p := range Plugins() {
		fields := secretFields(reflect.TypeOf(p.Config))
		if has := strings.Contains(samples()[p.Name].config, "%[1]s"); has != (len(fields) > 0) {
			t.Errorf("%s: %d secrets are found, its sample has some: %v", p.Name, len(fields), has)
		}
		for path, document := range fields {
			for _, text := range []string{`{valt://env/some-secret}`, `${SOME_SECRET}`, `{{ .Values.secret }}`, `<change-me>`, `op://vault/item/secret`} {
				err := config.Decode([]byte(strings.Replace(document, "VALUE", text, 1)), reflect.New(reflect.TypeOf(p.Config)).Interface())
				if err == nil || !strings.Contains(err.Error(), path+": looks like a placeholder") || strings.Contains(err.Error(), text) {
					t.Errorf("%s: %s in %s: %v", p.Name, text, path, err)
				}
			}
		}
	}
}

// secretFields are documents that hold one secret each, VALUE, by its path.
func secretFields(of reflect.Type) map[string]string {
	if of == reflect.TypeFor[config.Secret]() {
		return map[string]string{"": `"VALUE"`}
	}
	all := map[string]string{}
	switch of.Kind() {
	case reflect.Pointer:
		return secretFields(of.Elem())
	case reflect.Slice:
		for path, document := range secretFields(of.Elem()) {
			all["[0]"+dotted(path)] = "[" + document + "]"
		}
	case reflect.Struct:
		for i := range of.NumField() {
			f := of.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			for path, document := range secretFields(f.Type) {
				switch {
				case f.Anonymous && name == "":
					all[path] = document
				default:
					all[name+dotted(path)] = `{"` + name + `":` + document + `}`
				}
			}
		}
	}
	return all
}

// dotted is a path behind another one.
func dotted(path string) string {
	if path == "" || path[0] == '[' {
		return path
	}
	return "." + path
}

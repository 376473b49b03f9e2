package normalize_test

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"webhookedge/plugins/internal/payloadschema"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/normalize"
)

// directory has a schema of the event octo, which asks for a ticket.
func directory(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "github"), 0o700); err != nil {
		t.Fatal(err)
	}
	text := `{"$id":"https://schemas.example/octo/3","required":["ticket"],"properties":{"ticket":{"type":"string","maxLength":6}}}`
	if err := os.WriteFile(filepath.Join(dir, "github", "octo.json"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestValidation_ofPayloads(t *testing.T) {
	dir := directory(t)
	const id, reason = "https://schemas.example/octo/3", "maxLength at #/properties/ticket"
	good, bad, json := `{"ticket":"A-1"}`, `{"ticket":"s3cret"}`, "application/json"
	bad = strings.Replace(bad, "s3cret", "s3cret-beyond", 1)
	type outcome struct {
		Schema, Invalid string
		Hold            pipeline.Code
		Refused         pipeline.Code
	}
	tests := map[string]struct {
		onInvalid, contentType, body, event string
		require                             bool
		want                                outcome
	}{
		"a good one":                          {"refuse", json, good, "octo", false, outcome{Schema: id}},
		"a bad one that is refused":           {"refuse", json, bad, "octo", false, outcome{Refused: pipeline.PayloadInvalid}},
		"a bad one that is held back":         {"quarantine", json, bad, "octo", false, outcome{Schema: id, Invalid: reason, Hold: pipeline.PayloadInvalid}},
		"a bad one that is tagged":            {"tag", json, bad, "octo", false, outcome{Schema: id, Invalid: reason}},
		"nobody looks":                        {"off", json, bad, "octo", false, outcome{}},
		"no schema":                           {"refuse", json, bad, "another", false, outcome{}},
		"no schema where there must be one":   {"tag", json, bad, "another", true, outcome{Invalid: "no schema is known"}},
		"no schema where there must be, held": {"refuse", json, bad, "another", true, outcome{Refused: pipeline.PayloadInvalid}},
		"a built-in one":                      {"tag", json, `{"ref":"refs/heads/x","ref_type":"branch"}`, "delete", false, outcome{Schema: "urn:webhook-edge:schema:payload:github:delete:v1", Invalid: "required at #"}},
		"bytes have no schema that fits":      {"tag", "image/png", "\x89", "octo", false, outcome{Invalid: "no schema is known"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			cfg := normalize.Config{Validation: normalize.ValidationConfig{OnInvalid: tc.onInvalid, Directory: dir, RequireSchema: tc.require}}
			if tc.onInvalid == "off" {
				cfg.Validation.Directory = ""
			}
			d := github(tc.body, "content-type", tc.contentType)
			d.Headers[0].Value = tc.event
			stage, err := normalize.New(row(t, "github"), cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer stage.Close()
			var got outcome
			var reject *pipeline.Reject
			err = stage.Handle(t.Context(), d)
			switch {
			case errors.As(err, &reject):
				got.Refused = reject.Code
				if !errors.Is(err, normalize.ErrInvalid) || strings.Contains(err.Error(), "s3cret") {
					t.Errorf("got %v, want ErrInvalid without the payload", err)
				}
			case err != nil:
				t.Fatal(err)
			default:
				got = outcome{Schema: d.Event().DataSchema, Invalid: d.Event().Invalid, Hold: d.Items[0].Hold}
				follow(t, compileSchema(t), d.Event().AppendJSON(nil))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDataSchema_isThereWithoutValidation(t *testing.T) {
	for name, want := range map[string]string{"push": "urn:webhook-edge:schema:payload:github:push:v1", "octo": ""} {
		d := github(`{"ref":"refs/heads/main","commits":[]}`, "content-type", "application/json")
		d.Headers[0].Value = name
		e, err := handle(t, d, normalize.Config{})
		if err != nil || e.DataSchema != want || e.Invalid != "" {
			t.Errorf("%s has the schema %q, want %q: %v", name, e.DataSchema, want, err)
		}
	}
}

func TestValidation_beforeRedaction(t *testing.T) {
	cfg := normalize.Config{
		Redact:     []normalize.RedactConfig{{Path: "$.ticket", Action: "drop"}},
		Validation: normalize.ValidationConfig{OnInvalid: "refuse", Directory: directory(t)},
	}
	e, err := handle(t, github(`{"ticket":"A-1"}`, "content-type", "application/json"), cfg)
	if err != nil || string(e.Data) != `{}` || e.DataSchema == "" {
		t.Errorf("got %+v, %v", e, err)
	}
}

func TestValidation_unusableDirectoryIsAFault(t *testing.T) {
	dir := directory(t)
	if err := os.WriteFile(filepath.Join(dir, "github", "push.json"), []byte(`{"type":"nothing"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		dir string
		is  error
	}{
		"a schema that is none":    {dir, payloadschema.ErrSchema},
		"a directory that is gone": {filepath.Join(dir, "gone"), payloadschema.ErrDirectory},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := normalize.Config{Validation: normalize.ValidationConfig{OnInvalid: "tag", Directory: tc.dir}}
			if _, err := normalize.New(row(t, "github"), cfg); !errors.Is(err, tc.is) || !strings.HasPrefix(err.Error(), "validation.directory: ") {
				t.Errorf("got %v, want %v of validation.directory", err, tc.is)
			}
		})
	}
}

func TestMetrics_countInvalidPayloads(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	metrics, err := normalize.NewMetrics(registry, func(name string) string { return name }, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	store := payloadschema.NewStore(slog.New(slog.DiscardHandler), metrics.Reloaded)
	cfg := normalize.Config{Validation: normalize.ValidationConfig{OnInvalid: "tag"}}
	stage, err := normalize.New(row(t, "github"), cfg, normalize.WithMetrics(metrics), normalize.WithSchemas(store))
	if err != nil {
		t.Fatal(err)
	}
	defer stage.Close()
	d := github(`{}`, "content-type", "application/json")
	d.Headers[0].Value = "star"
	if err := stage.Handle(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	metrics.Reloaded(true)
	want := `
# HELP webhook_edge_normalize_invalid_total Events whose payload does not match its schema, by provider and what followed.
# TYPE webhook_edge_normalize_invalid_total counter
webhook_edge_normalize_invalid_total{action="tag",provider="github"} 1
# HELP webhook_edge_normalize_schema_reloads_total Changes of directories of schemas by whether they could be taken over.
# TYPE webhook_edge_normalize_schema_reloads_total counter
webhook_edge_normalize_schema_reloads_total{result="failed"} 0
webhook_edge_normalize_schema_reloads_total{result="ok"} 1
`
	if err := testutil.GatherAndCompare(registry, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
	if problems, err := testutil.GatherAndLint(registry); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}

package normalize_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/internal/payloadschema"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/provider/catalogue"
)

// stray files of a corpus belong to providers that are not in the catalogue
// under the name of their folder; any row of plain JSON will do for them.
const stray = "standard-webhooks"

// TestCorpus_everyFileBecomesAnEvent takes each file of the folder that
// WEBHOOK_CORPUS names, <provider>/<event>..., for a delivery. Without it the
// project's own samples are the corpus.
func TestCorpus_everyFileBecomesAnEvent(t *testing.T) {
	corpus := os.Getenv("WEBHOOK_CORPUS")
	if corpus == "" {
		corpus = filepath.Join("..", "provider", "catalogue", "samples")
	}
	schema, store := compileSchema(t), payloadschema.NewStore(slog.New(slog.DiscardHandler), nil)
	files := 0
	err := filepath.WalkDir(corpus, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".json" {
			return err
		}
		files++
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(corpus, path)
		if err != nil {
			return err
		}
		t.Run(name, func(t *testing.T) {
			d := corpusDelivery(t, name, body)
			err := corpusStage(t, store, d.Verification.Provider).Handle(t.Context(), d)
			if _, scan := jsonscan.Scan(body, nil); scan != nil {
				var reject *pipeline.Reject
				if !errors.As(err, &reject) || reject.Code != pipeline.Malformed {
					t.Errorf("the file is no strict JSON (%v), and yet: %v", scan, err)
				}
				t.Logf("refused, and rightly: %v", scan)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, item := range d.Items {
				e := item.Event
				if err := e.Validate(); err != nil {
					t.Errorf("not whole: %v", err)
				}
				if len(d.Items) == 1 && e.DeliveryID == "" && !bytes.Equal(e.Data, body) {
					t.Error("the data is not the file byte for byte")
				}
				// A file of Slack's with an empty type is a form to be filled in, not an event.
				if item.Hold != pipeline.Accepted && !bytes.Contains(body, []byte(`"type": ""`)) {
					t.Errorf("%s does not match its schema: %s", e.FullType(), e.Invalid)
				}
				encoded := e.AppendJSON(nil)
				follow(t, schema, encoded)
				again, err := event.ParseJSON(encoded)
				if err != nil || again.FullType() != e.FullType() {
					t.Errorf("it does not come back: %v", err)
				}
			}
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 10 {
		t.Errorf("only %d files in %s", files, corpus)
	}
}

func corpusStage(t *testing.T, store *payloadschema.Store, name string) *normalize.Stage {
	t.Helper()
	stage, err := normalize.New(row(t, name), normalize.Config{Validation: normalize.ValidationConfig{OnInvalid: "quarantine"}}, normalize.WithSchemas(store))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stage.Close)
	return stage
}

// corpusDelivery is a delivery of body as the provider would send it. The name
// of a file begins with the event where the provider names it in a header.
func corpusDelivery(t *testing.T, file string, body []byte) *pipeline.Delivery {
	t.Helper()
	folder, base := filepath.Split(file)
	folder, _, _ = strings.Cut(filepath.ToSlash(folder), "/")
	p, ok := catalogue.Lookup(folder)
	if !ok {
		p = row(t, stray)
	}
	name, _, _ := strings.Cut(strings.TrimSuffix(base, ".json"), "__")
	if p.Name == "shopify" { // the files of its API wrap the resource, those of the project are named by the topic
		var object map[string]json.RawMessage
		if err := json.Unmarshal(body, &object); err == nil && object["id"] == nil {
			name = "unknown"
		} else {
			name = strings.ReplaceAll(strings.TrimSuffix(base, ".json"), "__", "/")
		}
	}
	d := &pipeline.Delivery{
		Method: "POST", Body: body, Route: p.Name, RequestID: "r1", ReceivedAt: received(),
		Verification: &pipeline.Verification{Provider: p.Name, Scheme: p.Schemes[0].Name, SecretID: "1"},
	}
	for _, h := range p.Sends {
		if h.Name != "content-type" {
			value := strings.NewReplacer("{event}", name, "{id}", "d1", "{time}", "2026-03-01T12:00:00Z").Replace(h.Value)
			d.Headers = append(d.Headers, pipeline.Header{Name: h.Name, Value: value})
		}
	}
	d.Headers = append(d.Headers, pipeline.Header{Name: "content-type", Value: "application/json"})
	return d
}

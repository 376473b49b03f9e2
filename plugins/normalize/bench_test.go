package normalize_test

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/normalize"
)

// pushOf has the shape of a push event: a head of scalars and objects, then a list of
// commits until size is reached, whose messages are longer in one of megabytes: a payload
// has a limit of names.
func pushOf(size int) string {
	var b strings.Builder
	b.Grow(size + 1024)
	b.WriteString(`{"ref":"refs/heads/main","before":"0","after":"1","repository":{"id":900100,"full_name":"octo-corp/hello-world","owner":{"login":"octo-corp","email":"it@octo-corp.example"}},"pusher":{"name":"mona","email":"mona@octo-corp.example"},"commits":[`)
	message := `Say \"hello\" to the world` + strings.Repeat(" and more", size>>18)
	for i := 0; b.Len() < size-300; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":"%040d","message":"%s","distinct":true,"author":{"name":"Mona","email":"mona@octo-corp.example"},"added":["a.go","b.go"],"removed":[],"modified":[]}`, i, message)
	}
	b.WriteString(`],"organization":{"login":"octo-corp"},"sender":{"login":"mona","id":4001},"compare":"x"}`)
	return b.String()
}

// pushDelivery is a delivery of GitHub's with body, a push.
func pushDelivery(body string) *pipeline.Delivery {
	d := github(body, "content-type", "application/json")
	for i := range d.Headers {
		if strings.EqualFold(d.Headers[i].Name, "x-github-event") {
			d.Headers[i].Value = "push"
		}
	}
	return d
}

// fivePaths are redactions as a route would have them.
func fivePaths() normalize.Config {
	return rules("$.pusher.email", "hash", "$.repository.owner.email", "drop", "$.commits[*].author.email", "mask", "$.sender.id", "mask", "$.compare", "drop")
}

// BenchmarkEvent makes a push event and encodes it, as it is published: as it
// is, with five redactions, and with a schema; beside it what decoding into maps
// and encoding again costs.
func BenchmarkEvent(b *testing.B) {
	sizes := []struct {
		name string
		n    int
	}{{"8KB", 8 << 10}, {"1MB", 1 << 20}, {"25MB", 25 << 20}}
	configs := []struct {
		name string
		cfg  normalize.Config
	}{{"plain", normalize.Config{}}, {"redacted", fivePaths()}, {"validated", normalize.Config{Validation: normalize.ValidationConfig{OnInvalid: "tag"}}}}
	for _, size := range sizes {
		d := pushDelivery(pushOf(size.n))
		d.Headers[0].Value = "push"
		for _, c := range configs {
			stage, err := normalize.New(row(b, "github"), c.cfg)
			if err != nil {
				b.Fatal(err)
			}
			b.Run(size.name+"/"+c.name, func(b *testing.B) {
				var room []byte
				b.SetBytes(int64(len(d.Body)))
				b.ReportAllocs()
				for b.Loop() {
					if err := stage.Handle(b.Context(), d); err != nil {
						b.Fatal(err)
					}
					room = d.Event().AppendJSON(room[:0])
				}
			})
			stage.Close()
		}
		b.Run(size.name+"/encoding-json-map", func(b *testing.B) {
			b.SetBytes(int64(len(d.Body)))
			b.ReportAllocs()
			for b.Loop() {
				var document map[string]any
				if err := json.Unmarshal(d.Body, &document); err != nil {
					b.Fatal(err)
				}
				if _, err := json.Marshal(document); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestHandle_doesNotCopyALargeBody holds the memory of a delivery to the body itself:
// the event refers to it, and a redaction makes one copy.
func TestHandle_doesNotCopyALargeBody(t *testing.T) {
	body := pushOf(4 << 20)
	tests := map[string]struct {
		cfg  normalize.Config
		most int
	}{
		"as it is": {normalize.Config{}, 64 << 10},
		"redacted": {fivePaths(), len(body) + len(body)/8 + 64<<10},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			stage, err := normalize.New(row(t, "github"), tc.cfg)
			if err != nil {
				t.Fatal(err)
			}
			d := pushDelivery(body)
			handle := func() {
				if err := stage.Handle(t.Context(), d); err != nil {
					t.Fatal(err)
				}
			}
			handle() // the scratch of the first is kept
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			handle()
			runtime.ReadMemStats(&after)
			if got := after.TotalAlloc - before.TotalAlloc; got > uint64(tc.most) {
				t.Errorf("%d bytes for a body of %d, want at most %d", got, len(body), tc.most)
			}
		})
	}
}

package redact_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"webhookedge/plugins/internal/redact"
)

// payload has the shape of a push event, until size is reached.
func payload(size int) []byte {
	var b strings.Builder
	b.WriteString(`{"ref":"refs/heads/main","pusher":{"name":"mona","email":"mona@octo-corp.example"},"repository":{"id":900100,"owner":{"login":"octo-corp","email":"x@octo-corp.example"}},"commits":[`)
	for i := 0; b.Len() < size-300; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":"%040d","message":"Say \"hello\" to the world","author":{"name":"Mona","email":"mona@octo-corp.example"},"added":["a.go","b.go"],"removed":[]}`, i)
	}
	b.WriteString(`],"head_commit":{"author":{"email":"mona@octo-corp.example"}},"sender":{"login":"mona","id":4001}}`)
	return []byte(b.String())
}

func BenchmarkApply(b *testing.B) {
	r := compile(b, redact.Rule{Path: "$.pusher.email", Action: redact.Hash}, redact.Rule{Path: "$.repository.owner.email", Action: redact.Drop},
		redact.Rule{Path: "$.commits[*].author.email", Action: redact.Mask}, redact.Rule{Path: "$.head_commit.author.email", Action: redact.Hash}, redact.Rule{Path: "$.sender.id", Action: redact.Mask})
	for _, size := range []int{2 << 10, 8 << 10, 64 << 10} {
		body := payload(size)
		b.Run(fmt.Sprintf("%dKB/redact", size>>10), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				if _, _, err := r.Apply(body); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("%dKB/encoding-json-map", size>>10), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				var document map[string]any
				if err := json.Unmarshal(body, &document); err != nil {
					b.Fatal(err)
				}
				if _, err := json.Marshal(document); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

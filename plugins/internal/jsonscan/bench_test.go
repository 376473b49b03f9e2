package jsonscan_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"webhookedge/plugins/internal/jsonscan"
)

// payload has the shape of a push event: a head of scalars and objects, then a
// list of commits until size is reached.
func payload(size int) []byte {
	var b strings.Builder
	b.WriteString(`{"ref":"refs/heads/main","repository":{"id":900100,"full_name":"octo-corp/hello-world","owner":{"login":"octo-corp","id":7}},"commits":[`)
	for i := 0; b.Len() < size-300; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":"%040d","message":"Say \"hello\" to the world","distinct":true,"author":{"name":"Mona","email":"mona@octo-corp.example"},"added":["a.go","b.go"],"removed":[],"modified":[]}`, i)
	}
	b.WriteString(`],"action":"created","organization":{"login":"octo-corp"},"sender":{"login":"mona","id":4001}}`)
	return []byte(b.String())
}

func BenchmarkScan(b *testing.B) {
	paths := compile(b, "action", "organization.login", "repository.owner.login", "installation.account.login", "repository.full_name")
	for _, size := range []int{2 << 10, 8 << 10, 64 << 10} {
		body := payload(size)
		b.Run(fmt.Sprintf("%dKB/jsonscan", size>>10), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				if _, err := jsonscan.Scan(body, paths); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("%dKB/pick", size>>10), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				jsonscan.Pick(body, paths)
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
			}
		})
	}
}

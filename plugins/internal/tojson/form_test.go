package tojson_test

import (
	"testing"

	"webhookedge/plugins/internal/tojson"
)

func TestALargeDocumentIsDecodedOnce(t *testing.T) {
	const size = 4 << 20
	body := make([]byte, 0, size+64)
	body = append(body, "payload=%5B"...)
	for range size {
		body = append(body, '1')
	}
	body = append(body, "%5D"...)
	result := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, _, err := tojson.Form(body, "payload"); err != nil {
				b.Fatal(err)
			}
		}
	})
	if got := result.AllocedBytesPerOp(); got > size+size/4 {
		t.Errorf("%d bytes for a document of %d", got, size)
	}
}

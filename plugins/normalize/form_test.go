package normalize

import (
	"errors"
	"net/url"
	"testing"
)

// FuzzUnescape holds the decoder against the one of net/url, which it replaces
// for the sake of memory.
func FuzzUnescape(f *testing.F) {
	for _, seed := range []string{"", "a+b", "%41%zz", "%", "%4", "%e9%E9", "a%2Bb%"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		want, wantErr := url.QueryUnescape(raw)
		got, err := unescape([]byte(raw))
		if (err == nil) != (wantErr == nil) || err == nil && string(got) != want {
			t.Fatalf("unescape(%q) = %q, %v, want %q, %v", raw, got, err, want, wantErr)
		}
		if err != nil && !errors.Is(err, ErrForm) {
			t.Fatalf("got %v, want ErrForm", err)
		}
	})
}

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
			if _, err := formToJSON(body, "payload"); err != nil {
				b.Fatal(err)
			}
		}
	})
	if got := result.AllocedBytesPerOp(); got > size+size/4 {
		t.Errorf("%d bytes for a document of %d", got, size)
	}
}

package provider_test

import (
	"errors"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
)

// hostile are bodies of size bytes in the forms of which some scheme makes copies.
func hostile(size int, document string) map[string]struct{ contentType, body string } {
	return map[string]struct{ contentType, body string }{
		"a JSON string":                 {"application/json", `{"a":"` + strings.Repeat("x", size) + `"}`},
		"a JSON string of escapes":      {"application/json", `{"a":"` + strings.Repeat(`\n`, size/2) + `"}`},
		"a form of one field":           {"application/x-www-form-urlencoded", "a=" + strings.Repeat("x", size)},
		"a form of escapes":             {"application/x-www-form-urlencoded", "a=" + strings.Repeat("%41", size/3)},
		"a form with a document":        {"application/x-www-form-urlencoded", document + "={" + strings.Repeat("+", size) + "}"},
		"a form of 900 fields":          {"application/x-www-form-urlencoded", strings.Repeat("%61="+strings.Repeat("b", size/900)+"&", 900)},
		"a multipart form":              {"multipart/form-data; boundary=b", "--b\r\ncontent-disposition: form-data; name=\"" + document + "\"\r\n\r\n" + strings.Repeat("x", size) + "\r\n--b--\r\n"},
		"text, which nothing can parse": {"text/plain", strings.Repeat("x", size)},
	}
}

// TestUnprovedCopies_holdForEveryScheme lets every scheme look at bodies that nobody
// signed, and counts what it allocates for them, garbage too.
func TestUnprovedCopies_holdForEveryScheme(t *testing.T) {
	size, streaming := 512<<10, 0 // a delivery of hundreds of schemes in eight forms, each hashed twice
	cases(t, func(t *testing.T, c *scheme) {
		v := c.verifier(t)
		if v.UnprovedCopies() == 0 {
			streaming++
		}
		good := c.sign(t, at(), c.pair.Private)
		document := c.row.Facts.FormJSON
		if document == "" {
			document = "payload"
		}
		for name, sent := range hostile(size, document) {
			r := good
			r.Body = []byte(sent.body)
			r.Headers = append(changed(good, "content-type", func(string) []string { return nil }), spec.Header{Name: "content-type", Value: sent.contentType})
			got := allocated(func() {
				_, _ = v.Handshake(r, false, false)
				_, _ = c.verify(v, r, at())
			})
			most := v.UnprovedCopies()*len(r.Body) + size/8
			if raceDetector { // with it the compiler makes the new part of a slice that grows (slices.Grow) a second time
				most += len(r.Body) * 3 / 2
			}
			if got > most {
				t.Errorf("%s of %d bytes: %d bytes allocated, want %d at most", name, len(r.Body), got, most)
			}
		}
	})
	if all := len(catalogue.All()); streaming < all/2 {
		t.Errorf("only %d schemes of %d providers hash the body as it came", streaming, all)
	}
}

// allocated is how many bytes f allocates, other goroutines' included.
func allocated(f func()) int {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc - before.TotalAlloc)
}

// TestUnprovedCopies_goWithTheDelivery holds that a verifier keeps nothing of what it
// copied.
func TestUnprovedCopies_goWithTheDelivery(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // a pool forgets what two collections find in it
	p := lookup(t, "twilio")
	c := newScheme(t, p, p.Schemes[0])
	v := c.verifier(t)
	r := c.sign(t, at(), c.pair.Private)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	r.Body = []byte("a=" + strings.Repeat("x", 4<<20))
	if _, err := c.verify(v, r, at()); !errors.Is(err, provider.ErrMismatch) {
		t.Fatalf("got %v", err)
	}
	r.Body = nil
	runtime.GC()
	runtime.ReadMemStats(&after)
	if kept := int64(after.HeapAlloc) - int64(before.HeapAlloc); kept > 1<<20 {
		t.Errorf("%d bytes are kept", kept)
	}
}

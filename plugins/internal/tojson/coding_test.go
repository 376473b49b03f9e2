package tojson_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"

	"webhookedge/plugins/internal/tojson"
)

func packed(t testing.TB, text string, open func(io.Writer) io.WriteCloser) []byte {
	t.Helper()
	var b bytes.Buffer
	w := open(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zip(t testing.TB, text string) []byte {
	return packed(t, text, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
}

func deflate(t testing.TB, text string, level int) []byte {
	return packed(t, text, func(w io.Writer) io.WriteCloser {
		z, err := zlib.NewWriterLevel(w, level)
		if err != nil {
			t.Fatal(err)
		}
		return z
	})
}

func TestExpand(t *testing.T) {
	text := strings.Repeat("x", 1000)
	zipped, framed := zip(t, text), deflate(t, text, zlib.DefaultCompression)
	raw := packed(t, text, func(w io.Writer) io.WriteCloser {
		f, err := flate.NewWriter(w, flate.BestSpeed)
		if err != nil {
			t.Fatal(err)
		}
		return f
	})
	broken := bytes.Clone(zipped)
	broken[len(broken)-5]++
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	tests := map[string]struct {
		body   []byte
		coding string
		limit  int
		want   string
		err    error
	}{
		"none":                          {[]byte(text), "", 10, text, nil},
		"identity":                      {[]byte(text), " Identity ", 10, text, nil},
		"a charset for a coding":        {[]byte(text), "UTF-8", 10, text, nil},
		"nothing but commas":            {[]byte(text), " , ,", 10, text, nil},
		"gzip, exactly the limit":       {zipped, "gzip", 1000, text, nil},
		"gzip in another spelling":      {zipped, "X-GZIP", 1000, text, nil},
		"gzip and identity":             {zipped, "gzip, identity", 1000, text, nil},
		"identity and gzip":             {zipped, "IDENTITY,gzip", 1000, text, nil},
		"gzip and a charset":            {zipped, "utf-8 ,\tgzip", 1000, text, nil},
		"gzip without a header":         {zipped, "", 1000, text, nil},
		"gzip as identity":              {zipped, "identity", 1000, text, nil},
		"gzip as deflate":               {zipped, "deflate", 1000, "", tojson.ErrEncoding},
		"deflate in its frame":          {framed, "deflate", 1000, text, nil},
		"deflate of the lowest level":   {deflate(t, text+"\xff", zlib.NoCompression), "deflate", 1001, text + "\xff", nil},
		"deflate of the best level":     {deflate(t, text, zlib.BestCompression), "deflate", 1000, text, nil},
		"deflate as gzip":               {framed, "gzip", 1000, "", tojson.ErrEncoding},
		"deflate without a header":      {framed, "", 1000, "", tojson.ErrEncoding},
		"a bomb without a header":       {framed, "", 10, "", tojson.ErrEncoding},
		"what only begins like deflate": {join(framed[:20], []byte("\xff")), "", 1000, string(framed[:20]) + "\xff", nil},
		"a text that begins like it":    {[]byte("x^2"), "", 1000, "x^2", nil},
		"a text that is said to be it":  {[]byte("x^2"), "deflate", 1000, "", tojson.ErrEncoding},
		"deflate without a frame":       {raw, "deflate", 1000, "", tojson.ErrEncoding},
		"gzip, a byte too large":        {zipped, "gzip", 999, "", tojson.ErrExpanded},
		"gzip too large, no header":     {zipped, "", 999, "", tojson.ErrExpanded},
		"deflate too large":             {framed, "deflate", 999, "", tojson.ErrExpanded},
		"gzip that is cut":              {zipped[:len(zipped)-9], "gzip", 1000, "", tojson.ErrEncoding},
		"gzip that is cut, no header":   {zipped[:len(zipped)-9], "", 1000, "", tojson.ErrEncoding},
		"gzip of a wrong sum":           {broken, "gzip", 1000, "", tojson.ErrEncoding},
		"gzip that is none":             {[]byte(text), "gzip", 1000, "", tojson.ErrEncoding},
		"gzip of another method":        {[]byte("\x1f\x8b\x07\x00"), "gzip", 1000, "", tojson.ErrEncoding},
		"nothing as gzip":               {nil, "gzip", 1000, "", tojson.ErrEncoding},
		"deflate that is none":          {[]byte(text), "deflate", 1000, "", tojson.ErrEncoding},
		"gzip in two members":           {join(zipped, zipped), "gzip", 2000, "", tojson.ErrEncoding},
		"gzip and an empty member":      {join(zipped, zip(t, "")), "gzip", 2000, "", tojson.ErrEncoding},
		"gzip with something behind":    {join(zipped, []byte("x")), "gzip", 1000, "", tojson.ErrEncoding},
		"deflate with something behind": {join(framed, []byte("x")), "deflate", 1000, "", tojson.ErrEncoding},
		"two codings":                   {zip(t, string(zipped)), "gzip, gzip", 1000, "", tojson.ErrEncoding},
		"two codings of two kinds":      {zipped, "deflate, gzip", 1000, "", tojson.ErrEncoding},
		"Brotli":                        {[]byte(text), "br", 1000, "", tojson.ErrEncoding},
		"Zstandard":                     {[]byte(text), "zstd", 1000, "", tojson.ErrEncoding},
		"compress":                      {[]byte(text), "compress", 1000, "", tojson.ErrEncoding},
		"one of nobody beside identity": {[]byte(text), "identity, x-nobody", 1000, "", tojson.ErrEncoding},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := tojson.Expand(tc.body, tc.coding, tc.limit)
			if !errors.Is(err, tc.err) || string(got) != tc.want {
				t.Errorf("got %d bytes, %v, want %d, %v", len(got), err, len(tc.want), tc.err)
			}
		})
	}
}

func TestExpand_bomb(t *testing.T) {
	const most = 1 << 20
	body := zip(t, strings.Repeat("\x00", 64<<20))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := tojson.Expand(body, "gzip", most)
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; !errors.Is(err, tojson.ErrExpanded) || got > 3*most {
		t.Errorf("%d bytes, %v", got, err)
	}
}

// FuzzExpand holds that no header makes something else of a body: the result is that
// without a header, or that of the one header that agrees, or an error.
func FuzzExpand(f *testing.F) {
	f.Add(zip(f, `{"a":1}`), "gzip, identity")
	f.Add(deflate(f, `{"a":1}`, zlib.BestSpeed), "deflate")
	f.Add([]byte(`{"a":1}`), "utf-8")
	f.Add([]byte("x^"), "br")
	f.Fuzz(func(t *testing.T, body []byte, header string) {
		const most = 1 << 16
		var event []byte
		for _, h := range []string{"", "gzip", "deflate", header, header + ",identity", "x-gzip,", "utf-8"} {
			got, err := tojson.Expand(body, h, most)
			if err != nil {
				if !errors.Is(err, tojson.ErrEncoding) && !errors.Is(err, tojson.ErrExpanded) {
					t.Fatalf("an error of no kind: %v", err)
				}
				continue
			}
			if len(got) > most && len(got) > len(body) {
				t.Fatalf("%d bytes", len(got))
			}
			if got == nil {
				got = []byte{}
			}
			if event != nil && !bytes.Equal(event, got) {
				t.Fatalf("header %q: %q, and before %q", h, got, event)
			}
			event = got
		}
	})
}

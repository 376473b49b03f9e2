package tojson_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/internal/tojson"
)

func TestLines(t *testing.T) {
	got, err := tojson.Lines([]byte("\ufeff{\"a\": 1.0}\r\n\n [2] \n\"x\""))
	if err != nil || string(got) != `[{"a": 1.0},[2],"x"]` {
		t.Errorf("got %s, %v", got, err)
	}
	if got, err := tojson.Lines(nil); err != nil || string(got) != "[]" {
		t.Errorf("no lines: %s, %v", got, err)
	}
	for name, body := range map[string]string{
		"too many lines": strings.Repeat("1\n", tojson.MaxItems+1), "too many blank lines": strings.Repeat("\n", 2*tojson.MaxItems+1), "a value over two lines": "[1\n2]", "two values on a line": "1,2", "an end of the list": "1],[2", "text": "hello",
	} {
		if got, err := tojson.Lines([]byte(body)); !errors.Is(err, tojson.ErrLines) || got != nil {
			t.Errorf("%s: %.100s, %v, want ErrLines", name, got, err)
		}
	}
}

func TestToken(t *testing.T) {
	part := base64.RawURLEncoding.EncodeToString
	good := part([]byte(`{"alg":"RS256"}`)) + "." + part([]byte(`{"sub": "a"}`)) + ".c2ln"
	for _, body := range []string{good, good + "\n", "\ufeff" + good} {
		if got, err := tojson.Token([]byte(body)); err != nil || string(got) != `{"sub": "a"}` {
			t.Errorf("got %s, %v", got, err)
		}
	}
	for name, body := range map[string]string{
		"nothing": "", "JSON": "{}", "two parts": "e30.e30", "an encrypted one": "e30.e30.e30.e30.e30", "base64 that is none": "e30.!.c2ln", "base64 with padding": "e30.e30=.c2ln", "no claims": "e30..c2ln", "no head": ".e30.c2ln",
		"no signature": "e30.e30.", "a head that is no object": part([]byte("[]")) + ".e30.c2ln", "a head that is no JSON": part([]byte("{")) + ".e30.c2ln", "a line end in a part": "e30.e\n30.c2ln", "bits that count for nothing": "e30.e31.c2ln", "one character": "e30.e30.c",
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := tojson.Token([]byte(body)); !errors.Is(err, tojson.ErrToken) || got != nil {
				t.Errorf("got %s, %v, want ErrToken", got, err)
			}
		})
	}
}

// FuzzConversions holds that what is converted is JSON, and that errors are of
// the known kinds and say nothing of the body.
func FuzzConversions(f *testing.F) {
	f.Add([]byte("a=1&a=2&b=%C3%A9"))
	f.Add([]byte(`x=1&document={"a":1}`))
	f.Add([]byte(parts("Content-Disposition: form-data; name=\"a\"; filename=\"b\"\r\nContent-Type: a/b\r\n\r\nc")))
	f.Add([]byte(parts("Content-Disposition: form-data; name=\"document\"\r\n\r\n[1]", partA)))
	f.Add([]byte(`<?xml version="1.0" encoding="windows-1252"?><a x="1">t<b/><b y="2">u</b></a>`))
	f.Add([]byte("eyJhbGciOiJub25lIn0.e30."))
	f.Add([]byte("{}\n[]\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		sound := func(what string, data []byte, err error, kinds ...error) {
			if err == nil {
				if !json.Valid(data) {
					t.Fatalf("%s: %q became %q", what, body, data)
				}
				return
			}
			for _, kind := range kinds {
				if errors.Is(err, kind) {
					return
				}
			}
			t.Fatalf("%s: an error of no kind: %v", what, err)
		}
		for _, o := range []tojson.FormOptions{{}, {Document: "document"}, {Document: "document", Files: tojson.FilesEmbed}} {
			data, _, err := tojson.Form(body, o)
			sound("form", data, err, tojson.ErrForm, tojson.ErrText)
			data, _, err = tojson.Multipart(body, o)
			sound("multipart", data, err, tojson.ErrMultipart, tojson.ErrText, tojson.ErrFiles)
		}
		data, err := tojson.XML(body, "", false)
		sound("XML", data, err, tojson.ErrXML)
		if err == nil {
			if _, err := jsonscan.Scan(data, nil); err != nil && !errors.Is(err, jsonscan.ErrLimit) {
				t.Fatalf("XML: %q became %q: %v", body, data, err)
			}
		}
		data, err = tojson.Lines(body)
		sound("lines", data, err, tojson.ErrLines)
		if _, err = tojson.Token(body); err != nil && !errors.Is(err, tojson.ErrToken) {
			t.Fatalf("token: an error of no kind: %v", err)
		}
	})
}

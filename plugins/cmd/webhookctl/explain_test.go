package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// vector is what a file of the provider package's vectors says of a delivery.
type vector struct {
	Scheme       string            `json:"scheme"`
	Secrets      []string          `json:"secrets"`
	Settings     map[string]string `json:"settings"`
	Certificates map[string]string `json:"certificates"`
	JWKS         map[string]string `json:"jwks"`
	RawKey       bool              `json:"raw_key"`
	KeyMin       int               `json:"key_min"`
	Method       string            `json:"method"`
	URL          string            `json:"url"`
	At           int64             `json:"at"`
	Headers      [][2]string       `json:"headers"`
	Body         string            `json:"body"`
	Want         string            `json:"want"`
}

func (v *vector) line(t *testing.T, provider string) []byte {
	t.Helper()
	headers := map[string][]string{}
	for _, h := range v.Headers {
		headers[h[0]] = append(headers[h[0]], h[1])
	}
	options := map[string]any{"scheme": v.Scheme, "raw_key": v.RawKey}
	for name, value := range v.Settings {
		options[name] = value
	}
	documents := map[string]string{}
	for _, all := range []map[string]string{v.Certificates, v.JWKS} {
		for url, text := range all {
			documents[url] = text
		}
	}
	line, err := json.Marshal(map[string]any{
		"provider": provider, "keys": v.Secrets, "options": options, "certificates": documents, "method": v.Method,
		"url": v.URL, "headers": headers, "body": v.Body, "at": v.At,
	})
	if err != nil {
		t.Fatal(err)
	}
	return line
}

// TestExplainAgreesWithEveryVector runs the vectors of the catalogue through the
// command.
func TestExplainAgreesWithEveryVector(t *testing.T) {
	files, err := filepath.Glob("../../provider/testdata/*/*.json")
	if err != nil || len(files) < 200 {
		t.Fatalf("%d vectors, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var v vector
		if err := json.Unmarshal(text, &v); err != nil {
			t.Fatal(err)
		}
		if v.KeyMin > 0 {
			continue // a published key that is shorter than the row admits
		}
		var out bytes.Buffer
		err = explainAll(t.Context(), bytes.NewReader(v.line(t, filepath.Base(filepath.Dir(file)))), &out, true)
		var got verdict
		if err != nil || json.Unmarshal(out.Bytes(), &got) != nil {
			t.Errorf("%s: %v: %s", file, err, out.String())
			continue
		}
		if passed := got.Verdict != "invalid"; passed != (v.Want == "ok") || passed != (len(got.Causes) == 0) {
			t.Errorf("%s: %s, want %s: %v", file, got.Verdict, v.Want, got.Causes)
		}
		for _, key := range v.Secrets {
			if strings.Contains(out.String(), key) {
				t.Errorf("%s: the key is in the output", file)
			}
		}
	}
}

func TestExplainTellsOfALineThatCannotBeUsed(t *testing.T) {
	for name, line := range map[string]string{
		"no JSON":               `{`,
		"an unknown provider":   `{"provider":"nobody"}`,
		"no key":                `{"provider":"github","headers":{},"body":"{}","at":1}`,
		"two bodies":            `{"provider":"github","keys":["0123456789"],"body":"{}","body_base64":"e30=","at":1}`,
		"a time of another age": `{"provider":"github","keys":["0123456789"],"body":"{}","at":-5}`,
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := explainAll(t.Context(), strings.NewReader(line), &out, true); err == nil || !strings.Contains(out.String(), `"verdict":"invalid"`) {
				t.Errorf("%v: %s", err, out.String())
			}
		})
	}
}

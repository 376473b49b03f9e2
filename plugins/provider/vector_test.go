package provider_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/provider"
)

// vector is a file testdata/<provider>/<case>.json.
type vector struct {
	Source  string      `json:"source"`
	Scheme  string      `json:"scheme"`
	Secrets []string    `json:"secrets"`
	RawKey  bool        `json:"raw_key"`
	At      int64       `json:"at"` // the receiver's clock, Unix seconds
	Headers [][2]string `json:"headers"`
	Body    string      `json:"body"`
	Want    string      `json:"want"` // a key of results
	Proof   struct {
		Scheme    string `json:"scheme"`
		Secret    string `json:"secret"`
		ID        string `json:"id"`
		Timestamp int64  `json:"timestamp"`
	} `json:"proof"`
	Facts struct {
		Type    string    `json:"type"`
		Action  string    `json:"action"`
		ID      string    `json:"id"`
		Time    time.Time `json:"time"`
		Tenant  string    `json:"tenant"`
		Subject string    `json:"subject"`
	} `json:"facts"`
}

func results() map[string]error {
	return map[string]error{
		"ok": nil, "missing": provider.ErrMissing, "repeated": provider.ErrRepeated, "malformed": provider.ErrMalformed,
		"downgrade": provider.ErrDowngrade, "mismatch": provider.ErrMismatch, "stale": provider.ErrStale, "future": provider.ErrFuture,
	}
}

func TestVectors(t *testing.T) {
	seen := map[string]int{}
	for _, name := range provider.Names() {
		files, err := filepath.Glob(filepath.Join("testdata", name, "*.json"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			t.Run(strings.TrimSuffix(filepath.ToSlash(file[len("testdata/"):]), ".json"), func(t *testing.T) {
				v := readVector(t, file)
				seen[name]++
				checkVector(t, lookup(t, name), v)
			})
		}
		if seen[name] == 0 {
			t.Errorf("%s has no vector", name)
		}
	}
}

func readVector(t *testing.T, file string) vector {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var v vector
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&v); err != nil {
		t.Fatal(err)
	}
	if v.Source == "" || len(v.Secrets) == 0 || v.At == 0 {
		t.Fatal("incomplete vector")
	}
	return v
}

func checkVector(t *testing.T, p *provider.Provider, v vector) {
	t.Helper()
	o := provider.Options{Scheme: v.Scheme, RawKey: v.RawKey}
	for _, s := range v.Secrets {
		o.Secrets = append(o.Secrets, provider.Secret{Value: s})
	}
	verifier, err := p.Verifier(o)
	if err != nil {
		t.Fatal(err)
	}
	var headers provider.HeaderList
	for _, h := range v.Headers {
		headers = append(headers, provider.Header{Name: h[0], Value: h[1]})
	}
	r := provider.Request{Method: "POST", Headers: headers, Body: []byte(v.Body)}
	want, known := results()[v.Want]
	if !known {
		t.Fatalf("unknown result %q", v.Want)
	}
	proof, err := verifier.Verify(r, time.Unix(v.At, 0))
	if !errors.Is(err, want) {
		t.Fatalf("got %v, want %v", err, want)
	}
	if want != nil {
		return
	}
	wantProof := provider.Proof{Scheme: v.Proof.Scheme, SecretID: v.Proof.Secret, ID: v.Proof.ID}
	if v.Proof.Timestamp != 0 {
		wantProof.Timestamp = time.Unix(v.Proof.Timestamp, 0).UTC()
	}
	if diff := cmp.Diff(wantProof, proof); diff != "" {
		t.Errorf("proof (-want +got):\n%s", diff)
	}
	facts, err := p.Describe(r)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(provider.Facts(v.Facts), facts); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
}

func lookup(t testing.TB, name string) *provider.Provider {
	t.Helper()
	p, ok := provider.Lookup(name)
	if !ok {
		t.Fatalf("no row %s", name)
	}
	return p
}

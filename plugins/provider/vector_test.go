package provider_test

import (
	"cmp"
	"crypto/x509"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/formscan"
	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
)

// vector is a file catalogue/testdata/<provider>/<case>.json.
type vector struct {
	Source  string   `json:"source"`
	Scheme  string   `json:"scheme"`
	Secrets []string `json:"secrets"`
	RawKey  bool     `json:"raw_key"`
	KeyMin  int      `json:"key_min"` // of published keys that are shorter than the row admits
	// Settings are the row's; certificates and JWKS the documents of keys by
	// their URL, whose certificates are their own authorities.
	Settings     map[string]string `json:"settings"`
	Certificates map[string]string `json:"certificates"`
	JWKS         map[string]string `json:"jwks"`

	Method  string      `json:"method"`
	URL     string      `json:"url"`
	At      int64       `json:"at"` // the receiver's clock, Unix seconds
	Headers [][2]string `json:"headers"`
	Body    string      `json:"body"`
	Want    string      `json:"want"` // a key of results
	Proof   struct {
		Scheme      string `json:"scheme"`
		Secret      string `json:"secret"`
		ID          string `json:"id"`
		Timestamp   int64  `json:"timestamp"`
		TimestampMs int64  `json:"timestamp_ms"`
	} `json:"proof"`
	Facts vectorFacts   `json:"facts"`
	Items []vectorFacts `json:"items"` // of a batch
}

type vectorFacts struct {
	Type    string    `json:"type"`
	Action  string    `json:"action"`
	ID      string    `json:"id"`
	Time    time.Time `json:"time"`
	Tenant  string    `json:"tenant"`
	Subject string    `json:"subject"`
}

func results() map[string]error {
	return map[string]error{
		"ok": nil, "missing": provider.ErrMissing, "repeated": provider.ErrRepeated, "malformed": provider.ErrMalformed,
		"downgrade": provider.ErrDowngrade, "mismatch": provider.ErrMismatch, "stale": provider.ErrStale, "future": provider.ErrFuture,
		"sealed": provider.ErrSealed,
	}
}

func TestVectors_areVerified(t *testing.T) {
	seen := map[string]int{}
	for _, name := range catalogue.Names() {
		files, err := filepath.Glob(filepath.Join("catalogue", "testdata", name, "*.json"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			seen[name]++
			t.Run(strings.TrimSuffix(filepath.ToSlash(file[len("catalogue/testdata/"):]), ".json"), func(t *testing.T) {
				v := readVector(t, file)
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
	if v.Source == "" || len(v.Secrets)+len(v.Certificates)+len(v.JWKS) == 0 || v.At == 0 {
		t.Fatal("incomplete vector")
	}
	return v
}

func checkVector(t *testing.T, p *provider.Provider, v vector) {
	t.Helper()
	o := provider.Options{Scheme: v.Scheme, RawKey: v.RawKey, Settings: v.Settings, Roots: x509.NewCertPool()}
	for _, certificate := range v.Certificates {
		o.Roots.AppendCertsFromPEM([]byte(certificate))
	}
	for _, s := range v.Secrets {
		o.Secrets = append(o.Secrets, provider.Secret{Value: s})
	}
	if v.KeyMin > 0 {
		for i := range p.Schemes {
			p.Schemes[i].KeyMin = v.KeyMin
		}
	}
	verifier, err := p.Verifier(o)
	if err != nil {
		t.Fatal(err)
	}
	var headers provider.HeaderList
	for _, h := range v.Headers {
		headers = append(headers, spec.Header{Name: h[0], Value: h[1]})
	}
	r := provider.Request{Method: cmp.Or(v.Method, "POST"), URL: v.URL, Headers: headers, Body: []byte(v.Body)}
	want, known := results()[v.Want]
	if !known {
		t.Fatalf("unknown result %q", v.Want)
	}
	address, err := verifier.KeyURL(r)
	if err != nil { // refused before a key is looked for
		if want == nil || !errors.Is(err, want) {
			t.Fatalf("got %v, want %v", err, want)
		}
		return
	}
	var document []byte
	if address != "" {
		document = []byte(v.Certificates[address] + v.JWKS[address])
	}
	proof, err := verifier.VerifyWith(r, time.Unix(v.At, 0), document)
	if !errors.Is(err, want) {
		t.Fatalf("got %v, want %v", err, want)
	}
	if want != nil {
		return
	}
	wantProof := provider.Proof{Scheme: v.Proof.Scheme, SecretID: v.Proof.Secret, ID: v.Proof.ID}
	if at := 1000*v.Proof.Timestamp + v.Proof.TimestampMs; at != 0 {
		wantProof.Timestamp = time.UnixMilli(at).UTC()
	}
	wantProof.Covers, wantProof.Signed, wantProof.Payload = proof.Covers, proof.Signed, proof.Payload // held by tests of their own
	if diff := gocmp.Diff(wantProof, proof); diff != "" {
		t.Errorf("proof (-want +got):\n%s", diff)
	}

	if proof.Payload != nil {
		r.Body = proof.Payload
	}
	checkFacts(t, p, r, v)
}

// checkFacts compares what the delivery says of itself, and what its items say
// where it is a batch.
func checkFacts(t *testing.T, p *provider.Provider, r provider.Request, v vector) {
	t.Helper()
	facts, err := p.Describe(r)
	if errors.Is(err, provider.ErrBody) && v.Facts == (vectorFacts{}) || errors.Is(err, provider.ErrUnnamed) && v.Facts.Type == "" {
		return // a published test value whose body, or whose headers, are none that the provider sends
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(v.Facts, told(facts)); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
	if p.Batch == nil || len(v.Items) == 0 {
		return
	}
	var got []vectorFacts
	for _, facts := range describeItems(t, p, r, facts) {
		got = append(got, told(facts))
	}
	if diff := gocmp.Diff(v.Items, got); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
}

func told(f provider.Facts) vectorFacts {
	return vectorFacts{Type: f.Type, Action: f.Action, ID: f.ID, Time: f.Time, Tenant: f.Tenant, Subject: f.Subject}
}

// describeItems returns what the items of a batch say of themselves, nothing
// where the delivery is none.
func describeItems(t *testing.T, p *provider.Provider, r provider.Request, facts provider.Facts) []provider.Facts {
	t.Helper()
	document := r.Body
	if p.Facts.FormJSON != "" {
		document, _ = formscan.Document(r.Body, p.Facts.FormJSON)
	}
	var all []provider.Facts
	for _, text := range p.Batch.Paths()[0] {
		path, err := jsonscan.CompileList(text)
		if err != nil {
			t.Fatal(err)
		}
		list, _, err := path.Find(document, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range list.Items {
			facts, err := p.DescribeItem(r, item, facts)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, facts)
		}
	}
	return all
}

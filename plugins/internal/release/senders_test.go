package release

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/custom"
	"webhookedge/plugins/provider/spec"
	"webhookedge/plugins/streams/archive"
)

// sender is one scheme of one row, with keys of its own.
type sender struct {
	row      *provider.Provider
	custom   *custom.Provider // nil for a row of the catalogue
	scheme   spec.Scheme
	settings []object
	old, new provider.KeyPair
	content  string // media type of a custom row's body, "" for JSON
	query    string // further query of its deliveries
	headers  pipeline.Headers
	loses    bool   // quarantine removes something that the proof needs
	restored bool   // and puts it back, where there are keys
	byHand   string // what is signed before the body, where no Signer can sign it
}

// keyPairs keeps pairs by what they depend on, since RSA keys take long to make.
var keyPairs sync.Map

func keyPairOf(t testing.TB, row *provider.Provider, s *spec.Scheme, n int) provider.KeyPair {
	t.Helper()
	id := fmt.Sprint(s.Kind, s.Key, s.KeyPrefix, s.KeyMin, s.JWT.Algorithms, s.Message.Algorithms, s.JWT.Chain != nil, n)
	if got, ok := keyPairs.Load(id); ok {
		return got.(provider.KeyPair)
	}
	made, err := row.NewKeyPair(s.Name)
	if err != nil {
		t.Fatal(err)
	}
	keyPairs.Store(id, made)
	return made
}

func newSender(t *testing.T, row *provider.Provider, scheme spec.Scheme) *sender {
	t.Helper()
	s := &sender{row: row, scheme: scheme}
	s.fill(t)
	return s
}

// fill makes the keys and the settings of s.
func (s *sender) fill(t *testing.T) {
	t.Helper()
	s.old, s.new = keyPairOf(t, s.row, &s.scheme, 0), keyPairOf(t, s.row, &s.scheme, 1)
	for i := range s.row.Settings {
		if set := &s.row.Settings[i]; set.Default == "" && set.Example != "" { // keys that are optional have none
			s.settings = append(s.settings, object{"name": set.Name, "value": set.Example})
		}
	}
}

// eachSender tries every scheme of the catalogue, and those kinds of custom ones that
// no row has; under the race detector every eighth of what only computes an HMAC.
func eachSender(t *testing.T, test func(t *testing.T, s *sender)) {
	t.Helper()
	run := func(s *sender) {
		t.Run(s.row.Name+"/"+s.scheme.Name, func(t *testing.T) {
			t.Parallel()
			s.fill(t)
			test(t, s)
		})
	}
	for i, row := range catalogue.All() {
		for _, scheme := range row.Schemes {
			if scheme.Vouched.At != "" && scheme.Encrypted.As != "" {
				continue // TestRelease_ofVouchedElements
			}
			if raceDetector && i%8 > 0 && scheme.Kind == spec.HMAC {
				continue
			}
			run(&sender{row: row, scheme: scheme})
		}
	}
	for _, s := range customSenders() {
		row, err := s.custom.Row()
		if err != nil {
			t.Fatalf("%s: %v", s.custom.Name, err)
		}
		s.row, s.scheme = row, row.Schemes[0]
		run(s)
	}
}

func customSenders() []*sender {
	at := func(place string) spec.Family { return spec.Family{Signature: place} }
	signs := func(content, signature string) spec.Scheme {
		return spec.Scheme{Name: "main", Kind: spec.HMAC, Hash: spec.SHA256, Encoding: spec.Hex, Content: content, Family: at(signature)}
	}
	custom := func(name string, s spec.Scheme, settings ...spec.Setting) *sender {
		return &sender{custom: &custom.Provider{
			Name: name, Schemes: []spec.Scheme{s}, Settings: settings, Facts: spec.Locators{Type: []string{"text:event"}},
			ContentTypes: []string{"application/json", "application/x-www-form-urlencoded"},
		}}
	}
	token := func(place, mark string) spec.Scheme {
		return spec.Scheme{Name: "main", Kind: spec.Token, Mark: mark, Family: at(place)}
	}
	form := custom("octo-form-token", token("form:word", ""))
	form.content = "application/x-www-form-urlencoded"
	withQuery := custom("octo-url", signs("{url}\n{body}", "header:x-signature"))
	withQuery.query = "access_token=octo"
	withHeader := custom("octo-header", signs("{header:x-session-id}.{body}", "header:x-signature"))
	withHeader.headers = pipeline.Headers{{Name: "x-session-id", Value: "s1"}}
	withHeader.byHand = "s1."
	chosen := spec.Setting{Name: "header", Doc: "The header.", Example: "x-chosen"}
	expect := signs("{body}", "header:x-signature")
	expect.Expect = []spec.Expect{{At: "header:x-shared-word", Is: "{setting:word}"}}
	withExpect := custom("octo-expect", expect, spec.Setting{Name: "word", Doc: "A word.", Secret: true, Example: "octo-shared-word-0001"})
	withExpect.restored = true
	for _, s := range []*sender{withQuery, withHeader, withExpect} {
		s.loses = true
	}
	return []*sender{
		custom("octo-cert", spec.Scheme{Name: "main", Kind: spec.ClientCert, Key: spec.KeyPrint, Family: at("header:x-client-cert")}),
		custom("octo-pss", spec.Scheme{
			Name: "main", Kind: spec.RSAPSS, Hash: spec.SHA256, Key: spec.KeyPEM, Encoding: spec.Base64, Content: "{body}", Family: at("header:x-signature"),
		}),
		custom("octo-mark", token("header:x-key", "key=")),
		custom("octo-json-token", token("json:meta.word", "")),
		custom("octo-chosen", token("header:{setting:header}", ""), chosen),
		custom("octo-signed-in-token", signs("{body}", "header:x-auth-token")),
		form, withQuery, withHeader, withExpect,
	}
}

// routeHosts are those of every sender's route, for schemes that sign the URL.
var routeHosts = []string{"*.octo-corp.example"}

// config is that of the sender's route.
func (s *sender) config(t testing.TB, natsURL string, sealed bool, pairs ...provider.KeyPair) []byte {
	t.Helper()
	secrets := []object{}
	for _, p := range pairs {
		secrets = append(secrets, object{"value": p.Public})
	}
	verify := object{"secrets": secrets, "scheme": s.scheme.Name, "settings": s.settings}
	if s.scheme.Kind == spec.ClientCert {
		verify["client_cert_from"] = []string{"192.0.2.1"}
	}
	c := object{
		"deadline_ms": 20000, "verify": verify,
		"publish":    object{"servers": []string{natsURL}, "stream": object{"ensure": "create"}, "ack_timeout_ms": 8000},
		"quarantine": object{},
	}
	if sealed {
		c["quarantine"] = object{"keys": []any{object{"id": "k1", "value": base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("k"), archive.KeySize))}}}
	}
	if c["provider"] = s.row.Name; s.custom != nil {
		delete(c, "provider")
		c["custom"] = withoutEmpty(t, s.custom)
	}
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// withoutEmpty is v as a configuration has it, where an empty text is a fault.
func withoutEmpty(t testing.TB, v any) any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		t.Fatal(err)
	}
	var strip func(any) any
	strip = func(v any) any {
		switch v := v.(type) {
		case object:
			for name, member := range v {
				if v[name] = strip(member); v[name] == nil || v[name] == "" || v[name] == 0.0 {
					delete(v, name)
				}
			}
			if len(v) == 0 {
				return nil
			}
		case []any:
			for i := range v {
				v[i] = strip(v[i])
			}
		}
		return v
	}
	return strip(tree)
}

// delivery is one that the sender signs with its old key.
func (s *sender) delivery(t testing.TB, id string) *pipeline.Delivery {
	t.Helper()
	settings := map[string]string{}
	for _, set := range s.settings {
		settings[set["name"].(string)] = set["value"].(string)
	}
	signer, err := s.row.Signer(provider.Options{Scheme: s.scheme.Name, Settings: settings, Secrets: []provider.Secret{{Value: s.old.Private}}})
	if err != nil {
		t.Fatal(err)
	}
	u := provider.Unsigned{URL: "https://hooks.octo-corp.example/webhooks/" + s.row.Name, Body: []byte(`{"n":1}`), ContentType: "application/json", Event: "event", ID: id, At: received()}
	if s.custom == nil {
		for _, name := range catalogue.SampleEvents(s.row) {
			u.Event = name
			// Some samples are handshakes, or have nothing that could be signed.
			if u.Body, u.ContentType, _ = catalogue.Sample(s.row, name); len(u.Body) > 0 && !strings.Contains(name, "validation") {
				break
			}
		}
	} else if s.content != "" {
		u.Body, u.ContentType = []byte("n=1"), s.content
	}
	if s.query != "" {
		u.URL += "?" + s.query
	}
	var signed provider.Signed
	if s.byHand == "" {
		if signed, err = signer.Sign(u); err != nil {
			t.Fatal(err)
		}
	} else {
		signed = provider.Signed{Method: "POST", URL: u.URL, Body: u.Body, Headers: provider.HeaderList{
			{Name: "content-type", Value: u.ContentType}, {Name: "x-signature", Value: s.signedByHand(s.byHand + string(u.Body))},
		}}
	}
	at, err := url.Parse(signed.URL)
	if err != nil {
		t.Fatal(err)
	}
	d := &pipeline.Delivery{
		Method: signed.Method, Path: at.Path, RawQuery: at.RawQuery, PublicURL: signed.URL, Body: signed.Body, Route: s.row.Name, RequestID: "r1",
		ReceivedAt: received(), ClientIP: netip.MustParseAddr("198.51.100.7"), Peer: netip.MustParseAddr("192.0.2.1"),
		RouteHosts: routeHosts,
	}
	for _, h := range signed.Headers {
		d.Headers = append(d.Headers, pipeline.Header(h))
	}
	d.Headers = append(d.Headers, s.headers...)
	return d
}

// signedByHand is the signature of a text of which no Signer knows, since it names
// headers of the delivery.
func (s *sender) signedByHand(text string) string {
	mac := hmac.New(sha256.New, []byte(s.old.Private))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}

package chain

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"crypto/x509"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
	"webhookedge/plugins/verify"
)

// leastMutations is how many changed deliveries the catalogue's samples make.
const leastMutations = 100_000

// meaning is what a delivery came to be: nothing may make another of it that changes
// what no signature covers.
type meaning struct {
	Type, Action, Tenant, Subject, Data string
	Binary                              bool
	Key                                 string
}

// sampled is a signed delivery of a sample, and the stages of a route that takes it.
type sampled struct {
	row    *provider.Provider
	stages []pipeline.Stage
	d      pipeline.Delivery
	want   []meaning
}

// meanings runs a delivery through verify and normalize.
func (s *sampled) meanings(t *testing.T, d *pipeline.Delivery) ([]meaning, error) {
	t.Helper()
	for _, stage := range s.stages {
		if err := stage.Handle(t.Context(), d); err != nil {
			return nil, err
		}
	}
	var all []meaning
	for i := range d.Items {
		e := d.Items[i].Event
		all = append(all, meaning{e.Type, e.Action, e.Tenant, e.Subject, string(e.Data), e.Binary, d.Items[i].Key})
	}
	return all, nil
}

// mutants are the changes of s that leave every signed byte as it is.
func (s *sampled) mutants() map[string]func(d *pipeline.Delivery) {
	all := map[string]func(d *pipeline.Delivery){}
	set := func(name, value string) func(d *pipeline.Delivery) {
		return func(d *pipeline.Delivery) {
			d.Headers = slices.DeleteFunc(d.Headers, func(h pipeline.Header) bool { return h.Name == name })
			d.Headers = append(d.Headers, pipeline.Header{Name: name, Value: value})
		}
	}
	for _, media := range []string{
		"", "application/json", "text/json", "application/x-json", "application/vnd.x+json", "application/cloudevents+json", "application/cloudevents-batch+json",
		"text/plain", "application/octet-stream", "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=x", "application/xml", "text/xml",
		"application/soap+xml", "application/x-ndjson", "application/jsonl", "application/jwt", "application/secevent+jwt", "image/png", "*/*", "x", "\xff", ",",
	} {
		for _, charset := range []string{"", "utf-8", "'utf-8'", "gbk", "utf-16", "utf-16le", "iso-8859-1", "shift_jis", "utf8mb4", "None", "binary", "x-nobody", "windows-1252", "utf8"} {
			value := media
			if charset != "" {
				value += "; charset=" + charset
			}
			all["content-type "+value] = set("content-type", value)
		}
	}
	for _, coding := range []string{"", "identity", "utf-8", "gzip", "x-gzip", "deflate", "br", "zstd", "compress", "gzip, gzip", "identity, gzip", "gzip, identity", "x"} {
		all["content-encoding "+coding] = set("content-encoding", coding)
	}
	for _, media := range []string{"application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "application/x-ndjson", "application/jwt", "text/plain"} {
		for _, coding := range []string{"gzip", "identity", "utf-8", "br"} {
			all[media+" and "+coding] = func(d *pipeline.Delivery) { set("content-type", media)(d); set("content-encoding", coding)(d) }
		}
	}
	for i, h := range s.d.Headers {
		all["without "+h.Name] = func(d *pipeline.Delivery) { d.Headers = slices.Delete(d.Headers, i, i+1) }
		for what, value := range map[string]string{"the same": h.Value, "another": h.Value + "x", "an empty": ""} {
			for _, at := range []int{0, len(s.d.Headers)} {
				all[fmt.Sprintf("%s twice, %s at %d", h.Name, what, at)] = func(d *pipeline.Delivery) {
					d.Headers = slices.Insert(d.Headers, at, pipeline.Header{Name: h.Name, Value: value})
				}
			}
		}
	}
	for _, method := range []string{"GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "post"} {
		all["method "+method] = func(d *pipeline.Delivery) { d.Method = method }
	}
	for _, query := range []string{"x=1", "type=evil", "id=evil&event=evil", "action=evil&tenant=evil", "status=evil&messageId=evil", "data.id=evil", "AccountSid=evil", "challenge=x", "validationToken=x", "crc_token=x"} {
		all["query "+query] = func(d *pipeline.Delivery) {
			d.PublicURL = addQuery(d.PublicURL, query)
			d.RawQuery = strings.TrimPrefix(addQuery("?"+d.RawQuery, query), "?")
			d.RawQuery = strings.TrimPrefix(d.RawQuery, "&")
		}
	}
	return all
}

func addQuery(url, query string) string {
	if strings.Contains(url, "?") {
		return url + "&" + query
	}
	return url + "?" + query
}

// sampledOf signs a sample. It is nil where a row cannot be signed here, because its
// proof is a certificate or a key that is fetched.
func sampledOf(t *testing.T, p *provider.Provider, scheme spec.Scheme, event string) *sampled {
	t.Helper()
	if scheme.Remote != nil || scheme.Kind == spec.ClientCert {
		return nil
	}
	pair, err := p.NewKeyPair(scheme.Name)
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]string{}
	cfg := verify.Config{Scheme: scheme.Name, Secrets: []verify.SecretConfig{{Value: config.NewSecret(pair.Public)}}}
	for _, setting := range p.Settings {
		if setting.Default == "" {
			settings[setting.Name] = setting.Example
			cfg.Settings = append(cfg.Settings, verify.SettingConfig{Name: setting.Name, Value: config.NewSecret(setting.Example)})
		}
	}
	const url = "https://hooks.octo-corp.example/in"
	if p.SignsURL(&scheme) {
		cfg.PublicURL = url
	}
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	v, err := verify.New(p, cfg, func() time.Time { return at }, verify.WithRoots(x509.NewCertPool()))
	if err != nil {
		t.Fatalf("%s %s: %v", p.Name, scheme.Name, err)
	}
	n, err := normalize.New(p, normalize.Config{})
	if err != nil {
		t.Fatal(err)
	}
	signer, err := p.Signer(provider.Options{Scheme: scheme.Name, Settings: settings, Secrets: []provider.Secret{{Value: pair.Private}}})
	if err != nil {
		t.Fatal(err)
	}
	body, contentType, _ := catalogue.Sample(p, event)
	signed, err := signer.Sign(provider.Unsigned{URL: url, Body: body, ContentType: contentType, Event: event, ID: "msg_0b989ba4", At: at})
	if err != nil {
		t.Fatal(err)
	}
	s := &sampled{row: p, stages: []pipeline.Stage{v, n}}
	s.d = pipeline.Delivery{Method: signed.Method, PublicURL: signed.URL, Body: signed.Body, Route: p.Name, RequestID: "r1", ReceivedAt: at}
	_, s.d.RawQuery, _ = strings.Cut(signed.URL, "?")
	for _, h := range signed.Headers {
		s.d.Headers = append(s.d.Headers, pipeline.Header(h))
	}
	return s
}

// copied is a delivery that nothing has handled.
func (s *sampled) copied() *pipeline.Delivery {
	d := s.d
	d.Headers, d.Body = slices.Clone(s.d.Headers), bytes.Clone(s.d.Body)
	return &d
}

// TestDifferential holds that nothing of a delivery that the signature does not cover
// makes another event of it: for every row, scheme and sample, each media type, charset,
// coding, header that is doubled or gone, method and query leaves the event as it is, or
// the delivery is refused or answered as a handshake.
func TestDifferential(t *testing.T) {
	mutations, refused, seen := 0, 0, 0
	for _, p := range catalogue.All() {
		for _, scheme := range p.Schemes {
			for _, event := range catalogue.SampleEvents(p) {
				s := sampledOf(t, p, scheme, event)
				if s == nil {
					continue
				}
				what := p.Name + " " + scheme.Name + " " + event
				var err error
				if s.want, err = s.meanings(t, s.copied()); err != nil {
					var reply *pipeline.Reply
					if errors.As(err, &reply) {
						continue // the sample of a handshake
					}
					t.Errorf("%s: %v", what, err)
					continue
				}
				for name, change := range s.mutants() {
					mutations++
					if seen++; raceDetector && seen%10 > 0 {
						continue // the plain run plays them all
					}
					d := s.copied()
					change(d)
					got, err := s.meanings(t, d)
					if err != nil {
						refused++
						continue
					}
					if diff := s.differs(name, got); diff != "" {
						t.Errorf("%s, %s: became another event (-want +got):\n%s", what, name, diff)
					}
				}
			}
		}
	}
	t.Logf("%d mutations, %d refused", mutations, refused)
	if mutations < leastMutations || refused == mutations {
		t.Errorf("%d mutations, of which %d were refused; want at least %d", mutations, refused, leastMutations)
	}
}

// differs compares got with what s is. Two changes may leave something out of an event
// that no signature covers, and the event says so of what it has: the tenant of a
// header that is gone, and an id that is gone or another where nobody signs it.
func (s *sampled) differs(name string, got []meaning) string {
	want := slices.Clone(s.want)
	gone, _ := strings.CutPrefix(name, "without ")
	header, _, twice := strings.Cut(name, " twice, ")
	if at := "header:" + gone; gone != name || twice {
		if twice {
			at = "header:" + header
		}
		forget := func(places []string, blank func(*meaning)) {
			if slices.ContainsFunc(places, func(p string) bool { return strings.Contains(p, at) }) {
				for i := range want {
					blank(&want[i])
				}
				for i := range got {
					blank(&got[i])
				}
			}
		}
		facts := []spec.Locators{s.row.Facts}
		if s.row.Batch != nil {
			facts = append(facts, s.row.Batch.Facts)
		}
		for _, f := range facts {
			forget(f.Tenant, func(m *meaning) { m.Tenant, m.Key = "", "" })
			forget(f.ID, func(m *meaning) { m.Key = "" })
			forget(f.Subject, func(m *meaning) { m.Subject = "" })
		}
	}
	return cmp.Diff(want, got)
}

// TestDifferential_compressed holds that a body which was signed as it is never comes
// out as what a coding would make of it, and a compressed one only as itself.
func TestDifferential_compressed(t *testing.T) {
	p, _ := catalogue.Lookup("github")
	var zipped, deflated bytes.Buffer
	zw, fw := gzip.NewWriter(&zipped), zlib.NewWriter(&deflated)
	body, _, _ := catalogue.Sample(p, "push")
	for _, w := range []interface {
		Write([]byte) (int, error)
		Close() error
	}{zw, fw} {
		if _, err := w.Write(body); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for name, compressed := range map[string][]byte{"gzip": zipped.Bytes(), "deflate": deflated.Bytes()} {
		s := sampledOf(t, p, p.Schemes[0], "push")
		signer, err := p.Signer(provider.Options{Secrets: []provider.Secret{{Value: strings.Repeat("k", 16)}}})
		if err != nil {
			t.Fatal(err)
		}
		signed, err := signer.Sign(provider.Unsigned{URL: "https://h.example/in", Body: compressed, Event: "push", ID: "d1", At: s.d.ReceivedAt})
		if err != nil {
			t.Fatal(err)
		}
		n, err := normalize.New(p, normalize.Config{}, normalize.WithUnverified())
		if err != nil {
			t.Fatal(err)
		}
		for range 200 {
			d := &pipeline.Delivery{Method: "POST", Body: bytes.Clone(compressed), Route: "r", RequestID: "r1"}
			for _, h := range signed.Headers {
				d.Headers = append(d.Headers, pipeline.Header(h))
			}
			codings := []string{"gzip", "deflate", "identity", "", "br", "gzip, deflate", "utf-8"}
			d.Headers = append(d.Headers, pipeline.Header{Name: "content-encoding", Value: codings[random.IntN(len(codings))]})
			if n.Handle(t.Context(), d) == nil && !bytes.Equal(d.Event().Data, body) {
				t.Fatalf("%s: %q", name, d.Event().Data)
			}
		}
	}
}

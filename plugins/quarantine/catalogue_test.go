package quarantine

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
	"webhookedge/plugins/streams/archive"
)

// eachShown tries the schemes of the catalogue whose deliveries carry the secret itself.
func eachShown(t *testing.T, test func(t *testing.T, row *provider.Provider, scheme *spec.Scheme)) {
	for _, name := range catalogue.Names() {
		row := lookup(t, name)
		for i := range row.Schemes {
			if scheme := &row.Schemes[i]; scheme.ShowsSecret() {
				t.Run(name+"/"+scheme.Name, func(t *testing.T) { test(t, row, scheme) })
			}
		}
	}
}

// shownDelivery is a sample of row that carries secret.
func shownDelivery(t *testing.T, row *provider.Provider, scheme, secret string) (*pipeline.Delivery, provider.Options) {
	t.Helper()
	o := provider.Options{Scheme: scheme, Secrets: []provider.Secret{{ID: "1", Value: secret}}}
	signer, err := row.Signer(o)
	if err != nil {
		t.Fatal(err)
	}
	events := catalogue.SampleEvents(row)
	if len(events) == 0 {
		t.Fatal("no sample")
	}
	body, contentType, _ := catalogue.Sample(row, events[0])
	signed, err := signer.Sign(provider.Unsigned{
		URL: "https://hooks.example.com/webhooks/" + row.Name, Body: body, ContentType: contentType, Event: events[0], ID: "d1", At: time.Unix(1_700_000_000, 0),
	})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(signed.URL)
	if err != nil {
		t.Fatal(err)
	}
	d := &pipeline.Delivery{Method: signed.Method, Path: u.Path, RawQuery: u.RawQuery, PublicURL: signed.URL, Body: signed.Body}
	for _, h := range signed.Headers {
		d.Headers = append(d.Headers, pipeline.Header{Name: h.Name, Value: h.Value})
	}
	return d, o
}

func TestScrub_noSecretOfTheCatalogueIsKeptAndEachIsRestored(t *testing.T) {
	const word = "octo-s3cret-0123456789-abcdefgh" // long enough for every scheme
	eachShown(t, func(t *testing.T, row *provider.Provider, scheme *spec.Scheme) {
		secret := word
		if scheme.Kind == spec.Basic {
			secret = "user:" + word
		}
		d, o := shownDelivery(t, row, scheme.Name, secret)
		whole := string(d.Body)
		if all := everything(t, captureWith(d)); !strings.Contains(all, word) {
			t.Fatalf("the delivery does not carry the secret: %s", all)
		}
		for name, keys := range map[string]*archive.Keys{"sealed": ring(t, "spring"), "not sealed": {}} {
			r := captureWith(d)
			r.ID = "record"
			newScrubber(row, nil, nil).apply(r, keys)
			if all := everything(t, r); strings.Contains(all, word) {
				t.Errorf("%s: the secret is kept: %s", name, all)
			}
			if string(d.Body) != whole {
				t.Errorf("%s: the delivery's own body was changed", name)
			}
			r.Key = keys.Use()
			r.Restore(keys, []string{"another-s3cret-9876543210-abcdefgh", secret})
			back := r.Delivery()
			v, err := row.Verifier(o)
			if err != nil {
				t.Fatal(err)
			}
			_, err = v.Verify(provider.Request{Method: back.Method, URL: back.PublicURL, Query: back.RawQuery, Headers: back.Headers, Body: back.Body}, time.Unix(1_700_000_000, 0))
			if sealed := keys.Use() != ""; (err == nil) != sealed {
				t.Errorf("%s: restored, it verifies: %v", name, err)
			}
			if keys.Use() != "" && string(back.Body) != whole {
				t.Errorf("%s: the body is another one", name)
			}
		}
	})
}

func captureWith(d *pipeline.Delivery) *archive.Record {
	r := archive.Capture(d)
	r.Body = d.Body
	return r
}

// everything is all the text of a record, with what is in base64 decoded.
func everything(t *testing.T, r *archive.Record) string {
	t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	all := []string{string(text), string(r.Body), string(r.Query), string(r.PublicURL)}
	for _, line := range r.Headers {
		all = append(all, string(line.Value))
		if _, text, ok := strings.Cut(string(line.Value), " "); ok {
			if plain, err := base64.StdEncoding.DecodeString(text); err == nil {
				all = append(all, string(plain))
			}
		}
	}
	return strings.Join(all, "\n")
}

func TestScrub_bodyThatCannotBeSearchedIsNotKept(t *testing.T) {
	row := lookup(t, "microsoft-graph")
	for name, body := range map[string]string{
		"no JSON":       `clientState=octo-s3cret`,
		"cut":           `{"value":[{"clientState":"octo-s3cret"`,
		"two documents": `{} {"value":[{"clientState":"octo-s3cret"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			r := captureWith(&pipeline.Delivery{Body: []byte(body)})
			newScrubber(row, nil, nil).apply(r, ring(t, "spring"))
			if len(r.Body) != 0 || !r.Cut || r.Size != len(body) {
				t.Errorf("kept %q, cut %v, size %d", r.Body, r.Cut, r.Size)
			}
		})
	}
}

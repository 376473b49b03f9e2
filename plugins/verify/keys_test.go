package verify_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/verify"
)

// rotating gives another document when it is asked again.
type rotating struct {
	first, then string
	renewed     int
	deadline    time.Time
}

func (r *rotating) Get(ctx context.Context, _ string) ([]byte, error) {
	r.deadline, _ = ctx.Deadline()
	return []byte(r.first), nil
}

func (r *rotating) Renew(context.Context, string) ([]byte, error) {
	r.renewed++
	if r.then == "" {
		return nil, errors.New("not now")
	}
	return []byte(r.then), nil
}

// pushed is a delivery of Google's, and the document with its key.
func pushed(t *testing.T, p *provider.Provider) (d *pipeline.Delivery, document string) {
	t.Helper()
	pair, err := p.NewKeyPair("")
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for _, s := range p.Settings {
		values[s.Name] = s.Example
	}
	signer, err := p.Signer(provider.Options{Secrets: []provider.Secret{{Value: pair.Private}}, Settings: values})
	if err != nil {
		t.Fatal(err)
	}
	body, contentType, _ := catalogue.Sample(p, catalogue.SampleEvents(p)[0])
	signed, err := signer.Sign(provider.Unsigned{Body: body, ContentType: contentType, Event: catalogue.SampleEvents(p)[0], ID: "1", At: at()})
	if err != nil {
		t.Fatal(err)
	}
	d = &pipeline.Delivery{Method: signed.Method, Body: signed.Body}
	for _, h := range signed.Headers {
		d.Headers = append(d.Headers, pipeline.Header(h))
	}
	return d, pair.Public
}

func googles(p *provider.Provider) (c verify.Config) {
	for _, s := range p.Settings {
		c.Settings = append(c.Settings, verify.SettingConfig{Name: s.Name, Value: config.NewSecret(s.Example)})
	}
	return c
}

func TestVerify_renewsKeysOnceAKeyIsUnknown(t *testing.T) {
	p := row(t, "google-pubsub-push")
	d, right := pushed(t, p)
	_, wrong := pushed(t, p)
	if !json.Valid([]byte(right)) {
		t.Fatal("no set of keys")
	}
	tests := map[string]struct {
		keys    rotating
		good    bool
		renewed int
	}{
		"the key is there":                   {rotating{first: right}, true, 0},
		"it is there when one asks again":    {rotating{first: wrong, then: right}, true, 1},
		"it is not":                          {rotating{first: wrong, then: wrong}, false, 1},
		"there was a fetch just now":         {rotating{first: wrong}, false, 1},
		"what is there now is no set at all": {rotating{first: wrong, then: "<html>"}, false, 1},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			delivery := *d
			err := stage(t, p, googles(p), verify.WithKeys(&tc.keys)).Handle(t.Context(), &delivery)
			if (err == nil) != tc.good || tc.keys.renewed != tc.renewed {
				t.Errorf("got %v, renewed %d times", err, tc.keys.renewed)
			}
		})
	}
}

func TestVerify_keyTimeoutIsHalfTheProviders(t *testing.T) {
	p := row(t, "google-pubsub-push")
	d, right := pushed(t, p)
	p.Timeout = 400 * time.Millisecond
	keys := &rotating{first: right}
	if err := stage(t, p, googles(p), verify.WithKeys(keys)).Handle(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if left := time.Until(keys.deadline); keys.deadline.IsZero() || left > 200*time.Millisecond {
		t.Errorf("it may take %s more", left)
	}
}

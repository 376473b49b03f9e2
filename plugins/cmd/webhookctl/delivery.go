package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"webhookedge/plugins/provider"
)

// Mutations of a signed delivery, for --mutate.
const (
	mutateNone     = ""
	mutateForge    = "forge"    // signed with a secret of a stranger
	mutateReplay   = "replay"   // the same signed delivery twice
	mutateAge      = "age"      // signed two hours ago
	mutateTruncate = "truncate" // the body's last byte is cut after signing
	mutateDouble   = "double"   // the signature header twice
)

func mutations() []string {
	return []string{mutateForge, mutateReplay, mutateAge, mutateTruncate, mutateDouble}
}

// aged is further in the past than any tolerance that a plugin accepts.
const aged = 2 * time.Hour

// delivery is what is to be sent.
type delivery struct {
	row         *provider.Provider
	scheme      string
	rawKey      bool
	secret      string // a private key in PEM where the scheme has public ones
	settings    map[string]string
	event       string
	id          string // "" makes a new one
	body        []byte // nil takes the catalogue's sample
	contentType string
	url         string
	publicURL   string // what is signed in place of url, "" for url itself
	mutate      string
}

// answer is what a delivery got.
type answer struct {
	status int
	ack    string
	id     string // the delivery's id
	req    string // X-Kong-Request-Id
	body   string
	took   time.Duration
}

// send signs d as its provider would, mutates it and posts it. A replay gives
// two answers.
func (d delivery) send(ctx context.Context, client *http.Client) ([]answer, error) {
	signed, id, err := d.signed(time.Now())
	if err != nil {
		return nil, err
	}
	switch d.mutate {
	case mutateTruncate:
		signed.Body = signed.Body[:max(len(signed.Body)-1, 0)]
	case mutateDouble:
		name, err := d.signatureHeader()
		if err != nil {
			return nil, err
		}
		value, _ := signed.Headers.Get(name)
		signed.Headers = append(signed.Headers, provider.Header{Name: name, Value: value})
	}
	tries := 1
	if d.mutate == mutateReplay {
		tries = 2
	}
	var answers []answer
	for range tries {
		a, err := post(ctx, client, signed)
		if err != nil {
			return answers, err
		}
		a.id = id
		answers = append(answers, a)
	}
	return answers, nil
}

// signatureHeader is the header of the signature that d carries.
func (d *delivery) signatureHeader() (string, error) {
	scheme, _ := d.row.Scheme(d.scheme)
	names := scheme.SignatureHeaders()
	if len(names) == 0 {
		return "", fmt.Errorf("%s has its signature in no header", d.row.Name)
	}
	if scheme.Layout == provider.Numbered {
		return names[0] + "-1", nil
	}
	return names[0], nil
}

// signed completes d with the sample, an id and the signature.
func (d *delivery) signed(now time.Time) (provider.Signed, string, error) {
	if err := d.complete(); err != nil {
		return provider.Signed{}, "", err
	}
	secret := d.secret
	if d.mutate == mutateForge {
		pair, err := d.row.NewKeyPair(d.scheme)
		if err != nil {
			return provider.Signed{}, "", err
		}
		secret = pair.Private
	}
	if d.mutate == mutateAge {
		if scheme, _ := d.row.Scheme(d.scheme); scheme.ToleranceSeconds == 0 {
			return provider.Signed{}, "", fmt.Errorf("%s signs no time, so an old delivery is as good as a new one", d.row.Name)
		}
		now = now.Add(-aged)
	}
	signer, err := d.row.Signer(provider.Options{
		Scheme: d.scheme, RawKey: d.rawKey, Settings: d.settings, Secrets: []provider.Secret{{Value: secret}},
	})
	if err != nil {
		return provider.Signed{}, "", err
	}
	signed, err := signer.Sign(provider.Unsigned{
		URL: cmp.Or(d.publicURL, d.url), Body: d.body, ContentType: d.contentType, Event: d.event, ID: d.id, At: now,
	})
	if d.publicURL != "" { // a signature may stand in the query
		signed.URL = d.url + strings.TrimPrefix(signed.URL, d.publicURL)
	}
	return signed, d.id, err
}

// complete fills in the sample's body and gives it an id of its own, so that
// two runs are two deliveries.
func (d *delivery) complete() error {
	if d.body == nil {
		var ok bool
		if d.body, d.contentType, ok = d.row.Sample(d.event); !ok {
			return fmt.Errorf("no sample of %s %q; there are: %s", d.row.Name, d.event, strings.Join(d.row.SampleEvents(), ", "))
		}
	}
	facts, err := d.row.Describe(provider.Request{
		Method: http.MethodPost, Body: d.body,
		Headers: provider.HeaderList{{Name: "content-type", Value: d.contentType}},
	})
	if d.id == "" {
		d.id = uuid.NewString()
		if err == nil && facts.ID != "" { // keep the form of the provider's ids
			d.id = facts.ID + "_" + d.id[:8]
		}
	}
	if err == nil && facts.ID != "" {
		d.body = bytes.Replace(d.body, []byte(`"`+facts.ID+`"`), []byte(`"`+d.id+`"`), 1)
	}
	return nil
}

func post(ctx context.Context, client *http.Client, d provider.Signed) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, d.Method, d.URL, bytes.NewReader(d.Body))
	if err != nil {
		return answer{}, err
	}
	for _, h := range d.Headers {
		req.Header.Add(h.Name, h.Value)
	}
	start := time.Now()
	resp, err := client.Do(req)
	if err != nil {
		return answer{}, err
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<16))
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return answer{}, err
	}
	return answer{
		status: resp.StatusCode, ack: resp.Header.Get("Webhook-Ack"), req: resp.Header.Get("X-Kong-Request-Id"),
		body: strings.TrimSpace(string(text)), took: time.Since(start),
	}, nil
}

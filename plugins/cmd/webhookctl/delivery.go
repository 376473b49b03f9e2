package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
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
	secret      string
	event       string
	id          string // "" makes a new one
	body        []byte // nil takes the catalogue's sample
	contentType string
	url         string
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
	headers, id, err := d.signed(time.Now())
	if err != nil {
		return nil, err
	}
	body := d.body
	switch d.mutate {
	case mutateTruncate:
		body = body[:max(len(body)-1, 0)]
	case mutateDouble:
		scheme, _ := d.row.Scheme(d.scheme)
		value, _ := headers.Get(scheme.Header)
		headers = append(headers, provider.Header{Name: scheme.Header, Value: value})
	}
	tries := 1
	if d.mutate == mutateReplay {
		tries = 2
	}
	var answers []answer
	for range tries {
		a, err := post(ctx, client, d.url, headers, body)
		if err != nil {
			return answers, err
		}
		a.id = id
		answers = append(answers, a)
	}
	return answers, nil
}

// signed completes d with the sample, an id and the signature.
func (d *delivery) signed(now time.Time) (provider.HeaderList, string, error) {
	if err := d.complete(); err != nil {
		return nil, "", err
	}
	secret := d.secret
	if d.mutate == mutateForge {
		secret = stranger(secret)
	}
	if d.mutate == mutateAge {
		if scheme, _ := d.row.Scheme(d.scheme); scheme.Tolerance == 0 {
			return nil, "", fmt.Errorf("%s signs no time, so an old delivery is as good as a new one", d.row.Name)
		}
		now = now.Add(-aged)
	}
	signer, err := d.row.Signer(provider.Options{Scheme: d.scheme, RawKey: d.rawKey, Secrets: []provider.Secret{{Value: secret}}})
	if err != nil {
		return nil, "", err
	}
	headers, err := signer.Sign(provider.Unsigned{
		URL: d.url, Body: d.body, ContentType: d.contentType, Event: d.event, ID: d.id, At: now,
	})
	return headers, d.id, err
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

// stranger returns a secret that is not the given one, in the same form.
func stranger(secret string) string {
	var random [24]byte
	if _, err := rand.Read(random[:]); err != nil {
		panic(err) // crypto/rand does not fail on supported systems
	}
	if rest, ok := strings.CutPrefix(secret, "whsec_"); ok && rest != "" {
		return "whsec_" + hex.EncodeToString(random[:]) // 48 characters are base64, too
	}
	return hex.EncodeToString(random[:])
}

func post(ctx context.Context, client *http.Client, url string, headers provider.HeaderList, body []byte) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	for _, h := range headers {
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

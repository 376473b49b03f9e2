// Package delivery makes deliveries as a provider would, sends them, and spoils
// them on demand.
package delivery

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/pick"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
)

// Mutations of a signed delivery.
const (
	MutateNone     = ""
	MutateForge    = "forge"    // signed with a secret of a stranger
	MutateReplay   = "replay"   // the same signed delivery twice
	MutateAge      = "age"      // signed more than a day ago
	MutateTruncate = "truncate" // the body's last byte is cut after signing
	MutateDouble   = "double"   // the signature header twice
)

// Mutations lists what Mutate may be.
func Mutations() []string {
	return []string{MutateForge, MutateReplay, MutateAge, MutateTruncate, MutateDouble}
}

// aged is further in the past than any tolerance that a plugin accepts.
const aged = spec.MaxTolerance + time.Hour

// Delivery is what is to be sent.
type Delivery struct {
	Row         *provider.Provider
	Scheme      string
	RawKey      bool
	Secret      string // a private key in PEM where the scheme has public ones
	Settings    map[string]string
	Event       string
	ID          string // "" makes a new one
	Body        []byte // nil takes the catalogue's sample
	ContentType string
	URL         string
	Host        string // of the Host header, "" for that of URL
	PublicURL   string // what is signed in place of URL, "" for URL itself
	Mutate      string
}

// NamesEvent reports whether a sender names the event of a delivery in a header.
func NamesEvent(row *provider.Provider) bool {
	return slices.ContainsFunc(row.Sends, func(h spec.Header) bool { return strings.Contains(h.Value, "{event}") })
}

// Answer is what a delivery got.
type Answer struct {
	Status    int
	Ack       string
	ID        string // the delivery's id
	RequestID string // X-Kong-Request-Id
	Body      string
	Took      time.Duration
}

// Send signs, mutates and posts d. A replay gives two answers.
func (d Delivery) Send(ctx context.Context, client *http.Client) ([]Answer, error) {
	signed, err := d.Mutated(time.Now())
	if err != nil {
		return nil, err
	}
	tries := 1
	if d.Mutate == MutateReplay {
		tries = 2
	}
	var answers []Answer
	for range tries {
		a, err := Post(ctx, client, signed, d.Host)
		if err != nil {
			return answers, err
		}
		a.ID = d.ID
		answers = append(answers, a)
	}
	return answers, nil
}

// Mutated completes d and returns the request that Send posts at now. A replay is the same
// request twice.
func (d *Delivery) Mutated(now time.Time) (provider.Signed, error) {
	signed, err := d.Sign(now)
	if err != nil {
		return provider.Signed{}, err
	}
	switch d.Mutate {
	case MutateTruncate:
		signed.Body = signed.Body[:max(len(signed.Body)-1, 0)]
	case MutateDouble:
		name, err := d.signatureHeader()
		if err != nil {
			return provider.Signed{}, err
		}
		value, _ := signed.Headers.Get(name)
		signed.Headers = append(signed.Headers, spec.Header{Name: name, Value: value})
	}
	return signed, nil
}

func (d *Delivery) signatureHeader() (string, error) {
	scheme, _ := d.Row.Scheme(d.Scheme)
	names := scheme.SignatureHeaders()
	if len(names) == 0 {
		return "", exit.Usagef("%s has its signature in no header", d.Row.Name)
	}
	if scheme.Layout == spec.Numbered {
		return names[0] + "-1", nil
	}
	return names[0], nil
}

// Complete fills in the sample's body, with an id of its own for each run.
func (d *Delivery) Complete() error {
	if d.Body == nil {
		var ok bool
		if d.Body, d.ContentType, ok = catalogue.Sample(d.Row, d.Event); !ok {
			return pick.Known("sample of "+d.Row.Name, d.Event, catalogue.SampleEvents(d.Row))
		}
	}
	facts, err := d.Row.Describe(provider.Request{
		Method: http.MethodPost, Body: d.Body,
		Headers: provider.HeaderList{{Name: "content-type", Value: d.ContentType}},
	})
	if d.ID == "" {
		d.ID = uuid.NewString()
		if err == nil && facts.ID != "" { // keep the form of the provider's ids
			d.ID = facts.ID + "_" + d.ID[:8]
		}
	}
	if err == nil && facts.ID != "" {
		d.Body = bytes.Replace(d.Body, []byte(`"`+facts.ID+`"`), []byte(`"`+d.ID+`"`), 1)
	}
	return nil
}

// Post sends what is signed; host is that of the Host header, "" for the URL's.
func Post(ctx context.Context, client *http.Client, d provider.Signed, host string) (Answer, error) {
	req, err := http.NewRequestWithContext(ctx, d.Method, d.URL, bytes.NewReader(d.Body))
	if err != nil {
		return Answer{}, err
	}
	req.Host = host
	for _, h := range d.Headers {
		req.Header.Add(h.Name, h.Value)
	}
	start := time.Now()
	resp, err := client.Do(req)
	if err != nil {
		return Answer{}, withoutQuery(req, err)
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<16))
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return Answer{}, err
	}
	return Answer{
		Status: resp.StatusCode, Ack: resp.Header.Get("Webhook-Ack"), RequestID: resp.Header.Get("X-Kong-Request-Id"),
		Body: strings.TrimSpace(string(text)), Took: time.Since(start),
	}, nil
}

// withoutQuery names the URL of an error without its query, in which a signature may be.
func withoutQuery(req *http.Request, err error) error {
	var of *url.Error
	if !errors.As(err, &of) {
		return err
	}
	plain := url.URL{Scheme: req.URL.Scheme, Host: req.URL.Host, Path: req.URL.Path}
	return fmt.Errorf("%s %s: %w", req.Method, plain.String(), of.Err)
}

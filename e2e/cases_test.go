package e2e

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// place is a route of a gateway that serves many cases.
type place struct {
	provider string   // by name, or custom
	custom   string   // the row of a sender of one's own, as YAML in one line
	secrets  []string // random() where there are none
	verify   string   // more settings of verify, as YAML in one line, such as ", public_url: x"
	publish  string   // more settings of publish, in the same way
	more     string   // more settings of the plugin, a YAML mapping in one line without braces
}

// cases is a gateway with a route for each place, and a reader of its stream.
type cases struct {
	*gateway
	places map[string]*place
	js     jetstream.JetStream
	last   uint64 // sequence of the last event that was looked at
}

// startCases serves places, each under its name.
func startCases(t *testing.T, places map[string]*place) *cases {
	t.Helper()
	text := "_format_version: \"3.0\"\nroutes:\n"
	for name, p := range places {
		if len(p.secrets) == 0 {
			p.secrets = []string{random()}
		}
		refs := make([]string, len(p.secrets))
		for i := range p.secrets {
			refs[i] = fmt.Sprintf(`{value: "{vault://env/%s-case-%d}"}`, name, i)
		}
		sender := "provider: " + p.provider
		if p.custom != "" {
			sender = "custom: " + p.custom
		}
		config := sender + ", verify: {secrets: [" + strings.Join(refs, ", ") + "]" + p.verify + "}, " +
			`publish: {servers: ["{vault://env/nats-url}"], stream: {ensure: create}, broker_sync: always` + p.publish + "}"
		if p.more != "" {
			config += ", " + p.more
		}
		text += fmt.Sprintf("  - name: %[1]s\n    paths: [/cases/%[1]s]\n    plugins:\n      - name: webhook-edge\n        config: {%[2]s}\n", name, config)
	}
	g := startGateway(t, text, func(env map[string]string) {
		for name, p := range places {
			for i, secret := range p.secrets {
				env[variable(name, "case", fmt.Sprint(i))] = secret
			}
		}
	})
	nc := g.nats.connect()
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	return &cases{gateway: g, places: places, js: js}
}

// secret returns the first secret of a place.
func (c *cases) secret(place string) string { return c.places[place].secrets[0] }

// arrival is an event as it is stored.
type arrival struct {
	ID, Type, Tenant, Source, Subject string
	Data                              json.RawMessage
	Encoded                           string `json:"data_base64"`

	stored *jetstream.RawStreamMsg
}

// result is the answer to a delivery, and the events that it stored.
type result struct {
	response
	events []arrival // that it added to the stream
}

func (o *result) ack() string { return o.header.Get("Webhook-Ack") }

func (o *result) String() string {
	text := fmt.Sprintf("%d %q %s", o.status, o.ack(), o.body)
	for _, e := range o.events {
		text += fmt.Sprintf("\n  %s tenant=%q id=%q %s%s", e.Type, e.Tenant, e.ID, e.Data, e.Encoded)
	}
	return text
}

// ask sends a delivery to a place and reads what it added to the stream.
func (c *cases) ask(method, place, query string, h http.Header, body string) *result {
	c.t.Helper()
	o := &result{response: c.do(method, "/cases/"+place+query, h, body)}
	for _, m := range c.added() {
		e := arrival{stored: m}
		if err := json.Unmarshal(m.Data, &e); err != nil {
			c.t.Fatal(err)
		}
		o.events = append(o.events, e)
	}
	return o
}

// added returns the events that were stored since it was last called.
func (c *cases) added() (all []*jetstream.RawStreamMsg) {
	c.t.Helper()
	stream, err := c.js.Stream(c.t.Context(), "WEBHOOKS")
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil
	}
	if err != nil {
		c.t.Fatal(err)
	}
	for end := stream.CachedInfo().State.LastSeq; c.last < end; c.last++ {
		m, err := stream.GetMsg(c.t.Context(), c.last+1)
		if err != nil {
			c.t.Fatal(err)
		}
		all = append(all, m)
	}
	return all
}

func (c *cases) send(place string, h http.Header, body string) *result {
	c.t.Helper()
	return c.ask(http.MethodPost, place, "", h, body)
}

// isStored fails unless a delivery added n events.
func (o *result) isStored(t *testing.T, n int) {
	t.Helper()
	if o.status/100 != 2 || o.ack() != "broker" || len(o.events) != n {
		t.Errorf("%s\nwant %d events and an ack of the broker", o, n)
	}
}

// isDuplicate fails unless a delivery was a duplicate.
func (o *result) isDuplicate(t *testing.T) {
	t.Helper()
	if o.status/100 != 2 || o.ack() != "duplicate" || len(o.events) != 0 {
		t.Errorf("%s\nwant a duplicate", o)
	}
}

// isRefused fails unless a delivery was refused.
func (o *result) isRefused(t *testing.T) {
	t.Helper()
	if o.status/100 != 4 || o.ack() != "" || len(o.events) != 0 {
		t.Errorf("%s\nwant a refusal", o)
	}
}

// as returns headers with a content type; "-" is none.
func as(contentType string, pairs ...string) http.Header {
	h := header(pairs...)
	h.Set("Content-Type", contentType)
	if contentType == "-" {
		h.Del("Content-Type")
	}
	return h
}

// issue is a body of GitHub's, about an issue of octo-org.
const issue = `{"action":"opened","issue":{"number":1,"title":"hi"},"repository":{"full_name":"octo-org/hello","owner":{"login":"octo-org"}}}`

// hub signs a body as GitHub, Meta and others do.
func hub(secret, contentType, body string, pairs ...string) http.Header {
	h := as(contentType, pairs...)
	h.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac(secret, body)))
	return h
}

// stripeSigned signs a body as Stripe does.
func stripeSigned(secret, contentType, body string) http.Header {
	h := senders()["stripe"].sign(secret, "", body, time.Now())
	h.Set("Content-Type", contentType)
	if contentType == "-" {
		h.Del("Content-Type")
	}
	return h
}

// vonageQuery signs parameters as Vonage's SMS API does.
func vonageQuery(secret string, at time.Time, pairs ...string) string {
	values := url.Values{"timestamp": {fmt.Sprint(at.Unix())}}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	var names []string
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	text := ""
	for _, name := range names {
		text += "&" + name + "=" + values.Get(name)
	}
	values.Set("sig", hex.EncodeToString(mac(secret, text)))
	return "?" + values.Encode()
}

func hexMAC(secret, content string) string { return hex.EncodeToString(mac(secret, content)) }

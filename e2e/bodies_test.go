package e2e

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

const bom = "\ufeff"

// TestBodies_byteOrderMarkIsDropped sends a byte order mark before the body of each form.
func TestBodies_byteOrderMarkIsDropped(t *testing.T) {
	graphSecret := random()
	c := startCases(t, map[string]*place{
		"graph": {provider: "microsoft-graph", secrets: []string{graphSecret}}, "docusign": {provider: "docusign"}, "slack": {provider: "slack"},
		"lines": {custom: `{name: acme, schemes: [{name: v1, signature: "header:acme-signature", hash: sha256, encoding: hex, content: "{body}"}], facts: {type: ["text:read"]}, content_types: [application/x-ndjson]}`},
	})
	slack := senders()["slack"]
	for name, tc := range map[string]struct {
		place, body string
		header      func(body string) http.Header
	}{
		"JSON": {"graph", `{"value":[{"subscriptionId":"s1","changeType":"updated","resource":"users/1","clientState":"` + graphSecret + `","tenantId":"t1"}]}`, func(string) http.Header { return header() }},
		"XML": {"docusign", `<DocuSignEnvelopeInformation><EnvelopeStatus><EnvelopeID>e1</EnvelopeID><Status>Completed</Status></EnvelopeStatus></DocuSignEnvelopeInformation>`, func(body string) http.Header {
			return as("text/xml", "X-DocuSign-Signature-1", b64(mac(c.secret("docusign"), body)))
		}},
		"a form": {"slack", "command=%2Fdeploy&team_id=T1&text=prod", func(body string) http.Header {
			h := slack.sign(c.secret("slack"), "", body, time.Now())
			h.Set("Content-Type", formType)
			return h
		}},
		"lines": {"lines", "{\"a\":1}\n{\"a\":2}\n", func(body string) http.Header {
			return as("application/x-ndjson", "Acme-Signature", hexMAC(c.secret("lines"), body))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			plain := c.send(tc.place, tc.header(tc.body), tc.body)
			plain.isStored(t, 1)
			marked := c.send(tc.place, tc.header(bom+tc.body), bom+tc.body)
			if marked.ack() != "duplicate" {
				marked.isStored(t, 1)
			}
			if len(plain.events) == 1 && len(marked.events) == 1 {
				sameEvent(t, &plain.events[0], &marked.events[0])
			}
		})
	}
}

// sameEvent fails unless two events are equal.
func sameEvent(t *testing.T, want, got *arrival) {
	t.Helper()
	if got.Type != want.Type || got.Tenant != want.Tenant || got.Subject != want.Subject || !bytes.Equal(got.Data, want.Data) || got.Encoded != want.Encoded {
		t.Errorf("%s %q %q %s%s\nwant %s %q %q %s%s", got.Type, got.Tenant, got.Subject, got.Data, got.Encoded, want.Type, want.Tenant, want.Subject, want.Data, want.Encoded)
	}
}

// TestBodies_wrongLabelsAreAccepted sends JSON with wrong content codings and charsets.
func TestBodies_wrongLabelsAreAccepted(t *testing.T) {
	c := startCases(t, map[string]*place{"github": {provider: "github"}})
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	n := 0
	for name, tc := range map[string]struct {
		contentType, coding string
		packed              bool
	}{
		"no coding":                {"application/json", "", false},
		"the coding utf-8":         {"application/json", "utf-8", false},
		"the coding identity":      {"application/json", "identity", false},
		"gzip":                     {"application/json", "gzip", true},
		"gzip and identity":        {"application/json", "gzip, identity", true},
		"identity and gzip":        {"application/json", "identity, gzip", true},
		"a charset in quotes":      {"application/json; charset='utf-8'", "", false},
		"the charset None":         {"application/json; charset=None", "", false},
		"the charset binary":       {"application/json; charset=binary", "", false},
		"the charset utf8mb4":      {"application/json; charset=utf8mb4", "", false},
		"UTF-8 said to be Latin-1": {"application/json; charset=iso-8859-1", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			n++
			plain := fmt.Sprintf(`{"action":"opened","issue":{"number":%d,"title":"é"},"repository":{"full_name":"octo-org/hello","owner":{"login":"octo-org"}}}`, n)
			body := plain
			if tc.packed {
				packed.Reset()
				w.Reset(&packed)
				_, _ = w.Write([]byte(plain))
				_ = w.Close()
				body = packed.String()
			}
			h := hub(c.secret("github"), tc.contentType, body, "X-GitHub-Event", "issues", "X-GitHub-Delivery", fmt.Sprint(n))
			if tc.coding != "" {
				h.Set("Content-Encoding", tc.coding)
			}
			o := c.send("github", h, body)
			o.isStored(t, 1)
			for _, e := range o.events {
				sameEvent(t, &arrival{Type: "github.issues.opened", Tenant: "octo-org", Subject: e.Subject, Data: []byte(plain)}, &e)
			}
		})
	}
}

// TestBodies_duplicateKeys sends JSON with two members of the same name.
func TestBodies_duplicateKeys(t *testing.T) {
	const row = `{name: acme, schemes: [{name: v1, signature: "header:acme-signature", hash: sha256, encoding: hex, content: "{body}"}], facts: {type: ["json:level"]}%s}`
	places := map[string]*place{
		"refused": {custom: fmt.Sprintf(row, "")},
		"last":    {custom: fmt.Sprintf(row, ", duplicate_keys: last")},
		"route":   {custom: fmt.Sprintf(row, ""), more: "normalize: {duplicate_keys: last}"},
	}
	c := startCases(t, places)
	const body = `{"level":"a","n":{"x":1,"\u0078":2},"level":"b"}`
	send := func(name string) *result {
		return c.send(name, as("application/json", "Acme-Signature", hexMAC(c.secret(name), body)), body)
	}
	o := send("refused")
	o.isRefused(t)
	if !strings.Contains(o.body, "malformed") {
		t.Errorf("%s", o)
	}
	eventually(t, "the delivery is in quarantine unchanged", func() bool {
		for _, m := range c.stored("WEBHOOKS_REJECTED") {
			if strings.HasSuffix(m.Subject, ".malformed") && bytes.HasSuffix(m.Data, []byte(body)) {
				return true
			}
		}
		return false
	})
	for _, name := range []string{"last", "route"} {
		o := send(name)
		o.isStored(t, 1)
		for _, e := range o.events {
			if e.Type != "acme.b" || string(e.Data) != `{"n":{"\u0078":2},"level":"b"}` {
				t.Errorf("%s: %s %s", name, e.Type, e.Data)
			}
		}
	}
}

// TestBodies_oneGoodSignatureOfAList sends a malformed signature beside a good one.
func TestBodies_oneGoodSignatureOfAList(t *testing.T) {
	key := []byte("a-key-of-svix-that-is-32-bytes-l")
	c := startCases(t, map[string]*place{"stripe": {provider: "stripe"}, "svix": {provider: "svix", secrets: []string{"whsec_" + b64(key)}}})
	for i, spoiled := range []string{"v1=00,", "v1=,", "v1=zz,"} {
		body, at := senders()["stripe"].body(fmt.Sprint("evt_list_", i)), fmt.Sprint(time.Now().Unix())
		good := "v1=" + hexMAC(c.secret("stripe"), at+"."+body)
		c.send("stripe", as("application/json", "Stripe-Signature", "t="+at+","+spoiled+good), body).isStored(t, 1)
		c.send("stripe", as("application/json", "Stripe-Signature", "t="+at+","+spoiled+"v1="+strings.Repeat("0", 64)), body).isRefused(t)
	}
	for i, spoiled := range []string{"v1,AAAA ", "v1, ", "v1,%% ", "v1a,AAAA "} {
		id, at, body := fmt.Sprint("msg_list_", i), fmt.Sprint(time.Now().Unix()), `{"type":"user.created"}`
		good := "v1," + base64.StdEncoding.EncodeToString(mac(string(key), id+"."+at+"."+body))
		c.send("svix", as("application/json", "Svix-Id", id, "Svix-Timestamp", at, "Svix-Signature", spoiled+good), body).isStored(t, 1)
	}
}

// TestBodies_answersThatProvidersAskFor checks answers that providers prescribe.
func TestBodies_answersThatProvidersAskFor(t *testing.T) {
	c := startCases(t, map[string]*place{"xero": {provider: "xero"}, "cloudevents": {provider: "cloudevents"}, "grid": {provider: "azure-event-grid"}})
	body := `{"events":[],"firstEventSequence":0,"lastEventSequence":0,"entropy":"S0m3r4Nd0mt3xt"}`
	o := c.send("xero", as("application/json", "X-Xero-Signature", b64(mac("the-key-of-a-stranger", body))), body)
	if o.status != http.StatusUnauthorized || o.body != "" || o.header.Get("Set-Cookie") != "" {
		t.Errorf("a wrong signature of Xero: %s %v", o, o.header)
	}
	for _, place := range []string{"cloudevents", "grid"} {
		for rate, want := range map[string]string{"120": "120", "": "", "*": "*", "120\u00e9": "*", "-1": "*", "99999999999999999999": "*"} {
			h := http.Header{"Webhook-Request-Origin": {"eventgrid.azure.net"}}
			if rate != "" {
				h.Set("Webhook-Request-Rate", rate)
			}
			o := c.ask(http.MethodOptions, place, "", h, "")
			if o.status/100 != 2 || o.header.Get("Webhook-Allowed-Origin") != "eventgrid.azure.net" || o.header.Get("Webhook-Allowed-Rate") != want {
				t.Errorf("%s, rate %q: %s %v", place, rate, o, o.header)
			}
		}
	}
}

// TestBodies_goodSecretBesideAnEmptyOne lists an unresolved reference before a good secret.
func TestBodies_goodSecretBesideAnEmptyOne(t *testing.T) {
	good := random()
	c := startCases(t, map[string]*place{"github": {provider: "github", secrets: []string{"", good}}})
	body := issue
	c.send("github", hub("", "application/json", body, "X-GitHub-Event", "issues", "X-GitHub-Delivery", "1"), body).isRefused(t)
	c.send("github", hub(good, "application/json", body, "X-GitHub-Event", "issues", "X-GitHub-Delivery", "2"), body).isStored(t, 1)
	eventually(t, "an alarm names the empty one", func() bool {
		line := c.said("verify.secrets[0].value")
		return strings.Contains(line, `"level":"ERROR"`)
	})
}

// TestBodies_repeatedFactHeader sends the header with the event name twice, as a proxy
// does that adds its own line.
func TestBodies_repeatedFactHeader(t *testing.T) {
	c := startCases(t, map[string]*place{"github": {provider: "github"}})
	for i, tc := range []struct {
		names []string
		kind  string
	}{{[]string{"issues", "issues"}, "github.issues.opened"}, {[]string{"issues", "release"}, ""}} {
		h := hub(c.secret("github"), "application/json", issue, "X-GitHub-Delivery", fmt.Sprint(i))
		h["X-Github-Event"] = tc.names
		o := c.send("github", h, issue)
		if tc.kind != "" {
			o.isStored(t, 1)
		}
		for _, e := range o.events {
			if tc.kind != "" && e.Type != tc.kind || strings.Contains(e.Type, "release") {
				t.Errorf("%v: %s", tc.names, e.Type)
			}
		}
	}
}

package provider_test

import (
	"testing"

	"webhookedge/plugins/provider"
)

// A verification is answered only behind its signature, with its challenge and nothing
// that a stranger chose.
func TestHandshake_verificationOfMCPEventsIsSigned(t *testing.T) {
	p := lookup(t, "mcp-events")
	c := newScheme(t, p, p.Schemes[0])
	v := c.verifier(t)
	for body, want := range map[string]string{
		`{"type":"verification","challenge":"n0nce"}`:          `{"challenge":"n0nce"}`,
		`{"challenge":"a\",\"b\":\"c","type":"verification"}`:  `{"challenge":"a\",\"b\":\"c"}`,
		`{"type":"gap","challenge":"n0nce"}`:                   "",
		`{"name":"verification","data":{"challenge":"n0nce"}}`: "",
	} {
		r := c.signSample(t, "verification", []byte(body), "application/json", at(), c.pair.Private)
		if reply, err := v.Handshake(r, false, true); reply != nil || err != nil {
			t.Errorf("%s: answered before it was verified: %+v, %v", body, reply, err)
		}
		if _, err := v.Verify(r, at()); err != nil {
			t.Fatal(err)
		}
		reply, err := v.Handshake(r, true, false)
		switch {
		case err != nil:
			t.Errorf("%s: %v", body, err)
		case want == "" && reply != nil:
			t.Errorf("%s: a delivery was answered with %s", body, reply.Answer.Body)
		case want != "" && (reply == nil || reply.Answer.Body != want):
			t.Errorf("%s: got %+v, want %s", body, reply, want)
		}
	}
	if _, err := p.Verifier(provider.Options{Secrets: []provider.Secret{{Value: "whsec_MDEyMzQ1Njc4OWFiY2RlZg=="}}}); err == nil {
		t.Error("a secret of 16 bytes is taken, and the draft wants 24")
	}
}

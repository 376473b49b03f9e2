package e2e

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"webhookedge/kong/local"
)

// TestExamples_successMeansStored serves the examples of every page, sends each an unsigned,
// a forged and a signed delivery, and looks in the stream for all that got a 2xx.
func TestExamples_successMeansStored(t *testing.T) {
	all, signers := shown(t), signersOf(t)
	library, err := filepath.Abs(filepath.Join("..", "policies"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"/usr/local/kong/policies": library, "/etc/redis/ca.pem": certificate(t)}
	for i := range all {
		all[i].complete(files)
	}
	g := startGatewayWith(t, served(t, all, stub(t)), func(env map[string]string) {
		env["REDIS_URL"], env["QUARANTINE_KEY"] = "redis://127.0.0.1:1", base64.StdEncoding.EncodeToString(make([]byte, 32))
		for _, s := range signers {
			maps.Copy(env, s.env)
		}
		streamOf(t, env["NATS_URL"])
	}, func(o *local.Options) {
		known := o.Env
		o.Env = func(name string) (string, bool) {
			if value, ok := known(name); ok {
				return value, true
			}
			return "of-the-examples-" + rand.Text(), true
		}
	})
	var answers []said
	for i := range all {
		answers = append(answers, all[i].deliver(g, signers)...)
	}
	g.judge(answers)
}

// signer makes the deliveries of one provider: unsigned, forged and signed.
type signer struct {
	env     map[string]string
	request func(what, id string) *request
}

const (
	byNobody   = "unsigned"
	byStranger = "forged"
	byProvider = "signed"
)

// signersOf are those whose signatures the suite's own code can make.
func signersOf(t *testing.T) map[string]signer {
	t.Helper()
	all, strangers, signers := signings(t), signings(t), map[string]signer{}
	for name, s := range all {
		if s.provider != "" || s.scheme != "" || s.method != "" {
			continue // no page has it
		}
		env := map[string]string{variable(name, "webhook-secret"): s.config}
		for setting, value := range s.settings {
			env[variable(name, setting)] = value
		}
		signers[name] = signer{env, func(what, _ string) *request {
			by := s
			if what == byStranger {
				by = strangers[name]
			}
			return by.delivery(name, what)
		}}
	}
	for name, s := range senders() {
		signers[name] = s.signer(name)
	}
	signers["acme"] = acme().signer("acme")
	return signers
}

// delivery is what s delivers to the URL that the pages name.
func (s *signing) delivery(name, what string) *request {
	r := &request{url: "https://hooks.example.com/webhooks/" + name, header: header(), body: s.body, at: time.Now()}
	if s.contentType != "" {
		r.header.Set("Content-Type", s.contentType)
	}
	if what == byNobody {
		return r
	}
	s.sign(r)
	return r
}

func (s sender) signer(name string) signer {
	return signer{map[string]string{variable(name, "webhook-secret"): s.secret, s.secretEnv: s.secret}, func(what, id string) *request {
		r := &request{body: s.body(id)}
		r.header = s.sign(s.secret, id, r.body, time.Now())
		switch what {
		case byNobody:
			r.header.Del(s.signature)
		case byStranger: // a signature of something else
			r.header.Set(s.signature, s.sign(s.secret, id, r.body+" ", time.Now()).Get(s.signature))
		}
		return r
	}}
}

// acme is the sender of a user's own that plugins/provider/README.md describes.
func acme() sender {
	return sender{
		secretEnv: "ACME_SECRET", secret: "acme-secret-of-the-examples", signature: "Acme-Signature",
		body: func(id string) string { return `{"id":"` + id + `","type":"order.paid","created":1700000000}` },
		sign: func(secret, _, body string, at time.Time) http.Header {
			t := fmt.Sprint(at.Unix())
			return header("Acme-Event", "order.paid", "Acme-Signature", "t="+t+",v1="+hex.EncodeToString(mac(secret, t+".POST.https://hooks.example.com/webhooks/acme."+body)))
		},
	}
}

// said is an answer, and the example and delivery that it belongs to.
type said struct {
	response
	*example
	what  string
	known bool // the provider's signature can be made here
}

func (s *said) String() string {
	return fmt.Sprintf("%s (%s, %s): %s: %d %s", s.page, s.path, s.provider(), s.what, s.status, s.body)
}

// deliver sends three deliveries; of a provider that nobody can sign for here, those of
// another one, without a signature and with one that is not its own.
func (e *example) deliver(g *gateway, signers map[string]signer) (answers []said) {
	s, known := signers[e.provider()]
	if known = known && !e.fetches(); !known {
		s = signers["acme"]
	}
	for _, what := range []string{byNobody, byStranger, byProvider} {
		r := s.request(what, "example-"+filepath.Base(e.path)+what)
		answers = append(answers, said{g.do(http.MethodPost, e.path+r.query, r.header, r.body), e, what, known})
	}
	return answers
}

// judge compares answers with what is stored.
func (g *gateway) judge(answers []said) {
	g.t.Helper()
	var stored [][]byte
	for _, m := range append(g.events(), g.stored("WEBHOOKS_REJECTED")...) {
		stored = append(stored, m.Data)
	}
	works := map[string]bool{}
	for i := range answers {
		a := &answers[i]
		works[a.page] = works[a.page] || strings.HasPrefix(a.page, "kong/examples/") && !a.known
		proves, stores := a.has("webhook-edge", "webhook-verify"), a.has("webhook-edge", "webhook-publish")
		own := a.status/100 == 2 && (a.status != ofService || stores)
		id := []byte(a.header.Get("X-Kong-Request-Id"))
		switch {
		case a.status/100 == 2 && proves && (a.what != byProvider || !a.known):
			g.t.Errorf("not verified, and answered with success: %s", a)
		case own && a.header.Get("Webhook-Ack") != "duplicate" && !slices.ContainsFunc(stored, func(m []byte) bool { return bytes.Contains(m, id) }):
			g.t.Errorf("nothing is stored: %s", a)
		case a.status/100 == 2:
			works[a.page] = true
		case a.known && a.what == byProvider && proves:
			g.t.Errorf("a delivery of the provider's is refused: %s", a)
		}
	}
	for page, does := range works {
		if !does {
			g.t.Errorf("%s: no example takes a delivery", page)
		}
	}
	if len(works) < 100 {
		g.t.Errorf("only %d pages have examples", len(works))
	}
}

package infer_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/infer"
)

// parts are what a delivery of a random sender is made of.
type parts struct {
	id, bodyID, account, query string
	at, created                time.Time
}

// randomSender signs with parts of a delivery, of which some look the same in one
// delivery and are not in the next.
type randomSender struct {
	text   func(p *parts, body, url string) string
	name   string
	encode func([]byte) string
}

func newRandomSender(random *rand.Rand) randomSender {
	pick := func(all ...string) string { return all[random.IntN(len(all))] }
	shape := pick("t.b", "i.t.b", "b.t", "m.u.t.b", "a.t.b", "a.b", "u.b", "i.b", "t.h", "i.t")
	id, stamp, account, address := pick("header", "body"), pick("header", "body"), pick("header", "fixed"), pick("whole", "bare")
	separator := pick(".", ":", "\n", "|")
	s := randomSender{name: strings.Join([]string{shape, id, stamp, account, address, fmt.Sprintf("%q", separator)}, " ")}
	s.encode = func(b []byte) string { return hex.EncodeToString(b) }
	if kind := pick("hex", "base64", "base64url", "mark"); kind != "hex" {
		s.name += " " + kind
		s.encode = map[string]func([]byte) string{
			"base64": base64.StdEncoding.EncodeToString, "base64url": base64.URLEncoding.EncodeToString,
			"mark": func(b []byte) string { return "sha256=" + hex.EncodeToString(b) },
		}[kind]
	}
	s.text = func(p *parts, body, url string) string {
		values := map[string]string{"b": body, "h": hash(body), "m": http.MethodPost, "u": url, "i": p.id, "t": unix(p.at), "a": p.account}
		if id == "body" {
			values["i"] = p.bodyID
		}
		if stamp == "body" {
			values["t"] = unix(p.created)
		}
		if account == "fixed" {
			values["a"] = "octo"
		}
		if address == "bare" {
			values["u"], _, _ = strings.Cut(url, "?")
		}
		var text []string
		for name := range strings.SplitSeq(shape, ".") {
			text = append(text, values[name])
		}
		return strings.Join(text, separator)
	}
	return s
}

func unix(t time.Time) string { return fmt.Sprint(t.Unix()) }

func (s *randomSender) delivery(p *parts) provider.Request {
	body := fmt.Sprintf(`{"type":"order.paid","id":%q,"created":%d}`, p.bodyID, p.created.Unix())
	url := target + p.query
	return request(url, body, "acme-delivery", p.id, "acme-time", unix(p.at), "acme-account", p.account, "acme-sign", s.encode(mac(secret, s.text(p, body, url))))
}

// TestSure_whatIsSureHoldsForTheNextDelivery makes senders at random. What is said to be
// sure of one delivery must take the next, in which every value is another.
func TestSure_whatIsSureHoldsForTheNextDelivery(t *testing.T) {
	random := rand.New(rand.NewPCG(16, 4))
	sure, found, doubtful := 0, 0, 0
	const n = 80
	for range n {
		s := newRandomSender(random)
		first := parts{id: fmt.Sprintf("dlv_%08d", random.IntN(1e8)), account: "octo", at: at(), created: at()}
		first.bodyID = first.id
		if random.IntN(2) == 0 {
			first.bodyID, first.created = "ord_"+first.id, at().Add(-time.Minute)
		}
		if random.IntN(2) == 0 {
			first.query = "?route=1"
		}
		next := parts{id: "dlv_55120077", bodyID: "ord_90817263", account: "other", query: "?route=2", at: at().Add(time.Hour), created: at().Add(time.Hour - 2*time.Second)}
		answer := ask(t, secret, s.delivery(&first))
		if len(answer.Readings) == 0 || answer.Readings[0].Row == nil {
			continue
		}
		found++
		err := verifies(t, &answer.Readings[0], secret, s.delivery(&next), next.at)
		if answer.Sure {
			sure++
			if err != nil {
				t.Errorf("%s: %q is told as sure: %v", s.name, answer.Readings[0].Scheme.Content, err)
			}
		} else if err != nil {
			doubtful++
		}
	}
	t.Logf("of %d: %d found, %d sure, %d not sure and wrong", n, found, sure, doubtful)
	if found < n*7/10 || sure < n/8 || doubtful == 0 {
		t.Error("too little was looked at")
	}
}

// FuzzInfer holds that no delivery makes the search panic, or a row be told that does not
// take it.
func FuzzInfer(f *testing.F) {
	f.Add("octo-corp-secret", "https://hooks.octo-corp.example/in?a=1", "t=1749722400,v1=00", "1749722400", `{"a":[{"b":"c"}]}`)
	f.Add("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "https://a.example/", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "msg_1", "a=1&b=%zz")
	f.Add("aaaa:bbbb", "http://a", "Basic YWFhYTpiYmJi", "", "")
	f.Fuzz(func(t *testing.T, secret, url, sign, value, body string) {
		if len(secret)+len(url)+len(sign)+len(value)+len(body) > 2000 {
			return
		}
		r := request(url, body, "acme-sign", sign, "acme-value", value)
		answer, err := infer.Infer(t.Context(), infer.Question{Secret: secret, Samples: []infer.Sample{{Request: r, At: at()}}})
		if err != nil {
			return
		}
		for i := range answer.Readings {
			if x := &answer.Readings[i]; x.Row != nil && verifies(t, x, secret, r, at()) != nil && x.Scheme.ToleranceSeconds == 0 && !x.Scheme.JWT.NeedExpiry && len(x.Others) == 0 {
				t.Errorf("a row that refuses the delivery: %+v", x.Scheme)
			}
		}
	})
}

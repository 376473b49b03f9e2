package infer_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/infer"
	"webhookedge/plugins/provider/spec"
)

const (
	secret = "octo-corp-secret-of-the-sender"
	body   = `{"type":"order.paid","id":"ord_91c27d04","total":"12.50"}`
	stamp  = "1749722400" // at()
)

// mac is the HMAC-SHA256 of a text, by nothing of the package under test.
func mac(key, text string) []byte {
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(text))
	return m.Sum(nil)
}

func hexMAC(key, text string) string { return hex.EncodeToString(mac(key, text)) }

// request has headers in pairs of names and values.
func request(url, body string, headers ...string) provider.Request {
	r := provider.Request{Method: "POST", URL: url, Body: []byte(body)}
	list := provider.HeaderList{{Name: "host", Value: "hooks.octo-corp.example"}, {Name: "content-type", Value: "application/json"}}
	for i := 0; i < len(headers); i += 2 {
		list = append(list, spec.Header{Name: headers[i], Value: headers[i+1]})
	}
	r.Headers = list
	return r
}

const target = "https://hooks.octo-corp.example/in"

func ask(t *testing.T, secret string, requests ...provider.Request) infer.Answer {
	t.Helper()
	q := infer.Question{Secret: secret, Within: time.Minute} // a busy machine decides nothing
	for _, r := range requests {
		q.Samples = append(q.Samples, infer.Sample{Request: r, At: at()})
	}
	answer, err := infer.Infer(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// TestInfer_readings says what is found of deliveries that are signed here, and whether
// that is sure.
func TestInfer_readings(t *testing.T) {
	for name, tc := range map[string]struct {
		secret  string
		request provider.Request
		want    string // content, or kind where nothing is signed
		key     spec.KeyForm
		sure    bool
	}{
		"a time, a pipe and the body": {
			secret, request(target, body, "x-acme-time", stamp, "x-acme-sign", hexMAC(secret, stamp+"|"+body)), "{timestamp}|{body}", spec.KeyText, true,
		},
		"an id, a time and a hash of the body": {
			secret,
			request(target, body, "x-acme-delivery", "4b1d0e7c-90c2", "x-acme-time", stamp, "x-acme-sign", hexMAC(secret, "4b1d0e7c-90c2\n"+stamp+"\n"+hash(body))),
			"{id}\n{timestamp}\n{body|sha256|hex}", spec.KeyText, true,
		},
		"method, URL with its query, time and body": {
			secret,
			request(target+"?a=1", body, "x-acme-time", stamp, "x-acme-sign", hexMAC(secret, "POST\n"+target+"?a=1\n"+stamp+"\n"+body)),
			"{method}\n{url}\n{timestamp}\n{body}", spec.KeyText, true,
		},
		"method, path, time and body, with a line end": {
			secret,
			request(target+"?a=1", body, "x-acme-time", stamp, "x-acme-sign", hexMAC(secret, stamp+"\nPOST\n/in?a=1\n"+body+"\n")),
			"{timestamp}\n{method}\n{target}\n{body}\n", spec.KeyText, true,
		},
		"values behind their names": {
			secret,
			request(target, body, "x-acme-id", "4b1d0e7c-90c2", "x-acme-sign", "ts="+stamp+",v1="+hexMAC(secret, "id:4b1d0e7c-90c2;ts:"+stamp+";")),
			"id:{header:x-acme-id};ts:{timestamp};", spec.KeyText, false, // the id may be an account's
		},
		"a key in hexadecimal": {
			hex.EncodeToString([]byte(secret)), request(target, body, "x-acme-sign", hexMAC(secret, body)), "{body}", spec.KeyHex, true,
		},
		"a key in base64 behind a prefix": {
			"acme_" + base64.StdEncoding.EncodeToString([]byte(secret)), request(target, body, "x-acme-sign", hexMAC(secret, body)), "{body}", spec.KeyBase64, true,
		},
		"the text behind a prefix": {
			"acme_" + secret, request(target, body, "x-acme-sign", hexMAC(secret, body)), "{body}", spec.KeyText, true,
		},
		"a key in base64 without padding": {
			base64.RawStdEncoding.EncodeToString([]byte(secret + ">>>?")), request(target, body, "x-acme-sign", hexMAC(secret+">>>?", body)), "{body}", spec.KeyBase64, true,
		},
		"a digest that ends with the secret": {
			secret, request(target, body, "x-acme-sign", hash(body+secret)), "{body}{key}", spec.KeyText, true,
		},
		"a short secret": {
			"tiny-key", request(target, body, "x-acme-sign", hexMAC("tiny-key", body)), "{body}", spec.KeyText, true,
		},
		"a bearer token": {
			secret, request(target, body, "authorization", "Bearer "+secret), "token", spec.KeyText, true,
		},
		"a password of HTTP Basic": {
			secret, request(target, body, "authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte("octo:"+secret))), "basic", spec.KeyUser, true,
		},
		"a time that stands in the body, too": {
			secret, request(target, `{"type":"a","at":`+stamp+`}`, "x-acme-time", stamp, "x-acme-sign", hexMAC(secret, stamp+"."+`{"type":"a","at":`+stamp+`}`)),
			"{timestamp}.{body}", spec.KeyText, false,
		},
		"an id that is the same in every delivery": {
			secret, request(target, body, "x-acme-id", "main", "x-acme-time", stamp, "x-acme-sign", hexMAC(secret, "main."+stamp+"."+body)),
			"{header:x-acme-id}.{timestamp}.{body}", spec.KeyText, false,
		},
		"a URL without a query": {
			secret, request(target, body, "x-acme-sign", hexMAC(secret, target+body)), "{setting:url}{body}", spec.KeyText, false,
		},
		"an empty body": {
			secret, request(target, "", "x-acme-time", stamp, "x-acme-sign", hexMAC(secret, stamp+".")), "{timestamp}.{body}", spec.KeyText, false,
		},
		"a proxy that ends TLS": {
			secret, request("http://hooks.octo-corp.example/in?a=1", body, "x-acme-sign", hexMAC(secret, target+"?a=1\n"+body)), "{url}\n{body}", spec.KeyText, true,
		},
		"a body whose line end was cut off": {
			secret, request(target, body, "x-acme-sign", hexMAC(secret, body+"\n")), "{body}", spec.KeyText, false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			answer := ask(t, tc.secret, tc.request)
			if len(answer.Readings) == 0 || answer.Readings[0].Row == nil {
				t.Fatalf("nothing is found: %+v", answer)
			}
			x := answer.Readings[0]
			got := x.Scheme.Content
			if got == "" {
				got = string(x.Scheme.Kind)
			}
			if got != tc.want || x.Scheme.Key != tc.key || answer.Sure != tc.sure {
				t.Errorf("%q by a key in %s, sure %t; want %q, %s, %t: %q", got, x.Scheme.Key, answer.Sure, tc.want, tc.key, tc.sure, x.Others)
			}
			text, err := json.Marshal(struct {
				Row, Rest any
			}{x.Row, []any{x.Covers, x.Unsigned, x.Notes, x.Others, x.Refused}})
			if err != nil || strings.Contains(string(text), tc.secret) {
				t.Errorf("the answer holds the secret, or cannot be written: %v", err)
			}
		})
	}
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// TestInfer_secondSampleTellsReadingsApart gives deliveries between whose readings one
// alone does not decide.
func TestInfer_secondSampleTellsReadingsApart(t *testing.T) {
	signed := func(id, time, body string) provider.Request {
		return request(target, body, "x-acme-account", id, "x-acme-time", time, "x-acme-sign", hexMAC(secret, id+"."+time+"."+body))
	}
	one := signed("main", stamp, `{"type":"a","at":`+stamp+`}`)
	two := signed("second", "1749722999", `{"type":"a","at":1749722998}`)
	if answer := ask(t, secret, one); answer.Sure || len(answer.Readings[0].Others) != 2 {
		t.Errorf("of one: %+v", answer.Readings)
	}
	if answer := ask(t, secret, one, two); !answer.Sure || answer.Readings[0].Scheme.Content != "{header:x-acme-account}.{timestamp}.{body}" {
		t.Errorf("of two: %+v", answer.Readings)
	}
	constant := request(target, body, "x-acme-account", "second", "x-acme-time", stamp, "x-acme-sign", hexMAC(secret, "main."+stamp+"."+body))
	if answer := ask(t, secret, one, constant); len(answer.Readings) != 0 {
		t.Errorf("a reading that the second delivery speaks against is told: %+v", answer.Readings)
	}
}

// TestInfer_unsafeReadingHasNoRow finds a scheme that a sender of a user's own may not
// have, and says why instead of a row.
func TestInfer_unsafeReadingHasNoRow(t *testing.T) {
	r := request(target, body, "x-acme-id", "4b1d0e7c-90c2", "x-acme-time", stamp, "x-acme-sign", hexMAC(secret, "4b1d0e7c-90c2"+stamp+body))
	answer := ask(t, secret, r)
	if len(answer.Readings) != 1 || answer.Readings[0].Row != nil || len(answer.Readings[0].Refused) == 0 || answer.Sure {
		t.Fatalf("%+v", answer)
	}
	if why := answer.Readings[0].Refused[0]; !strings.HasPrefix(why, "schemes[0].content: ") {
		t.Error(why)
	}
}

func TestInfer_refusesWhatItCannotSearch(t *testing.T) {
	good := infer.Sample{Request: request(target, body)}
	large := infer.Sample{Request: request(target, strings.Repeat("x", infer.MaxBody+1))}
	for name, q := range map[string]infer.Question{
		"no delivery":       {Secret: secret},
		"a short secret":    {Secret: "abc", Samples: []infer.Sample{good}},
		"a long secret":     {Secret: strings.Repeat("x", 20<<10), Samples: []infer.Sample{good}},
		"a large body":      {Secret: secret, Samples: []infer.Sample{large}},
		"a second such one": {Secret: secret, Samples: []infer.Sample{good, large}},
		"many deliveries":   {Secret: secret, Samples: make([]infer.Sample, 17)},
	} {
		if _, err := infer.Infer(t.Context(), q); !errors.Is(err, infer.ErrInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := infer.Infer(ended, infer.Question{Secret: secret, Samples: []infer.Sample{good}}); !errors.Is(err, context.Canceled) {
		t.Errorf("a context that ended: %v", err)
	}
}

// TestInfer_endsAtItsBounds has more to try than the time allows.
func TestInfer_endsAtItsBounds(t *testing.T) {
	headers := []string{"x-acme-sign", strings.Repeat("ab", 32)}
	for i := range 200 {
		headers = append(headers, fmt.Sprintf("x-acme-%d-id", i), fmt.Sprintf("%08d-%08d", i, i*7))
	}
	began := time.Now()
	r := request(target+"?a=1", strings.Repeat("x", infer.MaxBody), headers...)
	answer, err := infer.Infer(t.Context(), infer.Question{Secret: secret, Samples: []infer.Sample{{Request: r, At: at()}}})
	if err != nil || answer.Complete || len(answer.Readings) > 0 || len(answer.Causes) == 0 {
		t.Errorf("%+v, %v", answer, err)
	}
	t.Logf("%d trials in %s", answer.Trials, time.Since(began))
}

func TestInfer_wrongSecretFindsNothing(t *testing.T) {
	answer := ask(t, "another-secret-of-octo-corp", request(target, body, "x-acme-time", stamp, "x-acme-sign", hexMAC(secret, stamp+"."+body)))
	if len(answer.Readings) > 0 || !answer.Complete || len(answer.Causes) == 0 {
		t.Errorf("%+v", answer)
	}
}

func TestKnown_namesTheRowsThatTakeIt(t *testing.T) {
	r := request(target, body, "x-hub-signature-256", "sha256="+hexMAC(secret, body), "x-github-event", "push")
	names := infer.Known(infer.Question{Secret: secret, Samples: []infer.Sample{{Request: r, At: at()}}})
	if !strings.Contains(strings.Join(names, " "), "github") {
		t.Error(names)
	}
	if names := infer.Known(infer.Question{Secret: secret + "x", Samples: []infer.Sample{{Request: r, At: at()}}}); len(names) > 0 {
		t.Error(names)
	}
}

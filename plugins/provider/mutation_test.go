package provider_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"webhookedge/plugins/provider"
)

// TestNoMutationPasses changes signed deliveries at random in what the scheme
// covers: body, signature, time and id. None may pass.
func TestNoMutationPasses(t *testing.T) {
	const mutations = 12_000
	cases(t, func(t *testing.T, p *provider.Provider, s provider.Scheme) {
		v := verifier(t, p, s, secret(s, 1), secret(s, 2))
		good := sign(t, p, s, at(), secret(s, 2))
		names := parts(s)
		random := rand.New(rand.NewPCG(1, uint64(len(p.Name))))
		body := make([]byte, 0, 2*len(good.Body))
		for tried := 0; tried < mutations; {
			r := good
			if random.IntN(3) == 0 {
				body = append(body[:0], good.Body...)
				r.Body = mutate(random, body)
			} else {
				name := names[random.IntN(len(names))]
				r = with(good, name, func(value string) []string { return mutateHeader(random, value) })
			}
			if bytes.Equal(r.Body, good.Body) && slices.Equal(list(r), list(good)) {
				continue // nothing changed, for instance a bit that was flipped twice
			}
			tried++
			if _, err := v.Verify(r, at()); err == nil {
				t.Fatalf("passed: headers %q, body changed: %v", list(r), !bytes.Equal(r.Body, good.Body))
			}
		}
	})
}

// TestVerifiersAreSafeForConcurrentUse shares one verifier and one row among
// goroutines that verify right and wrong deliveries; the race detector watches.
func TestVerifiersAreSafeForConcurrentUse(t *testing.T) {
	cases(t, func(t *testing.T, p *provider.Provider, s provider.Scheme) {
		v := verifier(t, p, s, secret(s, 1), secret(s, 2))
		var all sync.WaitGroup
		for n := range 8 {
			good := sign(t, p, s, at(), secret(s, 1+n%2))
			forged := good
			forged.Body = append([]byte("x"), good.Body...)
			want, err := p.Describe(good)
			if err != nil {
				t.Fatal(err)
			}
			all.Go(func() {
				for range 200 {
					if _, err := v.Verify(good, at()); err != nil {
						t.Errorf("right: %v", err)
					}
					if _, err := v.Verify(forged, at()); !errors.Is(err, provider.ErrMismatch) {
						t.Errorf("forged: %v", err)
					}
					if got, err := p.Describe(good); err != nil || got != want {
						t.Errorf("facts: %+v, %v", got, err)
					}
				}
			})
		}
		all.Wait()
	})
}

// mutateHeader returns the lines that stand for one line afterwards.
func mutateHeader(random *rand.Rand, value string) []string {
	switch random.IntN(8) {
	case 0:
		return []string{value, value}
	case 1:
		return []string{strings.ToUpper(value)}
	case 2:
		return []string{value, string(mutate(random, []byte(value)))}
	case 3:
		return nil
	}
	return []string{string(mutate(random, []byte(value)))}
}

// mutate makes one to three small changes. It may change b.
func mutate(random *rand.Rand, b []byte) []byte {
	for range 1 + random.IntN(3) {
		if len(b) == 0 {
			return append(b, byte(random.IntN(256)))
		}
		i := random.IntN(len(b))
		switch random.IntN(6) {
		case 0:
			b = slices.Delete(b, i, i+1)
		case 1:
			b = slices.Insert(b, i, byte(random.IntN(256)))
		case 2:
			b = b[:i]
		case 3:
			j := random.IntN(len(b))
			b[i], b[j] = b[j], b[i]
		case 4:
			b[i] = byte(random.IntN(256))
		default:
			b[i] ^= 1 << random.IntN(8)
		}
	}
	return b
}

// FuzzVerify gives each scheme signature, time, id and body of the fuzzer's
// making: only what was signed may pass.
func FuzzVerify(f *testing.F) {
	type target struct {
		scheme provider.Scheme
		v      *provider.Verifier
		good   provider.Request
	}
	var targets []target
	for _, p := range provider.Catalogue() {
		for _, s := range p.Schemes {
			good := sign(f, p, s, at(), secret(s, 1))
			targets = append(targets, target{s, verifier(f, p, s, secret(s, 1)), good})
			signature, timestamp, id := signedValues(good, s)
			f.Add(uint8(len(targets)-1), signature, timestamp, id, good.Body)
			f.Add(uint8(len(targets)-1), signature+","+signature+" "+signature, "+1", "a.b", []byte{0xff})
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, signature, timestamp, id string, body []byte) {
		to := targets[int(which)%len(targets)]
		names := parts(to.scheme)
		values := map[string]string{names[0]: signature}
		for _, name := range names[1:] {
			values[name] = id
			if "header:"+name == to.scheme.Timestamp {
				values[name] = timestamp
			}
		}
		r := to.good
		r.Body = body
		for name, value := range values {
			r = with(r, name, func(string) []string { return []string{value} })
		}
		proof, err := to.v.Verify(r, at())
		if err != nil {
			return
		}
		// Lists may carry more than the signature; what is signed may not differ.
		_, wantTime, wantID := signedValues(to.good, to.scheme)
		_, gotTime, gotID := signedValues(r, to.scheme)
		if !bytes.Equal(body, to.good.Body) || gotTime != wantTime || gotID != wantID || proof.Scheme != to.scheme.Name {
			t.Fatalf("passed: %q", list(r))
		}
	})
}

func signedValues(r provider.Request, s provider.Scheme) (signature, timestamp, id string) {
	signature, _ = r.Headers.Get(s.Header)
	if name, ok := strings.CutPrefix(s.Timestamp, "header:"); ok {
		timestamp, _ = r.Headers.Get(name)
	}
	if name, ok := strings.CutPrefix(s.ID, "header:"); ok {
		id, _ = r.Headers.Get(name)
	}
	return signature, timestamp, id
}

// FuzzDescribe reads facts from anything: nothing panics and every fact keeps
// its bounds.
func FuzzDescribe(f *testing.F) {
	rows := provider.Catalogue()
	for i, p := range rows {
		for _, event := range p.SampleEvents() {
			body, contentType, _ := p.Sample(event)
			f.Add(uint8(i), contentType, event, body)
		}
	}
	f.Add(uint8(0), "application/x-www-form-urlencoded", "%zz", []byte("payload=%7B%7D&payload=1&%zz=%"))
	f.Fuzz(func(t *testing.T, which uint8, contentType, value string, body []byte) {
		p := rows[int(which)%len(rows)]
		headers := provider.HeaderList{{Name: "content-type", Value: contentType}}
		for _, h := range p.Sends {
			if h.Name != "content-type" {
				headers = append(headers, provider.Header{Name: h.Name, Value: value})
			}
		}
		r := provider.Request{Method: "POST", Headers: headers, Body: body}
		facts, err := p.Describe(r)
		if err != nil && facts != (provider.Facts{}) {
			t.Fatal("facts beside an error")
		}
		for _, fact := range []string{facts.Type, facts.Action, facts.ID, facts.Tenant, facts.Subject} {
			if len(fact) > 256 || strings.ContainsAny(fact, "\x00\r\n\x7f") {
				t.Fatalf("a fact out of bounds: %q", fact)
			}
		}
		if answer, _, err := p.AnswerHandshake(r); err != nil && answer.Body != "" {
			t.Fatal("an answer beside an error")
		}
	})
}

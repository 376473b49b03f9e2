package handshake

import (
	"crypto/hmac"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"webhookedge/plugins/provider/internal/keys"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

func (s *Responder) reply(h *handshake, v *signedtext.Input, setup bool) (*Reply, error) {
	if h.Setup && !setup {
		return nil, spec.ErrSetup
	}
	if !s.admits(h, v) {
		return nil, spec.ErrMismatch
	}
	out := &Reply{Handshake: *h.Handshake, Answer: h.Answer}
	if h.challenge.Kind != place.Nothing {
		text, n := v.Get(h.challenge)
		// A payload that was captured must not come back decrypted as a challenge.
		if n != 1 || !isChallenge(text) || s.sealed && !signedtext.IsToken(text) {
			return nil, spec.ErrChallenge
		}
		v.Challenge = text
		if h.Setup {
			out.Secret = text
		}
	}
	response, err := s.respond(h, v)
	if err != nil {
		return nil, err
	}
	if h.confirm.Kind != place.Nothing {
		if out.Confirm, err = h.confirms(v); err != nil {
			return nil, err
		}
	}
	fill := filler(v.Challenge, response, s.settings())
	out.Answer.Body = fill.Replace(h.Answer.Body)
	out.Answer.Headers = nil
	for _, header := range h.Answer.Headers {
		out.Answer.Headers = append(out.Answer.Headers, spec.Header{Name: header.Name, Value: fill.Replace(header.Value)})
	}
	out.Answer.Headers = append(out.Answer.Headers, h.granted(v)...)
	return out, nil
}

// expected is a compiled Expect.
type expected struct {
	at place.Place
	is string
}

func compileExpected(h *spec.Handshake, all *place.Paths) ([]expected, error) {
	var list []expected
	for _, e := range h.Expect {
		at, err := place.Parse(e.At, place.InRequest[:]...)
		if err != nil {
			return nil, err
		}
		if at.Kind == place.Nothing || e.Is == "" {
			return nil, fmt.Errorf("%w: an expectation without a place or a value", spec.ErrRow)
		}
		all.Add(&at)
		list = append(list, expected{at, e.Is})
	}
	return list, nil
}

// admits reports whether the request has the token and all else that the handshake asks
// for.
func (s *Responder) admits(h *handshake, v *signedtext.Input) bool {
	for _, e := range h.expected {
		got, n := v.Get(e.at)
		if want := filler("", "", s.settings()).Replace(e.is); n != 1 || strings.Contains(want, "{setting:") || !hmac.Equal([]byte(got), []byte(want)) {
			return false
		}
	}
	if h.token.Kind == place.Nothing {
		return true
	}
	want := s.settings()[h.TokenSetting]
	if want == "" {
		return s.row.IsOptional(h.TokenSetting)
	}
	got, n := v.Get(h.token)
	return n == 1 && hmac.Equal([]byte(got), []byte(want))
}

// respond makes {response}. A challenge that is signed must be a short token:
// some providers sign it with the secret of their deliveries and with nothing
// around it, so that whoever chooses it freely could have a delivery signed.
func (s *Responder) respond(h *handshake, v *signedtext.Input) (string, error) {
	r := &h.Response
	if r.Content == "" {
		return "", nil
	}
	if !signedtext.IsSignable(v.Challenge, r.HexChallenge) {
		return "", spec.ErrChallenge
	}
	if r.Kind == spec.Digest {
		text, err := h.content.Text(v)
		return r.Encoding.Encode([]byte(r.Hash.Sum(text))), err
	}
	if s.macs == nil {
		return "", spec.ErrChallenge
	}
	sum, err := s.macs(r.Hash).SumOf(&h.content, v)
	return r.Encoding.Encode(sum), err
}

func (h *handshake) confirms(v *signedtext.Input) (string, error) {
	text, err := v.One(h.confirm, keys.MaxURL)
	if err != nil {
		return "", spec.ErrChallenge
	}
	u, err := url.Parse(text)
	if err != nil || !keys.AllowedHost(u, h.hosts) {
		return "", spec.ErrChallenge
	}
	return text, nil
}

func filler(challenge, response string, settings map[string]string) *strings.Replacer {
	quoted := func(text string) string {
		b, _ := json.Marshal(text) // a string never fails
		return string(b)
	}
	pairs := []string{
		"{challenge}", challenge, "{challenge|json}", quoted(challenge),
		"{response}", response, "{response|json}", quoted(response),
	}
	for name, value := range settings {
		pairs = append(pairs, "{setting:"+name+"}", value)
	}
	return strings.NewReplacer(pairs...)
}

// isChallenge keeps an answer from carrying anything but a line of plain text.
func isChallenge(text string) bool {
	return text != "" && len(text) <= maxChallenge && spec.Printable(text)
}

// maxGrant bounds the digits of a number that is granted.
const maxGrant = 9

// grant is a compiled Grant.
type grant struct {
	at   place.Place
	name string
}

func compileGrants(h *spec.Handshake, all *place.Paths) ([]grant, error) {
	var grants []grant
	for _, g := range h.Grants {
		at, err := place.Parse(g.At, place.InRequest[:]...)
		if err != nil {
			return nil, err
		}
		if at.Kind == place.Nothing || !spec.IsHeaderName(g.Name) {
			return nil, fmt.Errorf("%w: a grant without a place or a header", spec.ErrRow)
		}
		all.Add(&at)
		grants = append(grants, grant{at, g.Name})
	}
	return grants, nil
}

// granted returns the headers for what the request asks for.
func (h *handshake) granted(v *signedtext.Input) []spec.Header {
	var headers []spec.Header
	for _, g := range h.grants {
		text, n := v.Get(g.at)
		if n == 0 {
			continue
		}
		if n > 1 || !isCount(text) {
			text = "*"
		}
		headers = append(headers, spec.Header{Name: g.name, Value: text})
	}
	return headers
}

// isCount reports whether text is a positive whole number.
func isCount(text string) bool {
	return text != "" && len(text) <= maxGrant && text[0] != '0' && strings.Trim(text, "0123456789") == ""
}

// Reply is a handshake that is to be answered.
type Reply struct {
	Handshake spec.Handshake
	Answer    spec.Answer
	// Confirm is a URL of the provider's that must be called, "" for none.
	Confirm string
	// Secret is what a handshake with Setup hands over. It must not be logged.
	Secret string
}

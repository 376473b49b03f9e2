package provider

import (
	"crypto/hmac"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"webhookedge/plugins/internal/jsonscan"
)

const (
	// maxHandshake bounds the body of a handshake; real ones are below 1 KB.
	maxHandshake = 16 << 10
	// maxChallenge bounds a challenge, and maxSignedChallenge one that is
	// signed, in bytes.
	maxChallenge       = 1024
	maxSignedChallenge = 128
)

// HandshakeReply is a handshake that is to be answered.
type HandshakeReply struct {
	Handshake Handshake
	Answer    Answer
	// Confirm is a URL of the provider's that must be called, "" for none.
	Confirm string
	// Secret is what a handshake with Setup hands over. It must not be logged.
	Secret string
}

// handshaker answers the handshakes of a row. Only functions hold secrets.
type handshaker struct {
	row        *Provider
	handshakes []handshake
	scan       *jsonscan.Paths
	settings   func(name string) string
	all        func() map[string]string
	macs       func(Hash) *mac
	oracles    []oracle // what the handshakes sign
}

// handshake is a compiled Handshake.
type handshake struct {
	*Handshake
	when, without, token, challenge, confirm place
	content                                  template
	hosts                                    []*regexp.Regexp
	grants                                   []grant
}

func (p *Provider) compileHandshakes(settings map[string]string, key []byte) (*handshaker, error) {
	s := &handshaker{
		row:      p,
		settings: func(name string) string { return settings[name] },
		all:      func() map[string]string { return settings },
	}
	if key != nil {
		s.macs = func(h Hash) *mac { return newMACPool(h, key).get() }
	}
	var all paths
	for i := range p.Handshakes {
		c, err := p.Handshakes[i].compile(p, &all)
		if err != nil {
			return nil, fmt.Errorf("provider %s: handshake: %w", p.Name, err)
		}
		o, signs, err := c.oracleOf(settings)
		if err != nil {
			return nil, fmt.Errorf("provider %s: handshake: %w", p.Name, err)
		}
		if signs {
			s.oracles = append(s.oracles, o)
		}
		s.handshakes = append(s.handshakes, c)
	}
	if p.answersTokens() {
		return nil, fmt.Errorf("%w: provider %s: a handshake could sign the token of a delivery", ErrRow, p.Name)
	}
	var err error
	s.scan, err = all.compile()
	return s, err
}

func (h *Handshake) compile(p *Provider, all *paths) (handshake, error) {
	c := handshake{Handshake: h}
	var err error
	for _, at := range []struct {
		to   *place
		text string
	}{{&c.when, h.When}, {&c.without, h.Without}, {&c.token, h.Token}, {&c.challenge, h.Challenge}, {&c.confirm, h.Confirm}} {
		if *at.to, err = parsePlace(at.text, inRequest[:]...); err != nil {
			return c, err
		}
		all.add(at.to)
	}
	if c.content, err = compileTemplate(h.Response.Content, all); err != nil {
		return c, err
	}
	if c.grants, err = h.compileGrants(all); err != nil {
		return c, err
	}
	r := &h.Response
	switch {
	case h.Method == "":
		return c, fmt.Errorf("%w: it has no method", ErrRow)
	case h.When == "" && p.Delivers(h.Method):
		return c, fmt.Errorf("%w: nothing tells it from a delivery", ErrRow)
	case (h.Token == "") != (h.TokenSetting == ""):
		return c, fmt.Errorf("%w: a token needs a setting", ErrRow)
	case r.Content != "" && (r.Kind != HMAC && r.Kind != Digest || r.Hash.size() == 0 || h.Challenge == ""):
		return c, fmt.Errorf("%w: its response cannot be made", ErrRow)
	case h.Setup && h.Challenge == "":
		return c, fmt.Errorf("%w: it hands nothing over", ErrRow)
	}
	for _, host := range h.ConfirmHosts {
		c.hosts = append(c.hosts, hostPattern(host))
	}
	return c, nil
}

// Handshake returns what to answer to r where it is a handshake of the row, nil
// where it is none. Those that the provider signs are found only when the caller
// has verified r, the others only when it has not. Errors are ErrChallenge,
// ErrMismatch for a wrong token and, for one that hands a secret over while setup
// is off, ErrSetup.
func (v *Verifier) Handshake(r Request, verified, setup bool) (*HandshakeReply, error) {
	if len(v.handshakes.handshakes) == 0 || len(r.Body) > maxHandshake {
		return nil, nil
	}
	return v.handshakes.answer(r, verified, setup)
}

// answer takes a request that lives on the heap, which most deliveries need not.
func (s *handshaker) answer(request Request, verified, setup bool) (*HandshakeReply, error) {
	r := &request
	var v *values
	for i := range s.handshakes {
		h := &s.handshakes[i]
		if h.Method != r.Method || h.Unsigned == verified {
			continue
		}
		if v == nil {
			v = s.values(r)
		}
		if h.is(v) {
			return s.reply(h, v, setup)
		}
	}
	return nil, nil
}

// values reads the request of a handshake. Its body may be JSON or a form, whatever
// the row's deliveries are; what it is not is refused as a delivery.
func (s *handshaker) values(r *Request) *values {
	v := &values{r: r, settings: s.all()}
	switch shape := (&Provider{Forms: []Format{FormatJSON, FormatXML, FormatForm}}).FormatOf(r.Body); {
	case len(r.Body) == 0:
	case shape == FormatJSON && s.scan != nil:
		if found, err := jsonscan.ScanUnproved(WithoutBOM(r.Body), s.scan); err == nil {
			v.json = found
		}
	case shape == FormatForm:
		v.form, v.isForm = WithoutBOM(r.Body), true
	}
	return v
}

// is reports whether the request is the handshake.
func (h *handshake) is(v *values) bool {
	if h.when.kind != atNothing {
		text, n := v.get(h.when)
		if n != 1 || text == "" || h.Is != "" && text != h.Is {
			return false
		}
	}
	if h.without.kind == atNothing {
		return true
	}
	text, n := v.get(h.without)
	return n == 0 || n == 1 && text == ""
}

func (s *handshaker) reply(h *handshake, v *values, setup bool) (*HandshakeReply, error) {
	if h.Setup && !setup {
		return nil, ErrSetup
	}
	if h.token.kind != atNothing {
		want := s.settings(h.TokenSetting)
		got, n := v.get(h.token)
		if (want != "" || !s.row.optional(h.TokenSetting)) && (want == "" || n != 1 || !hmac.Equal([]byte(got), []byte(want))) {
			return nil, ErrMismatch
		}
	}
	out := &HandshakeReply{Handshake: *h.Handshake, Answer: h.Answer}
	if h.challenge.kind != atNothing {
		text, n := v.get(h.challenge)
		if n != 1 || !isChallenge(text) {
			return nil, ErrChallenge
		}
		v.challenge = text
		if h.Setup {
			out.Secret = text
		}
	}
	response, err := s.respond(h, v)
	if err != nil {
		return nil, err
	}
	if h.confirm.kind != atNothing {
		if out.Confirm, err = h.confirms(v); err != nil {
			return nil, err
		}
	}
	fill := filler(v.challenge, response, s.all())
	out.Answer.Body = fill.Replace(h.Answer.Body)
	out.Answer.Headers = nil
	for _, header := range h.Answer.Headers {
		out.Answer.Headers = append(out.Answer.Headers, Header{header.Name, fill.Replace(header.Value)})
	}
	out.Answer.Headers = append(out.Answer.Headers, h.granted(v)...)
	return out, nil
}

// respond makes {response}. A challenge that is signed must be a short token:
// some providers sign it with the secret of their deliveries and with nothing
// around it, so that whoever chooses it freely could have a delivery signed.
func (s *handshaker) respond(h *handshake, v *values) (string, error) {
	r := &h.Response
	if r.Content == "" {
		return "", nil
	}
	if !isSignable(v.challenge, r.HexChallenge) {
		return "", ErrChallenge
	}
	if r.Kind == Digest {
		text, err := h.content.string(v)
		return r.Encoding.encode([]byte(r.Hash.sum(text))), err
	}
	if s.macs == nil {
		return "", ErrChallenge
	}
	sum, err := s.macs(r.Hash).sum(&h.content, v)
	return r.Encoding.encode(sum), err
}

func (h *handshake) confirms(v *values) (string, error) {
	text, err := v.one(h.confirm, maxURL)
	if err != nil {
		return "", ErrChallenge
	}
	u, err := url.Parse(text)
	if err != nil || !allowedHost(u, h.hosts) {
		return "", ErrChallenge
	}
	return text, nil
}

func filler(challenge, response string, settings map[string]string) *strings.Replacer {
	quoted := func(text string) string {
		b, err := json.Marshal(text)
		if err != nil { // strings always marshal
			return `""`
		}
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
	return text != "" && len(text) <= maxChallenge && printable(text)
}

// isSignable reports whether text is a token: no JSON, form or XML is one.
func isSignable(text string, digits bool) bool {
	if digits {
		return len(text) >= 20 && len(text) <= 32 && strings.Trim(text, "0123456789abcdef") == ""
	}
	unpadded := strings.TrimRight(text, "=")
	return len(text) <= maxSignedChallenge && !json.Valid([]byte(text)) &&
		strings.Trim(unpadded, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_.-") == ""
}

// Package handshake answers the requests by which a provider checks an endpoint.
package handshake

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/provider/internal/keys"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

const (
	// MaxBody bounds the body of a handshake; real ones are below 1 KB.
	MaxBody = 16 << 10
	// maxChallenge bounds a challenge in bytes.
	maxChallenge = 1024
)

// Responder answers the handshakes of a row. Only functions hold secrets.
type Responder struct {
	row        *spec.Provider
	handshakes []handshake
	scan       *jsonscan.Paths
	settings   func() map[string]string
	macs       func(spec.Hash) *keys.MAC
	Oracles    []signedtext.Oracle // what the handshakes sign
	sealed     bool                // payloads are encrypted, and an answer must tell none
}

// handshake is a compiled Handshake.
type handshake struct {
	*spec.Handshake
	when, without, token, challenge, confirm place.Place
	content                                  signedtext.Template
	hosts                                    []*regexp.Regexp
	grants                                   []grant
	expected                                 []expected
}

// New prepares the handshakes of p. The key, of deliveries, may be nil. The
// error is ErrRow.
func New(p *spec.Provider, settings map[string]string, key []byte) (*Responder, error) {
	s := &Responder{row: p, settings: func() map[string]string { return settings }, sealed: encrypts(p)}
	if key != nil {
		s.macs = func(h spec.Hash) *keys.MAC { return keys.NewMACPool(h, key).Get() }
	}
	var all place.Paths
	for i := range p.Handshakes {
		c, err := compileHandshake(&p.Handshakes[i], p, &all)
		if err == nil && c.Response.Kind == spec.HMAC && c.Response.Content != "" {
			var o signedtext.Oracle
			o, err = c.oracleOf(settings)
			s.Oracles = append(s.Oracles, o)
		}
		if err != nil {
			return nil, fmt.Errorf("provider %s: handshake: %w", p.Name, err)
		}
		s.handshakes = append(s.handshakes, c)
	}
	if answersTokens(p) {
		return nil, fmt.Errorf("%w: provider %s: a handshake could sign the token of a delivery", spec.ErrRow, p.Name)
	}
	var err error
	s.scan, err = all.Compile()
	return s, err
}

func compileHandshake(h *spec.Handshake, p *spec.Provider, all *place.Paths) (handshake, error) {
	c := handshake{Handshake: h}
	var err error
	for _, at := range []struct {
		to   *place.Place
		text string
	}{{&c.when, h.When}, {&c.without, h.Without}, {&c.token, h.Token}, {&c.challenge, h.Challenge}, {&c.confirm, h.Confirm}} {
		kinds := place.InRequest[:]
		if at.to == &c.challenge && encrypts(p) {
			kinds = append(slices.Clone(kinds), place.Body) // what was decrypted
		}
		if *at.to, err = place.Parse(at.text, kinds...); err != nil {
			return c, err
		}
		all.Add(at.to)
	}
	if c.content, err = signedtext.Compile(h.Response.Content, all); err != nil {
		return c, err
	}
	if c.expected, err = compileExpected(h, all); err != nil {
		return c, err
	}
	if c.grants, err = compileGrants(h, all); err != nil {
		return c, err
	}
	if why := fault(h, p); why != "" {
		return c, fmt.Errorf("%w: %s", spec.ErrRow, why)
	}
	for _, host := range h.ConfirmHosts {
		c.hosts = append(c.hosts, keys.HostPattern(host))
	}
	return c, nil
}

// fault says what in h does not fit together, "" for nothing.
func fault(h *spec.Handshake, p *spec.Provider) string {
	r := &h.Response
	switch {
	case h.Method == "":
		return "it has no method"
	case h.When == "" && p.Delivers(h.Method):
		return "nothing tells it from a delivery"
	case (h.Token == "") != (h.TokenSetting == ""):
		return "a token needs a setting"
	case r.Content != "" && (r.Kind != spec.HMAC && r.Kind != spec.Digest || r.Hash.Size() == 0 || h.Challenge == ""):
		return "its response cannot be made"
	case h.Setup && h.Challenge == "":
		return "it hands nothing over"
	}
	return sealedFault(h, p)
}

// sealedFault is fault for a row whose payloads are encrypted.
func sealedFault(h *spec.Handshake, p *spec.Provider) string {
	if h.Unsigned && h.Token == "" && encrypts(p) && strings.HasPrefix(h.When+h.Challenge, "json:") {
		return "it is decrypted before anything is proved, and has no token"
	}
	return ""
}

// encrypts reports whether a scheme of p has its whole payload encrypted.
func encrypts(p *spec.Provider) bool {
	return slices.ContainsFunc(p.Schemes, func(s spec.Scheme) bool { return s.Encrypted.Whole() })
}

// ShowsToken reports whether a handshake that nothing signs has a token in its body.
func (s *Responder) ShowsToken() bool {
	return slices.ContainsFunc(s.handshakes, func(h handshake) bool { return h.Unsigned && h.token.Kind == place.JSON })
}

// Handshake returns what to answer to r where it is a handshake of the row, nil
// where it is none. Those that the provider signs are found only when the caller
// has verified r, the others only when it has not. Errors are ErrChallenge,
// ErrMismatch for a wrong token and, for one that hands a secret over while setup
// is off, ErrSetup.
func (s *Responder) Handshake(r place.Request, verified, setup bool) (*Reply, error) {
	if len(s.handshakes) == 0 || len(r.Body) > MaxBody {
		return nil, nil
	}
	return s.answer(r, verified, setup)
}

// answer takes a request that lives on the heap, which most deliveries need not.
func (s *Responder) answer(request place.Request, verified, setup bool) (*Reply, error) {
	r := &request
	var v *signedtext.Input
	for i := range s.handshakes {
		h := &s.handshakes[i]
		if h.Method != r.Method || h.Unsigned == verified {
			continue
		}
		if v == nil {
			v = s.input(r)
		}
		if h.is(v) {
			return s.reply(h, v, setup)
		}
	}
	return nil, nil
}

// input reads the request of a handshake. Its body may be JSON or a form, whatever
// the row's deliveries are; what it is not is refused as a delivery.
func (s *Responder) input(r *place.Request) *signedtext.Input {
	v := &signedtext.Input{Values: place.Values{Request: r, Settings: s.settings()}}
	switch shape := place.FormatOf(r.Body, []spec.Format{spec.FormatJSON, spec.FormatXML, spec.FormatForm}); {
	case len(r.Body) == 0:
	case shape == spec.FormatJSON && s.scan != nil:
		if found, err := jsonscan.ScanUnproved(place.WithoutBOM(r.Body), s.scan); err == nil {
			v.JSON = found
		}
	case shape == spec.FormatForm:
		v.Form, v.IsForm = place.WithoutBOM(r.Body), true
	}
	return v
}

// is reports whether the request is the handshake.
func (h *handshake) is(v *signedtext.Input) bool {
	if h.when.Kind != place.Nothing {
		text, n := v.Get(h.when)
		if n != 1 || text == "" || h.Is != "" && text != h.Is {
			return false
		}
	}
	if h.without.Kind == place.Nothing {
		return true
	}
	text, n := v.Get(h.without)
	return n == 0 || n == 1 && text == ""
}

// oracleOf returns what h signs with the secret. The error is ErrRow where more of it
// than the challenge is the caller's, so that nothing can be said of it.
func (h *handshake) oracleOf(settings map[string]string) (signedtext.Oracle, error) {
	o := signedtext.Oracle{Hex: h.Response.HexChallenge}
	text, found := &o.Before, false
	for _, segment := range h.content.Segments {
		for i := range segment.Parts {
			switch p := &segment.Parts[i]; {
			case len(p.Filters) > 0 || segment.Optional:
				return o, fmt.Errorf("%w: what it signs cannot be told from a delivery", spec.ErrRow)
			case p.Name == signedtext.PartLiteral:
				*text += p.Literal
			case p.Name == signedtext.PartPlace && p.At.Kind == place.Setting:
				*text += settings[p.At.Name]
			case p.Name == signedtext.PartChallenge && !found:
				text, found = &o.After, true
			default:
				return o, fmt.Errorf("%w: it signs more of a request than one challenge", spec.ErrRow)
			}
		}
	}
	return o, nil
}

// answersTokens reports whether a handshake of p signs a text of the caller's with the
// secret of a scheme whose deliveries are tokens, which are such texts.
func answersTokens(p *spec.Provider) bool {
	return slices.ContainsFunc(p.Handshakes, func(h spec.Handshake) bool { return h.Response.Kind == spec.HMAC }) &&
		slices.ContainsFunc(p.Schemes, func(s spec.Scheme) bool { return s.Kind == spec.JSONToken && s.SharesKey() })
}

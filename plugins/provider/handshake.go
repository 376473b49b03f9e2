package provider

import (
	"bytes"
	"fmt"
	"strings"

	"webhookedge/plugins/internal/jsonscan"
)

// maxHandshake bounds the body of a handshake; real ones are below 1 KB.
const maxHandshake = 16 << 10

func (c *plan) compileHandshake(h *Handshake) error {
	if h == nil {
		return nil
	}
	if h.When == "" || h.Is == "" || h.Method == "" {
		return fmt.Errorf("%w: the handshake does not say what marks it", ErrRow)
	}
	var err error
	if c.when, err = parsePlace(h.When, atHeader, atJSON, atForm); err != nil {
		return err
	}
	if c.challenge, err = parsePlace(h.Challenge, atHeader, atJSON, atForm); err != nil {
		return err
	}
	var paths []string
	for _, at := range []*place{&c.when, &c.challenge} {
		if at.kind == atJSON {
			at.path = len(paths)
			paths = append(paths, at.name)
		}
	}
	c.shakes, err = jsonscan.Compile(paths...)
	return err
}

// AnswerHandshake returns the answer to r and true where r is the row's
// handshake. The caller must have verified r before, unless the row says that
// the handshake is not signed. The error is ErrChallenge.
func (p *Provider) AnswerHandshake(r Request) (Answer, bool, error) {
	h := p.Handshake
	if h == nil || r.Method != h.Method || len(r.Body) > maxHandshake {
		return Answer{}, false, nil
	}
	c, err := p.compiled()
	if err != nil {
		return Answer{}, false, err
	}
	// Most deliveries are no handshakes: they are told apart without a parse.
	if c.when.kind != atHeader && !bytes.Contains(r.Body, []byte(h.Is)) {
		return Answer{}, false, nil
	}
	v, err := p.open(r, c.shakes)
	if err != nil || v.text(c.when) != h.Is {
		return Answer{}, false, nil //nolint:nilerr // a body that is not JSON is refused as a delivery
	}
	answer := h.Answer
	if c.challenge.kind != atNothing {
		challenge := v.text(c.challenge)
		if !isChallenge(challenge) {
			return Answer{}, true, ErrChallenge
		}
		answer.Body = strings.ReplaceAll(answer.Body, "{challenge}", challenge)
	}
	return answer, true, nil
}

// isChallenge keeps an answer from carrying anything but a short token.
func isChallenge(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return text != "" && len(text) <= maxFact
}

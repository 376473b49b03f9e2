package scheme

import (
	"crypto/x509"
	"slices"
)

// trusted is a chain that was found to be right, for the next token that has it: its
// signatures cost more than that of a token. Whether it is valid is looked at each time.
type trusted struct {
	texts []string // of the header
	certs []*x509.Certificate
}

// maxTrusted bounds the chains that are kept. A sender has one, or two while it changes.
const maxTrusted = 4

// trusts returns the certificates of a chain that was right before.
func (v *Verifier) trusts(texts []string) ([]*x509.Certificate, bool) {
	if kept := v.chains.Load(); kept != nil {
		for i := range *kept {
			if slices.Equal((*kept)[i].texts, texts) {
				return (*kept)[i].certs, true
			}
		}
	}
	return nil, false
}

// trust keeps a chain that was right. Of two at once one may be lost, which costs a look
// at its signatures.
func (v *Verifier) trust(t trusted) {
	all := []trusted{t}
	if kept := v.chains.Load(); kept != nil {
		all = append(all, (*kept)[:min(len(*kept), maxTrusted-1)]...)
	}
	v.chains.Store(&all)
}

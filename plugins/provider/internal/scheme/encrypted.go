package scheme

import (
	"bytes"
	"fmt"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/provider/internal/handshake"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/seal"
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

// maxSealed bounds the elements of a delivery that are decrypted: one costs as much as a
// signature by a key of RSA, about a millisecond.
const maxSealed = 250

// compileEncrypted prepares the places of a payload that is encrypted as a whole.
func (s *Compiled) compileEncrypted(all *place.Paths) error {
	e := &s.Encrypted
	if s.Text.Sealed() && !e.Whole() {
		return fmt.Errorf("%w: an encrypted payload is signed, and nothing is encrypted", spec.ErrRow)
	}
	if !e.Whole() {
		return nil
	}
	for _, text := range append([]string{e.At}, e.Also...) {
		at, err := place.Parse(text, place.JSON, place.Query, place.XML)
		if err != nil {
			return err
		}
		all.Add(&at)
		s.Sealed = append(s.Sealed, at)
	}
	return nil
}

// sealedText returns what is encrypted, at the one place that the delivery uses.
func (s *Compiled) sealedText(v *place.Values, least int) (text string, err error) {
	found := place.Place{}
	for _, at := range s.Sealed {
		if _, n := v.Get(at); n == 0 {
			continue
		}
		if found.Kind != place.Nothing {
			return "", spec.ErrRepeated
		}
		found = at
	}
	return v.One(found, max(least, len(v.Request.Body)))
}

// OpenerOf returns what decrypts the payloads of s, nil where they stay as they are: none
// is encrypted, or the setting of the keys is not set. The error is ErrOption.
func OpenerOf(p *spec.Provider, s *spec.Scheme, settings map[string]string) (*seal.Opener, error) {
	e := &s.Encrypted
	text := settings[e.Keys]
	if !e.On() || e.Keys != "" && text == "" && p.IsOptional(e.Keys) {
		return nil, nil
	}
	o, why := seal.New(e.Cipher, text, settings[e.Receiver])
	if why != "" {
		return nil, &spec.SettingError{Name: e.Keys, Why: why}
	}
	return o, nil
}

// open decrypts the payload of a delivery that is proved. The error is ErrSealed.
func (v *Verifier) open(r *place.Request, proof *Proof) (err error) {
	if !v.compiled.Encrypted.Whole() {
		proof.Payload, err = v.openElements(r)
		return err
	}
	for i := range v.keys {
		if k := &v.keys[i]; k.ID == proof.SecretID {
			if plain, ok := v.plain(r, v.secret(i)); ok {
				proof.Payload = plain
				break
			}
		}
	}
	if len(proof.Payload) == 0 {
		return spec.ErrSealed
	}
	if v.digests {
		proof.Signed = signedtext.DigestOf(v.reader.Lasting(proof.Payload))
	}
	return nil
}

// secret is the i-th secret where that is what decrypts, else nil.
func (v *Verifier) secret(i int) []byte {
	if v.compiled.Encrypted.Keys != "" {
		return nil
	}
	return v.keys[i].Secret()
}

// plain decrypts the payload of r, proved or not.
func (v *Verifier) plain(r *place.Request, secret []byte) ([]byte, bool) {
	values := place.Values{Request: r, Bodies: v.reader.Bodies, Settings: v.settings}
	values.Take()
	if values.ScanBody(v.compiled.Scan, false) != nil {
		return nil, false
	}
	text, err := v.compiled.sealedText(&values, place.MaxHeader)
	if err != nil {
		return nil, false
	}
	return v.opener.Open(text, secret)
}

// openElements returns the body with the encrypted member of each element decrypted, nil
// where none has one.
func (v *Verifier) openElements(r *place.Request) ([]byte, error) {
	_, list, err := v.elements(r)
	if err != nil {
		return nil, err
	}
	opened, size := 0, len(list.Head)+len(list.Tail)
	items := make([][]byte, len(list.Items))
	for i, item := range list.Items {
		plain, sealed, err := v.openElement(item)
		if err != nil {
			return nil, err
		}
		if sealed {
			if opened++; opened > maxSealed {
				return nil, spec.ErrSealed
			}
		}
		items[i] = plain
		size += len(plain) + 1
	}
	if opened == 0 {
		return nil, nil
	}
	payload := append(make([]byte, 0, size), list.Head...)
	payload = append(payload, bytes.Join(items, []byte(","))...)
	return append(payload, list.Tail...), nil
}

// openElement returns an element with what its encrypted member holds in the place of
// that. An element that has what would stand there by itself is refused: it would pass for
// one that was decrypted.
func (v *Verifier) openElement(item []byte) (plain []byte, sealed bool, err error) {
	e := &v.compiled.Encrypted
	c := jsonscan.NewCursor(item)
	if c.Kind() != '{' {
		return item, false, nil
	}
	c.Enter()
	plain = append(make([]byte, 0, len(item)), '{')
	for n := 0; c.More(); n++ {
		key, value := c.Raw(), c.Raw()
		switch string(jsonscan.Text(key)) {
		case e.As:
			return nil, false, spec.ErrSealed
		case e.At:
			text, ok := v.opener.Open(string(value), nil)
			if !ok || jsonscan.Whole(text) != nil {
				return nil, false, spec.ErrSealed
			}
			key, value, sealed = []byte(`"`+e.As+`"`), text, true
		}
		if n > 0 {
			plain = append(plain, ',')
		}
		plain = append(append(append(plain, key...), ':'), value...)
	}
	if !sealed {
		return item, false, nil
	}
	return append(plain, '}'), true, nil
}

// Handshake is that of the Responder. A request that is encrypted and that nothing signs
// is decrypted first: the token in it then proves it, which the row must ask for. What
// cannot be decrypted is no handshake, as any other delivery without a signature.
func (v *Verifier) Handshake(r place.Request, verified, setup bool) (*handshake.Reply, error) {
	if verified || v.opener == nil || !v.compiled.Encrypted.Whole() || !v.ShowsToken() || len(r.Body) > handshake.MaxBody {
		return v.Responder.Handshake(r, verified, setup)
	}
	for i := range v.keys {
		plain, ok := v.plain(&r, v.secret(i))
		if !ok {
			continue
		}
		opened := r
		opened.Body = plain
		if reply, err := v.Responder.Handshake(opened, false, setup); reply != nil || err != nil {
			return reply, err
		}
	}
	return v.Responder.Handshake(r, false, setup)
}

// Decrypt returns the payload of a delivery that was proved before now, nil where it stays
// as it came. Each key is tried, since it is not known which it was. The error is
// ErrSealed.
func (v *Verifier) Decrypt(r place.Request) ([]byte, error) {
	switch {
	case v.opener == nil:
		return nil, nil
	case !v.compiled.Encrypted.Whole():
		return v.openElements(&r)
	}
	for i := range max(len(v.keys), 1) {
		var secret []byte
		if i < len(v.keys) {
			secret = v.secret(i)
		}
		if plain, ok := v.plain(&r, secret); ok && v.reader.FormatOf(plain) != "" {
			return plain, nil
		}
	}
	return nil, spec.ErrSealed
}

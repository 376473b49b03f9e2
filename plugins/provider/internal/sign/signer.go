package sign

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"webhookedge/plugins/provider/internal/keys"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/scheme"
	"webhookedge/plugins/provider/internal/seal"
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

// maxFilled bounds what is filled into a header, in bytes.
const maxFilled = 1024

// Unsigned is a delivery that is to be sent.
type Unsigned struct {
	Method string // "" for the row's usual one
	URL    string
	Body   []byte
	// ContentType replaces the row's own content-type header, if not empty.
	ContentType string
	Event       string    // event name, for rows that send it in a header
	ID          string    // delivery id, for rows that send it in a header
	At          time.Time // time of sending
}

// Signed is a delivery as its provider sends it.
type Signed struct {
	Method  string
	URL     string // with the signature where it is a parameter
	Headers place.HeaderList
	Body    []byte // with the signature or the time where they are in it
}

// Signer signs as the provider does. It is safe for concurrent use.
type Signer struct {
	row      *spec.Provider
	method   string
	settings map[string]string
	parts    []signerPart
}

// signerPart is one scheme's share of a delivery.
type signerPart struct {
	bodies *place.Bodies
	scheme *scheme.Compiled
	keys   []keys.SigningKey
	opener *seal.Opener // of an encrypted payload, else nil
}

// New returns a signer of p for the same options as Verifier, but with private keys
// (PKCS #8 in PEM) where the scheme has public ones. A scheme that the provider
// sends beside the default is signed too, unless a weak scheme is chosen, which
// then stands alone.
func New(p *spec.Provider, b *place.Bodies, o scheme.Options) (*Signer, error) {
	chosen, ok := p.Scheme(o.Scheme)
	if !ok {
		return nil, fmt.Errorf("%w: %s has no scheme of that name", spec.ErrOption, p.Name)
	}
	schemes := []spec.Scheme{chosen}
	for _, s := range p.Schemes {
		if s.Companion && !chosen.Weak && s.Name != chosen.Name {
			schemes = append(schemes, s)
		}
	}
	settings, err := p.SettingValues(o.Settings)
	if err != nil {
		return nil, err
	}
	signer := &Signer{row: p, method: "POST", settings: settings}
	if len(p.Methods) > 0 {
		signer.method = p.Methods[0]
	}
	for i := range schemes {
		if err := p.Unset(&schemes[i], settings); err != nil {
			return nil, err
		}
		p.Without(&schemes[i], settings)
		s, err := scheme.Compile(&schemes[i], settings)
		if err != nil {
			return nil, err
		}
		keys, err := keys.ForSigning(&s.Scheme, o.Secrets, o.RawKey)
		if err != nil {
			return nil, err
		}
		if s.Layout == spec.Single {
			keys = keys[:1]
		}
		opener, err := scheme.OpenerOf(p, &s.Scheme, settings)
		if err != nil {
			return nil, err
		}
		signer.parts = append(signer.parts, signerPart{b, s, keys, opener})
	}
	return signer, nil
}

// Sign returns u as the provider sends it, with its usual headers sorted by
// name. It is ErrOption if u lacks what they need, or holds what a header cannot.
func (s *Signer) Sign(u Unsigned) (Signed, error) {
	d := &Signed{Method: u.Method, URL: u.URL, Body: u.Body}
	if d.Method == "" {
		d.Method = s.method
	}
	for _, h := range s.row.Sends {
		if h.Name == "content-type" && u.ContentType != "" {
			h.Value = u.ContentType
		}
		value, err := u.fill(h)
		if err != nil {
			return Signed{}, err
		}
		d.Headers = append(d.Headers, spec.Header{Name: h.Name, Value: value})
	}
	if _, n := d.Headers.Get("content-type"); n == 0 && u.ContentType != "" {
		d.Headers = append(d.Headers, spec.Header{Name: "content-type", Value: u.ContentType})
	}
	for i := range s.parts {
		if err := s.parts[i].sign(&u, d, s.settings); err != nil {
			return Signed{}, err
		}
	}
	if err := s.wrap(d); err != nil {
		return Signed{}, err
	}
	slices.SortStableFunc(d.Headers, func(a, b spec.Header) int { return strings.Compare(a.Name, b.Name) })
	return *d, nil
}

func (u *Unsigned) fill(h spec.Header) (string, error) {
	value := h.Value
	for _, v := range []struct{ name, text string }{
		{"{event}", u.Event}, {"{id}", u.ID}, {"{time}", u.At.UTC().Format(time.RFC3339Nano)}, {"{unix}", strconv.FormatInt(u.At.Unix(), 10)},
	} {
		if !strings.Contains(value, v.name) {
			continue
		}
		if v.text == "" || len(v.text) > maxFilled || !spec.Printable(v.text) {
			return "", fmt.Errorf("%w: header %s needs %s in printable ASCII", spec.ErrOption, h.Name, v.name)
		}
		value = strings.ReplaceAll(value, v.name, v.text)
	}
	return value, nil
}

// sign adds what the scheme sends.
func (p *signerPart) sign(u *Unsigned, d *Signed, settings map[string]string) error {
	s := p.scheme
	switch {
	case s.Tokens != nil:
		return p.signVouched(u, d)
	case s.List != nil:
		return p.signEach(u, d, settings)
	}
	sealed, err := p.seal(d, settings)
	if err != nil {
		return err
	}
	f := &s.Families[0]
	in, err := p.stamp(u, d, f)
	if err != nil {
		return err
	}
	if err := p.puts(d); err != nil {
		return err
	}
	switch s.Kind {
	case spec.HTTPSignature:
		return p.signMessage(u, d)
	case spec.DetachedJWS:
		return p.signDetached(d, &in, settings)
	}
	text, err := p.signature(u, d, &in, sealed, settings)
	if err != nil {
		return err
	}
	if s.IsBody() {
		d.Body = []byte("{}") // of which the token becomes the only member, or which it replaces
	}
	at := f.Signature
	if s.Layout == spec.Numbered {
		at.Name += "-1"
	}
	return d.put(at, text, false)
}

// stamp puts the id and the time that the scheme signs at their places.
func (p *signerPart) stamp(u *Unsigned, d *Signed, f *scheme.Family) (in signedtext.Stamp, err error) {
	s := p.scheme
	in.ID = u.ID
	if f.ID.Kind != place.Nothing {
		if in.ID == "" || !s.Text.Separates(in.ID, signedtext.PartID) {
			return in, fmt.Errorf("%w: the scheme signs an id, which must be in printable ASCII and hold nothing that ends it", spec.ErrOption)
		}
		if err := d.put(f.ID, in.ID, false); err != nil {
			return in, err
		}
	}
	if f.Timestamp.Kind == place.Nothing {
		return in, nil
	}
	in.Timestamp = spec.FormatTime(u.At, s.TimeUnit)
	if _, ok := spec.ParseTime(in.Timestamp, s.TimeUnit); !ok {
		return in, fmt.Errorf("%w: the scheme signs a time, which must be from 1970 to 9999", spec.ErrOption)
	}
	return in, d.put(f.Timestamp, in.Timestamp, s.TimeUnit.IsNumber())
}

// signature is what stands at the place of the signature.
func (p *signerPart) signature(u *Unsigned, d *Signed, in *signedtext.Stamp, sealed string, settings map[string]string) (string, error) {
	s := p.scheme
	r := place.Request{Method: d.Method, URL: d.URL, Headers: d.Headers, Body: d.Body}
	v := &signedtext.Input{Values: place.Values{Request: &r, Bodies: p.bodies, Settings: settings}, Stamp: in, Sealed: sealed}
	v.Take()
	content := s.TextFor(v.IsForm)
	if !v.IsForm {
		if err := v.ScanBody(s.Scan, s.ReadsBody()); err != nil {
			return "", err
		}
	}
	if !s.Signs() {
		return p.shows(u, v)
	}
	for i := range s.Bound { // a signed parameter of the URL
		if b := &s.Bound[i]; b.At.Kind == place.Query && !v.IsForm {
			text, err := b.Text.Text(v)
			if err != nil {
				return "", err
			}
			if err := d.put(b.At, text, false); err != nil {
				return "", err
			}
			r.URL = d.URL
		}
	}
	var signatures []string
	for i := range p.keys {
		sum, err := p.keys[i].Sign(&s.Scheme, content, v)
		if err != nil {
			return "", err
		}
		signatures = append(signatures, s.Encoding.Encode(sum))
	}
	return lay(s, signatures, &s.Families[0], in.Timestamp), nil
}

// shows is what a scheme without a signature sends.
func (p *signerPart) shows(u *Unsigned, v *signedtext.Input) (string, error) {
	s, k := p.scheme, &p.keys[0]
	switch s.Kind {
	case spec.JSONToken:
		token, err := p.token(u, v)
		return s.Mark + token, err
	case spec.Basic:
		return s.Mark + base64.StdEncoding.EncodeToString(k.Secret()), nil
	case spec.ClientCert:
		return spec.Hex.Encode(k.Secret()), nil
	}
	return s.Mark + string(k.Secret()), nil
}

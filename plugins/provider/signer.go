package provider

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

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
	Headers HeaderList
	Body    []byte // with the signature or the time where they are in it
}

// Signer signs as the provider does. It is safe for concurrent use.
type Signer struct {
	row      *Provider
	method   string
	settings map[string]string
	parts    []signerPart
}

// signerPart is one scheme's share of a delivery.
type signerPart struct {
	row    *Provider
	scheme *scheme
	keys   []signingKey
}

// Signer returns a signer for the same options as Verifier, but with private keys
// (PKCS #8 in PEM) where the scheme has public ones. A scheme that the provider
// sends beside the default is signed too, unless a weak scheme is chosen, which
// then stands alone.
func (p *Provider) Signer(o Options) (*Signer, error) {
	chosen, ok := p.Scheme(o.Scheme)
	if !ok {
		return nil, fmt.Errorf("%w: %s has no scheme of that name", ErrOption, p.Name)
	}
	schemes := []Scheme{chosen}
	for _, s := range p.Schemes {
		if s.Companion && !chosen.Weak && s.Name != chosen.Name {
			schemes = append(schemes, s)
		}
	}
	settings, err := p.settings(o.Settings)
	if err != nil {
		return nil, err
	}
	signer := &Signer{row: p, method: "POST", settings: settings}
	if len(p.Methods) > 0 {
		signer.method = p.Methods[0]
	}
	for i := range schemes {
		if err := p.unset(&schemes[i], settings); err != nil {
			return nil, err
		}
		p.without(&schemes[i], settings)
		s, err := schemes[i].compile(settings)
		if err != nil {
			return nil, err
		}
		keys, err := s.signingKeys(&o)
		if err != nil {
			return nil, err
		}
		if s.Layout == Single {
			keys = keys[:1]
		}
		signer.parts = append(signer.parts, signerPart{p, s, keys})
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
		d.Headers = append(d.Headers, Header{h.Name, value})
	}
	if _, n := d.Headers.Get("content-type"); n == 0 && u.ContentType != "" {
		d.Headers = append(d.Headers, Header{"content-type", u.ContentType})
	}
	for i := range s.parts {
		if err := s.parts[i].sign(&u, d, s.settings); err != nil {
			return Signed{}, err
		}
	}
	if media, _ := d.Headers.Get("content-type"); isJSON(media) && s.row.ContentTypes[0] == multipartType && s.row.Facts.FormJSON != "" {
		if err := d.inForm(s.row.Facts.FormJSON); err != nil {
			return Signed{}, err
		}
	}
	slices.SortStableFunc(d.Headers, func(a, b Header) int { return strings.Compare(a.Name, b.Name) })
	return *d, nil
}

func (u *Unsigned) fill(h Header) (string, error) {
	value := h.Value
	for _, v := range []struct{ name, text string }{
		{"{event}", u.Event}, {"{id}", u.ID}, {"{time}", u.At.UTC().Format(time.RFC3339Nano)},
	} {
		if !strings.Contains(value, v.name) {
			continue
		}
		if !isChallenge(v.text) {
			return "", fmt.Errorf("%w: header %s needs %s in printable ASCII", ErrOption, h.Name, v.name)
		}
		value = strings.ReplaceAll(value, v.name, v.text)
	}
	return value, nil
}

// sign adds what the scheme sends.
func (p *signerPart) sign(u *Unsigned, d *Signed, settings map[string]string) error {
	s := p.scheme
	if s.each != nil {
		return p.signEach(u, d, settings)
	}
	f := &s.families[0]
	in := signed{id: u.ID}
	if f.id.kind != atNothing {
		if in.id == "" || !s.content.separates(in.id, partID) {
			return fmt.Errorf("%w: the scheme signs an id, which must be in printable ASCII and hold nothing that ends it", ErrOption)
		}
		if err := d.put(f.id, in.id, false); err != nil {
			return err
		}
	}
	if f.timestamp.kind != atNothing {
		in.timestamp = formatTime(u.At, s.TimeUnit)
		if _, ok := parseTime(in.timestamp, s.TimeUnit); !ok {
			return fmt.Errorf("%w: the scheme signs a time, which must be from 1970 to 9999", ErrOption)
		}
		if err := d.put(f.timestamp, in.timestamp, s.TimeUnit != RFC3339); err != nil {
			return err
		}
	}
	for _, e := range s.expect {
		if err := d.put(e.at, e.is, false); err != nil {
			return err
		}
	}
	if list, need := s.content.listed(); list != "" {
		if err := d.put(place{kind: atHeader, name: list}, strings.Join(need, ","), false); err != nil {
			return err
		}
	}
	if s.remote != nil && s.remote.at.kind != atNothing {
		if err := d.put(s.remote.at, s.remote.Example, false); err != nil {
			return err
		}
	}
	text, err := p.signature(u, d, &in, settings)
	if err != nil {
		return err
	}
	at := f.signature
	if s.Layout == Numbered {
		at.name += "-1"
	}
	return d.put(at, text, false)
}

// signature is what stands at the place of the signature.
func (p *signerPart) signature(u *Unsigned, d *Signed, in *signed, settings map[string]string) (string, error) {
	s := p.scheme
	r := Request{Method: d.Method, URL: d.URL, Headers: d.Headers, Body: d.Body}
	v := &values{r: &r, in: in, settings: settings}
	v.take(p.row)
	content := s.textFor(v.isForm)
	if !v.isForm {
		if err := v.scanBody(s); err != nil {
			return "", err
		}
	}
	if !s.signs() {
		return p.shows(u, v)
	}
	for i := range s.binds { // a signed parameter of the URL
		if b := &s.binds[i]; b.at.kind == atQuery && !v.isForm {
			text, err := b.content.string(v)
			if err != nil {
				return "", err
			}
			if err := d.put(b.at, text, false); err != nil {
				return "", err
			}
			r.URL = d.URL
		}
	}
	var signatures []string
	for i := range p.keys {
		sum, err := p.keys[i].sign(s, content, v)
		if err != nil {
			return "", err
		}
		signatures = append(signatures, s.Encoding.encode(sum))
	}
	return s.lay(signatures, &s.families[0], in.timestamp), nil
}

// shows is what a scheme without a signature sends.
func (p *signerPart) shows(u *Unsigned, v *values) (string, error) {
	s, k := p.scheme, &p.keys[0]
	switch s.Kind {
	case JSONToken:
		token, err := p.token(u, v)
		return s.Mark + token, err
	case Basic:
		mark := s.Mark
		if mark == "" {
			mark = "Basic "
		}
		return mark + base64.StdEncoding.EncodeToString(k.secret()), nil
	case ClientCert:
		return Hex.encode(k.secret()), nil
	}
	return s.Mark + string(k.secret()), nil
}

// lay writes signatures as the layout wants them at their place.
func (s *scheme) lay(signatures []string, f *family, at string) string {
	var entries []string
	timed := f.timestamp.kind == atPair
	switch s.Layout {
	case Pairs:
		if timed {
			entries = append(entries, f.timestamp.name+s.Assign+at)
		}
		for _, text := range signatures {
			entries = append(entries, s.Mark+s.Assign+text)
		}
		return strings.Join(entries, s.Separator)
	case Versions:
		for _, text := range signatures {
			entries = append(entries, s.Mark+","+text)
		}
		return strings.Join(entries, " ")
	case List:
		if timed {
			entries = append(entries, at)
		}
		return strings.Join(append(entries, signatures...), s.Separator)
	case JSON64:
		members := map[string]string{s.Mark: signatures[0]}
		if timed {
			members[f.timestamp.name] = at
		}
		document, err := json.Marshal(members)
		if err != nil { // strings always marshal
			return ""
		}
		return base64.StdEncoding.EncodeToString(document)
	}
	return s.Mark + signatures[0]
}

// put writes a value to a place of d. A value of a pair or a claim is written
// with the signature.
func (d *Signed) put(at place, text string, number bool) error {
	switch at.kind {
	case atHeader:
		d.Headers = slices.DeleteFunc(d.Headers, func(h Header) bool { return h.Name == at.name })
		d.Headers = append(d.Headers, Header{at.name, text})
	case atQuery:
		sep := "?"
		if strings.Contains(d.URL, "?") {
			sep = "&"
		}
		d.URL += sep + url.QueryEscape(at.name) + "=" + url.QueryEscape(text)
	case atForm:
		d.Body = putField(d.Body, at.name, text)
	case atJSON:
		body, err := putMember(d.Body, strings.Split(at.name, "."), text, number)
		if err != nil {
			return fmt.Errorf("%w: the payload must be JSON with room for %s", ErrOption, at.name)
		}
		d.Body = body
	}
	return nil
}

func formatTime(t time.Time, unit Unit) string {
	switch unit {
	case Milliseconds:
		return strconv.FormatInt(t.UnixMilli(), 10)
	case RFC3339:
		return t.UTC().Format(time.RFC3339Nano)
	case DateTime:
		return t.UTC().Format(time.DateTime)
	}
	return strconv.FormatInt(t.Unix(), 10)
}

package provider

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Unsigned is a delivery that is to be sent.
type Unsigned struct {
	Method string // "" for POST
	URL    string
	Body   []byte
	// ContentType replaces the row's own content-type header, if not empty.
	ContentType string
	Event       string    // event name, for rows that send it in a header
	ID          string    // delivery id, for rows that send it in a header
	At          time.Time // time of sending
}

// Signer signs as the provider does. It is safe for concurrent use.
type Signer struct {
	sends []Header
	parts []signerPart
}

// signerPart is one scheme's share of a delivery.
type signerPart struct {
	scheme  Scheme
	family  family
	content template
	keys    []key
}

// Signer returns a signer for the same options as Verifier. A scheme that the
// provider sends beside the default is signed too, unless a weak scheme is
// chosen, which then stands alone.
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
	signer := &Signer{sends: slices.Clone(p.Sends)}
	for _, s := range schemes {
		families, content, err := s.compile()
		if err != nil {
			return nil, err
		}
		keys, err := newKeys(&s, o)
		if err != nil {
			return nil, err
		}
		if s.Layout == Single {
			keys = keys[:1]
		}
		signer.parts = append(signer.parts, signerPart{s, families[0], content, keys})
	}
	return signer, nil
}

// Sign returns the headers that the provider sends with u, those of the
// signature included, sorted by name. It is ErrOption if u lacks what they
// need, or holds what a header cannot.
func (s *Signer) Sign(u Unsigned) (HeaderList, error) {
	if u.Method == "" {
		u.Method = "POST"
	}
	var list HeaderList
	for _, h := range s.sends {
		if h.Name == "content-type" && u.ContentType != "" {
			h.Value = u.ContentType
		}
		value, err := u.fill(h)
		if err != nil {
			return nil, err
		}
		list = append(list, Header{h.Name, value})
	}
	for i := range s.parts {
		signed, err := s.parts[i].sign(&u)
		if err != nil {
			return nil, err
		}
		for _, h := range signed {
			if _, n := list.Get(h.Name); n == 0 {
				list = append(list, h)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Header) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
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

func (p *signerPart) sign(u *Unsigned) ([]Header, error) {
	var headers []Header
	in := signed{id: u.ID}
	if p.family.id.kind != atNothing {
		if in.id == "" || !p.content.separates(in.id) {
			return nil, fmt.Errorf("%w: the scheme signs an id, which must be in printable ASCII and without %q", ErrOption, p.content.afterID)
		}
		headers = append(headers, Header{p.family.id.name, in.id})
	}
	if p.family.timestamp.kind != atNothing {
		in.timestamp = formatTime(u.At, p.scheme.TimeUnit)
		if _, ok := parseTime(in.timestamp, p.scheme.TimeUnit); !ok {
			return nil, fmt.Errorf("%w: the scheme signs a time, which must be from 1970 to 9999", ErrOption)
		}
	}
	if p.family.timestamp.kind == atHeader {
		headers = append(headers, Header{p.family.timestamp.name, in.timestamp})
	}
	r := Request{Method: u.Method, URL: u.URL, Body: u.Body}
	var signatures []string
	for i := range p.keys {
		k := &p.keys[i]
		m := k.macs.get()
		signatures = append(signatures, p.scheme.encode(m.sum(&p.content, &r, &in)))
		k.macs.put(m)
	}
	return append(headers, Header{p.family.header, p.scheme.lay(signatures, p.family.timestamp, in.timestamp)}), nil
}

func (s *Scheme) encode(sum []byte) string {
	if s.Encoding == Base64 {
		return base64.StdEncoding.EncodeToString(sum)
	}
	return hex.EncodeToString(sum)
}

// lay writes signatures as the layout wants them in their header.
func (s *Scheme) lay(signatures []string, timestamp place, at string) string {
	var entries []string
	switch s.Layout {
	case Pairs:
		if timestamp.kind == atPair {
			entries = append(entries, timestamp.name+"="+at)
		}
		for _, text := range signatures {
			entries = append(entries, s.Mark+"="+text)
		}
		return strings.Join(entries, ",")
	case Versions:
		for _, text := range signatures {
			entries = append(entries, s.Mark+","+text)
		}
		return strings.Join(entries, " ")
	}
	return s.Mark + signatures[0]
}

func formatTime(t time.Time, unit Unit) string {
	switch unit {
	case Milliseconds:
		return strconv.FormatInt(t.UnixMilli(), 10)
	case RFC3339:
		return t.UTC().Format(time.RFC3339Nano)
	}
	return strconv.FormatInt(t.Unix(), 10)
}

package sign

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/scheme"
	"webhookedge/plugins/provider/spec"
)

// seal encrypts the payload of d where the scheme does that, and returns what is
// encrypted, "" for nothing.
func (p *signerPart) seal(d *Signed, settings map[string]string) (string, error) {
	if p.opener == nil || !p.scheme.Encrypted.Whole() {
		return "", nil
	}
	text, err := p.opener.Seal(d.Body, p.secret())
	if err != nil {
		return "", err
	}
	if err := d.put(p.scheme.Text.Nonce(), "263014780", false); err != nil {
		return "", err
	}
	at := p.scheme.Sealed[0]
	if i := slices.IndexFunc(p.scheme.Sealed, func(at place.Place) bool { return at.Kind == place.Query }); i >= 0 && d.Method == http.MethodGet {
		at = p.scheme.Sealed[i] // a handshake
		d.Body = nil
	}
	switch at.Kind {
	case place.XML:
		var quoted bytes.Buffer
		_ = xml.EscapeText(&quoted, []byte(settings[p.scheme.Encrypted.Receiver])) // a buffer does not fail
		d.Body = []byte("<xml><ToUserName>" + quoted.String() + "</ToUserName><" + at.Name + ">" + text + "</" + at.Name + "></xml>")
		return text, nil
	default:
		if at.Kind == place.JSON {
			d.Body = []byte("{}")
		}
		return text, d.put(at, text, false)
	}
}

// secret is the key where the scheme's own secret encrypts, else nil.
func (p *signerPart) secret() []byte {
	if p.scheme.Encrypted.Keys != "" {
		return nil
	}
	return p.keys[0].Secret()
}

// sealElement encrypts the member of an element that stands there decrypted.
func (p *signerPart) sealElement(d *Signed) error {
	e := &p.scheme.Encrypted
	if p.opener == nil || e.Whole() {
		return nil
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(d.Body, &members); err != nil || members[e.As] == nil {
		return nil //nolint:nilerr // an element without one is sent as it is
	}
	object, err := p.opener.Seal(members[e.As], nil)
	if err != nil {
		return err
	}
	delete(members, e.As)
	members[e.At] = json.RawMessage(object)
	d.Body, err = json.Marshal(members)
	return err
}

// signVouched signs a token for each thing that elements need one for, and puts what else
// is asked for into the elements.
func (p *signerPart) signVouched(u *Unsigned, d *Signed) error {
	s := p.scheme
	if _, err := jsonscan.Scan(d.Body, nil); err != nil {
		return fmt.Errorf("%w: the payload must be JSON", spec.ErrOption)
	}
	list, found, err := s.List.Find(d.Body, scheme.MaxElements)
	if err != nil || !found || len(list.Items) == 0 {
		return fmt.Errorf("%w: the payload has no list %s", spec.ErrOption, s.Each)
	}
	var claims []string
	items := make([][]byte, len(list.Items))
	for i, item := range list.Items {
		element := Signed{Body: bytes.Clone(item)}
		for _, e := range s.Expected {
			if err := element.put(e.At, e.Is, false); err != nil {
				return err
			}
		}
		if err := p.sealElement(&element); err != nil {
			return err
		}
		items[i] = element.Body
		r := place.Request{Body: element.Body}
		v := place.Values{Request: &r, Bodies: p.bodies}
		v.Take()
		if err := v.ScanBody(s.Scan, true); err != nil {
			return err
		}
		if claim := v.Sole(s.Element); !slices.Contains(claims, claim) {
			claims = append(claims, claim)
		}
	}
	d.Body = slices.Concat(list.Head, bytes.Join(items, []byte(",")), list.Tail)
	return p.putTokens(u, d, claims)
}

// putTokens puts a token for each of claims into the body.
func (p *signerPart) putTokens(u *Unsigned, d *Signed, claims []string) error {
	s := p.scheme
	var tokens []string
	for _, claim := range claims {
		all := map[string]any{"exp": u.At.Add(tokenTTL).Unix(), "iat": u.At.Unix(), s.Voucher.Name: claim, "aud": s.Claims.Audience}
		if len(s.Claims.Issuers) > 0 {
			all["iss"] = s.Claims.Issuers[0]
		}
		s.Claims.Fill(all)
		token, err := p.signed(u, all)
		if err != nil {
			return err
		}
		tokens = append(tokens, token)
	}
	text, err := json.Marshal(tokens)
	if err != nil {
		return err
	}
	return d.put(s.Families[0].Signature, string(text), true)
}

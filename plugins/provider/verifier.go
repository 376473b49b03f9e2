package provider

import (
	"crypto/hmac"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"webhookedge/plugins/internal/jsonscan"
)

// maxElements bounds the elements of a delivery that are proved one by one.
const maxElements = 1000

// Verifier checks deliveries by one scheme. It is safe for concurrent use.
type Verifier struct {
	row       *Provider
	scheme    *scheme
	keys      []key
	settings  map[string]string
	strong    []place // signatures of stronger schemes, when this one is weak
	tolerance time.Duration
	roots     *x509.CertPool
	each      *jsonscan.ListPath
	shakes    *shaker
}

// Verifier returns a verifier, or everything that is wrong with o at once.
// Errors are ErrKey, ErrOption or ErrRow.
func (p *Provider) Verifier(o Options) (*Verifier, error) {
	s, ok := p.Scheme(o.Scheme)
	if !ok {
		return nil, fmt.Errorf("%w: %s has no scheme of that name", ErrOption, p.Name)
	}
	v := &Verifier{row: p, tolerance: o.Tolerance, roots: o.Roots}
	var errs []error
	if o.Tolerance < 0 || o.Tolerance > MaxTolerance {
		errs = append(errs, fmt.Errorf("%w: tolerance must be from 0 to %s", ErrOption, MaxTolerance))
	}
	if o.Tolerance == 0 {
		v.tolerance = s.Tolerance()
	}
	var err error
	if v.settings, err = p.settings(o.Settings); err != nil {
		errs = append(errs, err)
	}
	if err := p.unset(&s, v.settings); err != nil {
		return nil, errors.Join(append(errs, err)...)
	}
	p.without(&s, v.settings)
	if v.scheme, err = s.compile(v.settings); err != nil {
		return nil, errors.Join(append(errs, err)...)
	}
	if v.keys, err = v.scheme.newKeys(&o); err != nil {
		errs = append(errs, err)
	}
	if s.Weak {
		v.strong = p.strongSignatures(v.scheme, v.settings)
	}
	if s.Each != "" {
		if v.each, err = jsonscan.CompileList(s.Each); err != nil {
			errs = append(errs, fmt.Errorf("%w: %w", ErrRow, err))
		}
	}
	if v.shakes, err = p.compileHandshakes(v.settings, v.newest()); err != nil {
		errs = append(errs, err)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return v, nil
}

// newest returns the first shared secret, nil where there is none.
func (v *Verifier) newest() []byte {
	if len(v.keys) == 0 || v.keys[0].secret == nil {
		return nil
	}
	return v.keys[0].secret()
}

// strongSignatures are the places of the signatures of schemes that are not
// weak, but for those where weak ones stand, too: there one cannot be beside
// the other.
func (p *Provider) strongSignatures(weak *scheme, settings map[string]string) []place {
	var places []place
	for i := range p.Schemes {
		if p.Schemes[i].Weak {
			continue
		}
		c, err := p.Schemes[i].compile(settings)
		if err != nil { // a setting that only it needs
			continue
		}
		for _, f := range c.families {
			same := func(w family) bool { return w.signature == f.signature }
			if (f.signature.kind == atHeader || f.signature.kind == atQuery) && !slices.ContainsFunc(weak.families, same) {
				places = append(places, f.signature)
			}
		}
	}
	return places
}

// Scheme returns the scheme by which v verifies.
func (v *Verifier) Scheme() Scheme { return v.scheme.Scheme }

// SecretIDs returns the ids that a proof can name.
func (v *Verifier) SecretIDs() []string {
	var ids []string
	for i := range v.keys {
		ids = append(ids, v.keys[i].id)
	}
	if len(ids) == 0 && v.scheme.remote != nil {
		ids = append(ids, remoteID)
	}
	return ids
}

// SignsURL reports whether the public URL is a part of what v checks or answers.
func (v *Verifier) SignsURL() bool {
	texts := []*template{&v.scheme.content}
	if v.scheme.form != nil {
		texts = append(texts, v.scheme.form)
	}
	for i := range v.scheme.binds {
		texts = append(texts, &v.scheme.binds[i].content)
	}
	for i := range v.shakes.shakes {
		texts = append(texts, &v.shakes.shakes[i].content)
	}
	return slices.ContainsFunc(texts, func(t *template) bool { return t.has(partURL) || t.has(partTarget) })
}

// Tolerance returns how far a signed time may lie from now, 0 where none is.
func (v *Verifier) Tolerance() time.Duration { return v.tolerance }

// Verify returns what the signature of r proves at the time now. Errors are
// ErrMissing, ErrRepeated, ErrMalformed, ErrBody, ErrDowngrade, ErrMismatch,
// ErrStale and ErrFuture; the last two only where the signature itself is right,
// so that a forger learns nothing of our clock. Where KeyURL names a document of
// keys it must be given to VerifyWith instead.
func (v *Verifier) Verify(r Request, now time.Time) (Proof, error) {
	return v.VerifyWith(r, now, nil)
}

// VerifyWith is Verify with the document that KeyURL names. It is ErrKeyDocument
// where that is not what it should be.
func (v *Verifier) VerifyWith(r Request, now time.Time, doc []byte) (Proof, error) {
	check := &checker{v: v, now: now, doc: doc}
	for _, at := range v.strong {
		values := values{r: &r}
		if _, n := values.get(at); n > 0 {
			return Proof{}, ErrDowngrade
		}
	}
	if v.each == nil {
		return check.one(&r)
	}
	return check.all(&r)
}

// checker verifies one delivery.
type checker struct {
	v   *Verifier
	now time.Time
	doc []byte
}

// all verifies each element of a list in the body. The proof is that of the
// last one, but for what only one element says.
func (c *checker) all(r *Request) (Proof, error) {
	if _, err := jsonscan.Scan(r.Body, nil); err != nil {
		return Proof{}, fmt.Errorf("%w: %w", ErrBody, err)
	}
	list, found, err := c.v.each.Find(r.Body, maxElements)
	switch {
	case err != nil:
		return Proof{}, fmt.Errorf("%w: %w", ErrBody, err)
	case !found || len(list.Items) == 0:
		return Proof{}, ErrMissing
	}
	var proof Proof
	for _, item := range list.Items {
		element := *r
		element.Body = item
		if proof, err = c.one(&element); err != nil {
			return Proof{}, err
		}
	}
	proof.ID = ""
	return proof, nil
}

// one verifies a delivery, or an element of one.
func (c *checker) one(r *Request) (Proof, error) {
	s := c.v.scheme
	var in signed
	v := values{r: r, in: &in, settings: c.v.settings}
	if r.form() {
		v.form, v.isForm = r.Body, true
	} else if err := v.scanBody(s); err != nil {
		return Proof{}, err
	}
	for _, e := range s.expect {
		if text, err := v.one(e.at, maxHeader); err != nil {
			return Proof{}, err
		} else if text != e.is {
			return Proof{}, ErrMalformed
		}
	}
	f, text, err := s.family(&v)
	if err != nil {
		return Proof{}, err
	}
	if !s.signs() {
		return c.present(&v, f, text)
	}
	return c.signed(&v, f, text)
}

// readsBody reports whether a place of s is in a JSON body that must be there.
func (s *scheme) readsBody() bool {
	for i := range s.families {
		f := &s.families[i]
		if f.signature.kind == atJSON || f.timestamp.kind == atJSON || f.id.kind == atJSON {
			return true
		}
	}
	return false
}

// family picks the one family of places that the delivery uses, and returns what
// stands at its signature.
func (s *scheme) family(v *values) (f *family, text string, err error) {
	for i := range s.families {
		if !s.there(v, &s.families[i]) {
			continue
		}
		if f != nil {
			return nil, "", ErrRepeated
		}
		f = &s.families[i]
	}
	if f == nil {
		return nil, "", ErrMissing
	}
	if s.Layout == Numbered || s.Lines {
		return f, "", nil
	}
	if _, n := v.get(f.signature); n == 0 { // one of Also is there
		return f, "", nil
	}
	most := maxHeader
	if s.Kind == JSONToken {
		most = maxToken
	}
	text, err = v.one(f.signature, most)
	return f, text, err
}

func (s *scheme) there(v *values, f *family) bool {
	if s.Layout == Numbered {
		_, n := v.r.Headers.Get(f.signature.name + "-1")
		return n > 0
	}
	if _, n := v.get(f.signature); n > 0 {
		return true
	}
	for _, at := range f.also {
		if _, n := v.get(at); n > 0 {
			return true
		}
	}
	return false
}

// read takes the signed values and the signatures of r.
func (s *scheme) read(v *values, f *family, text string) error {
	in := v.in
	var err error
	if f.id.kind != atNothing && f.id.kind != atClaim {
		if in.id, err = v.one(f.id, maxID); err != nil {
			return err
		}
	}
	switch f.timestamp.kind {
	case atNothing, atPair, atClaim:
	default:
		if in.timestamp, err = v.one(f.timestamp, maxTimestamp); err != nil {
			return err
		}
	}
	if err := s.allSignatures(v, f, text); err != nil {
		return err
	}
	if !s.content.separates(in.id, partID) || !s.content.separates(in.timestamp, partTimestamp) {
		return ErrMalformed
	}
	return s.when(f, in)
}

// when reads the signed time.
func (s *scheme) when(f *family, in *signed) error {
	if f.timestamp.kind == atNothing {
		return nil
	}
	if in.timestamp == "" {
		return ErrMissing
	}
	var ok bool
	if in.at, ok = parseTime(in.timestamp, s.TimeUnit); !ok {
		return ErrMalformed
	}
	return nil
}

func (s *scheme) allSignatures(v *values, f *family, text string) error {
	if s.Layout == Numbered {
		return s.numbered(v.r.Headers, f.signature.name, f, v.in)
	}
	if s.Lines {
		return s.lines(v.r.Headers, f.signature.name, f, v.in)
	}
	if text != "" {
		if err := s.signatures(text, f, v.in); err != nil {
			return err
		}
	}
	for _, at := range f.also {
		if _, n := v.get(at); n == 0 {
			continue
		}
		more, err := v.one(at, maxHeader)
		if err != nil {
			return err
		}
		if err := s.signatures(more, f, v.in); err != nil {
			return err
		}
	}
	return v.in.some()
}

// signed verifies a signature over a text.
func (c *checker) signed(v *values, f *family, text string) (Proof, error) {
	s := c.v.scheme
	if err := s.read(v, f, text); err != nil {
		return Proof{}, err
	}
	content := &s.content
	if v.isForm && s.form != nil {
		content = s.form
	}
	var id string
	var err error
	switch s.Kind {
	case HMAC:
		id, err = c.hmac(v, content)
	case Digest:
		id, err = c.digest(v, content)
	default:
		id, err = c.asymmetric(v, content)
	}
	if err != nil {
		return Proof{}, err
	}
	if err := c.bound(v); err != nil {
		return Proof{}, err
	}
	return c.fresh(f, v.in, id)
}

// hmac tries the keys. All signatures are compared, each in constant time.
func (c *checker) hmac(v *values, content *template) (string, error) {
	for i := range c.v.keys {
		k := &c.v.keys[i]
		if !k.valid(c.now) {
			continue
		}
		v.key = k.secret()
		m := k.macs.get()
		sum, err := m.sum(content, v)
		found := err == nil && v.in.holds(sum)
		k.macs.put(m)
		if err != nil {
			return "", err
		}
		if found {
			return k.id, nil
		}
	}
	return "", ErrMismatch
}

func (in *signed) holds(sum []byte) bool {
	found := false
	for i := range in.n {
		if hmac.Equal(sum, in.signatures[i][:len(sum)]) {
			found = true
		}
	}
	return found
}

func (c *checker) digest(v *values, content *template) (string, error) {
	for i := range c.v.keys {
		k := &c.v.keys[i]
		if !k.valid(c.now) {
			continue
		}
		v.key = k.secret()
		text, err := content.string(v)
		if err != nil {
			return "", err
		}
		if v.in.holds([]byte(c.v.scheme.Hash.sum(text))) {
			return k.id, nil
		}
	}
	return "", ErrMismatch
}

// asymmetric tries the public keys.
func (c *checker) asymmetric(v *values, content *template) (string, error) {
	text, err := content.string(v)
	if err != nil {
		return "", err
	}
	keys, err := c.publicKeys()
	if err != nil {
		return "", err
	}
	for _, k := range keys {
		for _, p := range k.keys {
			for _, signature := range v.in.long {
				if c.v.scheme.proves(p.key, []byte(text), signature) {
					return k.id, nil
				}
			}
		}
	}
	return "", ErrMismatch
}

// bound checks the values that must equal something of the request.
func (c *checker) bound(v *values) error {
	s := c.v.scheme
	for i := range s.binds {
		b := &s.binds[i]
		text, n := v.get(b.at)
		if n == 0 && (len(v.r.Body) == 0 || s.content.coversBody() || v.isForm && s.form != nil && s.form.coversBody()) {
			continue
		}
		want, err := b.content.string(v)
		switch {
		case err != nil:
			return err
		case n > 1:
			return ErrRepeated
		case n == 0 || !hmac.Equal([]byte(text), []byte(want)):
			return ErrMismatch
		}
	}
	return nil
}

func (c *checker) fresh(f *family, in *signed, keyID string) (Proof, error) {
	if f.timestamp.kind != atNothing {
		switch {
		case c.now.Sub(in.at) > c.v.tolerance:
			return Proof{}, ErrStale
		case in.at.Sub(c.now) > c.v.tolerance:
			return Proof{}, ErrFuture
		}
	}
	return Proof{Scheme: c.v.scheme.Name, SecretID: keyID, ID: in.id, Timestamp: in.at}, nil
}

// separates reports whether a value leaves the borders of the signed text where
// they are.
func (t *template) separates(text string, name partName) bool {
	for i := range t.segments {
		for j := range t.segments[i].parts {
			if p := &t.segments[i].parts[j]; p.name == name && !separates(text, p.after) {
				return false
			}
		}
	}
	return true
}

// refersTo reports whether s needs the setting of a name.
func (s *Scheme) refersTo(name string) bool {
	mark := "setting:" + name + "}"
	texts := []string{s.Content, s.FormContent, s.Mark, s.JWT.Audience}
	texts = append(texts, s.JWT.Issuers...)
	for _, f := range append([]Family{s.Family}, s.Alternates...) {
		texts = append(append(texts, f.Signature, f.Timestamp, f.ID), f.Also...)
	}
	for _, e := range append(append([]Expect{}, s.Expect...), s.JWT.Claims...) {
		texts = append(texts, e.At, e.Is)
	}
	for _, b := range s.Binds {
		texts = append(texts, b.Content)
	}
	for _, text := range texts {
		if strings.Contains(text, mark) {
			return true
		}
	}
	return false
}

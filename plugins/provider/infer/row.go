package infer

import (
	"cmp"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/custom"
	"webhookedge/plugins/provider/spec"
)

// offer is what a scheme is verified with.
type offer struct {
	secret        string
	at            time.Time // when the sample was signed, zero where that is not known
	base          string    // scheme and host of the URL that was signed, "" for the sample's
	notes, others []string
	rank          int
}

// offer keeps the reading that a scheme is, where its row verifies the samples and no
// forged form of the first.
func (s *search) offer(scheme spec.Scheme, o offer) bool {
	r := withBase(*s.request, o.base)
	now := o.at
	if now.IsZero() {
		now = cmp.Or(s.q.Samples[0].At, time.Now())
	}
	reading := Reading{Scheme: scheme, Notes: o.notes, Others: o.others, rank: o.rank}
	if o.secret != s.q.Secret {
		reading.Secret = o.secret
	}
	own, refused := s.safe(scheme, &r, o.secret)
	row, err := own.Row()
	if row == nil || err != nil && len(refused) == 0 {
		return false
	}
	a := attack{row: row, scheme: &own.Schemes[0], secret: o.secret, request: r, now: now}
	if !a.verifies(&r) || !s.fitsOthers(&a, o.base) {
		return false
	}
	if reading.Scheme = own.Schemes[0]; len(refused) > 0 {
		reading.Refused = refused
	} else if passed := a.forgeries(); len(passed) > 0 {
		reading.Refused = passed
	} else {
		reading.Row = own
	}
	reading.cover(row)
	s.note(&reading, o.base)
	if at := s.q.Samples[0].At; !at.IsZero() && scheme.Timestamp != "" && at.Sub(now).Abs() > tolerance*time.Second {
		reading.Notes = append(reading.Notes, "The signed time is more than five minutes from when the delivery was captured: it came late, or a clock is off.")
	}
	s.made = append(s.made, reading)
	return true
}

// withBase is r with another scheme and host of its URL.
func withBase(r provider.Request, base string) provider.Request {
	if base != "" {
		target := r.Target()
		if !strings.HasSuffix(r.URL, target) {
			target = "" // the URL ends with its host
		}
		r.URL = base + target
	}
	return r
}

// fitsOthers reports whether the row verifies the other samples, whenever they were
// sent.
func (s *search) fitsOthers(a *attack, base string) bool {
	return !slices.ContainsFunc(s.q.Samples[1:], func(other Sample) bool {
		r := withBase(other.Request, base)
		return !a.verifies(&r)
	})
}

// safe returns the row of a user's own that has the scheme: as it is, as a weak one, or
// with the URL of the sample as a setting. Where each is refused it returns the first,
// and why.
func (s *search) safe(scheme spec.Scheme, r *provider.Request, secret string) (own *custom.Provider, refused []string) {
	type variant struct {
		scheme   spec.Scheme
		settings []spec.Setting
	}
	variants := []variant{{scheme, nil}}
	if fixed, settings := fixedURL(scheme, r); settings != nil && !strings.Contains(settings[0].Default, secret) {
		variants = append(variants, variant{fixed, settings})
	}
	var first *custom.Provider
	for _, x := range variants {
		for _, weak := range []bool{false, true} {
			own = s.custom(x.scheme, r)
			own.Settings, own.Schemes[0].Weak = x.settings, weak
			if short(&own.Schemes[0], secret) && !weak {
				continue
			}
			err := own.Validate()
			if err == nil {
				return own, nil
			}
			if first == nil {
				first, refused = own, reasons(err)
			}
		}
	}
	return first, refused
}

// short gives s the least number of bytes that its secret has, where that is below the
// usual one, which only a weak scheme may have.
func short(s *spec.Scheme, secret string) bool {
	if !s.SharesKey() {
		return false
	}
	n := len(secret)
	for _, k := range keysOf(secret) {
		if k.form == s.Key && k.prefix == s.KeyPrefix && k.derive == "" {
			n = len(k.bytes)
		}
	}
	if n >= spec.DefaultKeyMin {
		return false
	}
	s.KeyMin = n
	return true
}

// fixedURL is a scheme whose URL is a setting: one that nothing ends in the signed text
// cannot be that of the request.
func fixedURL(scheme spec.Scheme, r *provider.Request) (spec.Scheme, []spec.Setting) {
	target := r.Target()
	path, _, _ := strings.Cut(target, "?")
	address, _, _ := strings.Cut(r.URL, "?")
	for _, x := range []struct{ part, text, name, doc string }{
		{"{url}", r.URL, "url", "The URL as it was entered at the sender, which is signed."},
		{"{url|no-query}", address, "url", "The URL as it was entered at the sender, which is signed."},
		{"{target}", target, "path", "The path of the URL as it was entered at the sender, which is signed."},
		{"{target|no-query}", path, "path", "The path of the URL as it was entered at the sender, which is signed."},
	} {
		if strings.Contains(scheme.Content, x.part) && spec.Printable(x.text) && len(x.text) < 1024 {
			scheme.Content = strings.Replace(scheme.Content, x.part, "{setting:"+x.name+"}", 1)
			return scheme, []spec.Setting{{Name: x.name, Doc: x.doc, Default: x.text}}
		}
	}
	return scheme, nil
}

// reasons are the lines of an error of a row.
func reasons(err error) (all []string) {
	for line := range strings.SplitSeq(err.Error(), "\n") {
		all = append(all, strings.ReplaceAll(line, provider.ErrRow.Error()+": ", ""))
	}
	return all
}

// custom is the row of a user's own with a scheme, and with what the sample shows of its
// events.
func (s *search) custom(scheme spec.Scheme, r *provider.Request) *custom.Provider {
	c := &custom.Provider{Name: cmp.Or(s.q.Name, "sender"), Schemes: []spec.Scheme{scheme}}
	if r.Method != "" && r.Method != http.MethodPost {
		c.Methods = []string{r.Method}
	}
	header, _ := r.Headers.Get("content-type")
	media, _, _ := mime.ParseMediaType(header)
	body := provider.WithoutBOM(r.Body)
	switch {
	case media != "":
		c.ContentTypes = []string{media}
	case len(body) > 0 && body[0] != '{' && body[0] != '[' && body[0] != '<':
		c.ContentTypes = []string{"application/x-www-form-urlencoded"}
	}
	if name, ok := document(body); ok && slices.ContainsFunc(s.values, func(v value) bool {
		return v.at == "form:"+name && strings.HasPrefix(v.text, "{")
	}) {
		c.Facts.FormJSON = name
	}
	s.facts(c, scheme)
	return c
}

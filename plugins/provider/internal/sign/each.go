package sign

import (
	"bytes"
	"fmt"
	"strings"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/scheme"
	"webhookedge/plugins/provider/spec"
)

// puts writes what a delivery of the scheme must say beside its signature.
func (p *signerPart) puts(d *Signed) error {
	s := p.scheme
	for _, e := range s.Expected {
		if err := d.put(e.At, e.Is, false); err != nil {
			return err
		}
	}
	if list, need := s.Text.Listed(); list != "" {
		if err := d.put(place.Place{Kind: place.Header, Name: list}, strings.Join(need, ","), false); err != nil {
			return err
		}
	}
	if s.RemoteKeys != nil && s.RemoteKeys.At.Kind != place.Nothing {
		if err := d.put(s.RemoteKeys.At, strings.TrimPrefix(s.RemoteKeys.Example, s.RemoteKeys.URL), false); err != nil {
			return err
		}
	}
	return nil
}

// signEach signs the elements of a list one by one.
func (p *signerPart) signEach(u *Unsigned, d *Signed, settings map[string]string) error {
	if _, err := jsonscan.Scan(d.Body, nil); err != nil {
		return fmt.Errorf("%w: the payload must be JSON", spec.ErrOption)
	}
	list, found, err := p.scheme.List.Find(d.Body, scheme.MaxElements)
	if err != nil || !found || len(list.Items) == 0 {
		return fmt.Errorf("%w: the payload has no list %s", spec.ErrOption, p.scheme.Each)
	}
	whole := *p.scheme
	whole.List = nil
	single := signerPart{p.bodies, &whole, p.keys, nil}
	body := bytes.Clone(list.Head)
	for i, item := range list.Items {
		element := *d
		element.Body = bytes.Clone(item)
		if err := single.sign(u, &element, settings); err != nil {
			return err
		}
		d.Headers = element.Headers
		body = append(body, element.Body...)
		if i+1 < len(list.Items) {
			body = append(body, ',')
		}
	}
	d.Body = append(body, list.Tail...)
	return nil
}

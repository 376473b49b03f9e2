package delivery

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// ErrOther is a payload that does not say a type of event.
var ErrOther = errors.New("its payload does not say this type of event any more")

// placeholderID stands for the id in headers while the event's name is looked for.
const placeholderID = "webhookctl-forward"

// Like gives d, which has a body, the event's name and the id with which its row reads
// what was delivered once: an event of a type, an action and an id as normalize has them.
// The error is ErrOther where there is no such name.
func (d *Delivery) Like(kind, action, id string) error {
	for _, name := range names(kind, action) {
		d.Event = name
		facts, err := d.Row.Describe(provider.Request{Method: http.MethodPost, URL: d.URL, Body: d.Body, Headers: d.unsigned()})
		if err != nil || facts.Type != kind || facts.Action != action {
			continue
		}
		d.ID = cmp.Or(facts.ID, id)
		if strings.Contains(facts.ID, placeholderID) {
			d.ID = id
		}
		return nil
	}
	return ErrOther
}

// unsigned are the headers of d with which its row is read.
func (d *Delivery) unsigned() provider.HeaderList {
	fill := strings.NewReplacer("{event}", d.Event, "{id}", placeholderID)
	list := provider.HeaderList{{Name: "content-type", Value: d.ContentType}}
	for _, h := range d.Row.Sends {
		if h.Name != "content-type" {
			list = append(list, spec.Header{Name: h.Name, Value: fill.Replace(h.Value)})
		}
	}
	return list
}

// names are those by which a provider may have called the event in a header: normalize
// made type and action of one of them.
func names(kind, action string) []string {
	kind, action = unescaped(kind), unescaped(action)
	all := []string{kind}
	if action != "" {
		for _, between := range []string{".", "/", "_", ":", "-", " "} {
			all = append(all, kind+between+action)
		}
	}
	return all
}

func unescaped(name string) string {
	if text, err := url.PathUnescape(name); err == nil {
		return text
	}
	return name
}

package detail

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// Places of attributes that no delivery has.
const (
	placeTenant = "setting:normalize.tenant"
	placeEdge   = "edge"
)

// origin is where an attribute stands.
type origin struct {
	provider.Origin
	base int // where the document that Paths read begins in the event's data
}

// attributes are those whose origin is told.
func attributes(e *event.Event) [][2]string {
	all := [][2]string{{"id", e.ID}, {"type", e.Type}, {"action", e.Action}, {"tenant", e.Tenant}, {"subject", e.Subject}}
	if !e.Time.IsZero() {
		all = append(all, [2]string{"time", e.Time.UTC().Format(time.RFC3339Nano)})
	}
	return slices.DeleteFunc(all, func(a [2]string) bool { return a[1] == "" })
}

// origins says where the attributes of an event came from, and adds them to the answer.
func (v *view) origins(n int, e *event.Event) []origin {
	if v.row == nil {
		return nil
	}
	found := v.locate(e)
	var all []origin
	for _, a := range attributes(e) {
		name, value := a[0], a[1]
		o, ok := found[name]
		if !ok || name == "tenant" && v.route != nil && v.route.settings.Normalize.Tenant == value {
			o = v.elsewhere(name, value, e)
		}
		o.Signed = o.Signed && !slices.Contains(e.Unsigned, name)
		all = append(all, o)
		v.out.Origins = append(v.out.Origins, v.originOf(n, &o, v.hide.text(value, maxHeader), e))
	}
	return all
}

// locate asks the row: the item of a batch before the delivery around it.
func (v *view) locate(e *event.Event) map[string]origin {
	found := map[string]origin{}
	r := v.asked(e)
	add := func(list []provider.Origin, err error, base int) {
		for _, o := range list {
			if _, known := found[o.Fact]; err == nil && !known {
				found[o.Fact] = origin{o, base}
			}
		}
	}
	if e.Binary || len(e.Data) == 0 {
		if v.came != nil {
			list, err := v.row.Origins(r)
			add(list, err, 0)
		}
		return found
	}
	if item, base := v.item(e.Data); item != nil {
		list, err := v.row.OriginsOfItem(r, item)
		add(list, err, base)
		delete(found, "") // no fact has this name
	}
	list, err := v.row.OriginsJSON(r, e.Data)
	add(list, err, 0)
	if v.came != nil && v.came.whole() {
		list, err = v.row.Origins(r)
		add(list, err, 0)
	}
	return found
}

// asked is the request as the row reads it; of one that nobody kept it is empty.
func (v *view) asked(e *event.Event) provider.Request {
	r := provider.Request{Method: "POST", Headers: provider.HeaderList{}, Body: e.Data, Covers: v.covers()}
	if r.Covers == nil {
		r.Covers = []string{}
	}
	if c := v.came; c != nil {
		r.Method, r.URL, r.Query, r.Headers, r.Body = c.method, c.url, c.query, c.headers, c.body
	}
	return r
}

// item is the only item of a batch's list in the data of its event, and where it stands.
func (v *view) item(data []byte) (item []byte, base int) {
	b := v.row.Batch
	if b == nil {
		return nil, 0
	}
	for _, path := range b.Paths()[0] {
		if path == "" {
			if looksLikeJSON(data) && bytes.TrimLeft(data, " \t\r\n")[0] == '{' {
				return data, 0
			}
			continue
		}
		list, err := jsonscan.CompileList(path)
		if err != nil {
			continue
		}
		if l, ok, err := list.Find(data, 1); err == nil && ok && len(l.Items) == 1 {
			return l.Items[0], len(l.Head)
		}
	}
	return nil, 0
}

// elsewhere is the origin of an attribute that the payload does not have, or that is not to
// be read there without its headers.
func (v *view) elsewhere(name, value string, e *event.Event) origin {
	at := func(signed bool, place, path string) origin {
		return origin{provider.Origin{Fact: name, Places: []string{place}, Paths: []string{path}, Signed: signed}, 0}
	}
	if name == "tenant" && v.route != nil && v.route.settings.Normalize.Tenant == value {
		return at(true, placeTenant, "")
	}
	signed := !slices.Contains(e.Unsigned, name)
	if name == "id" {
		if place := v.idPlace(value); place != "" {
			return at(signed, place, "")
		}
	}
	for _, place := range placesFor(v.row, name) {
		kind, rest, _ := strings.Cut(place, ":")
		switch {
		case kind == "form":
			if start, end, ok := jsonscan.Locate(e.Data, member1(rest)); ok && string(bytes.Trim(e.Data[start:end], `"`)) == value {
				return at(signed, place, member1(rest))
			}
		case (kind == "header" || kind == "query") && v.came == nil:
			return at(signed, place, "")
		}
	}
	return at(signed, placeEdge, "")
}

// idPlace is the place of the scheme's own id where it has that value, or may have it.
func (v *view) idPlace(value string) string {
	s, ok := v.row.Scheme(v.scheme())
	if !ok {
		return ""
	}
	for _, f := range append([]spec.Family{s.Family}, s.Alternates...) {
		name, header := strings.CutPrefix(f.ID, "header:")
		if !header || strings.Contains(name, "{") {
			continue
		}
		if v.came == nil {
			return f.ID
		}
		if text, n := v.came.headers.Get(name); n == 1 && text == value {
			return f.ID
		}
	}
	return ""
}

// member1 is the path of a top-level member.
func member1(name string) string {
	return strings.NewReplacer(`\`, `\\`, `.`, `\.`).Replace(name)
}

// placesFor are the places of one fact of a row.
func placesFor(row *provider.Provider, fact string) []string {
	l := &row.Facts
	switch fact {
	case "id":
		return l.ID
	case "type":
		return l.Type
	case "action":
		return append(slices.Clone(l.Action), l.Type...)
	case "tenant":
		return l.Tenant
	case "subject":
		return l.Subject
	}
	var all []string
	for _, t := range l.Time {
		all = append(all, t.At)
	}
	return all
}

// originOf is an origin as the page shows it.
func (v *view) originOf(n int, o *origin, value string, e *event.Event) api.Origin {
	out := api.Origin{Event: n, Attribute: o.Fact, Value: value, Place: strings.Join(o.Places, joiner), Signed: o.Signed}
	for _, place := range o.Places {
		if name, ok := strings.CutPrefix(place, "header:"); ok && out.Header == "" {
			out.Header = name
		}
	}
	path := ""
	if i := slices.IndexFunc(o.Paths, func(path string) bool { return path != "" }); i >= 0 {
		path = o.Paths[i]
	}
	if path == "" || e.Binary {
		return out
	}
	if data, _, ok := v.hide.payload(e.Data); ok {
		out.DataStart, out.DataEnd = v.spanOf(data, e.Data, o.base, path)
	}
	if v.shown != nil && looksLikeJSON(v.shown) {
		out.Start, out.End = v.inBody(e, o.base, path)
	}
	return out
}

// spanOf is a span of shown, which is data without secrets. base is that of the item of
// a batch in data.
func (v *view) spanOf(shown, data []byte, base int, path string) (start, end int) {
	if base > 0 {
		// A value that is taken out may have moved the item.
		if item, at := v.item(shown); item == nil {
			return 0, 0
		} else {
			base = at
		}
	}
	return span(shown, base, path)
}

// inBody is the span of the same value in the body of the request: that is the data of the
// event, or has the item of a batch once.
func (v *view) inBody(e *event.Event, base int, path string) (start, end int) {
	body := v.shown
	begin := len(body) - len(bytes.TrimPrefix(body, bom()))
	if v.row.Batch == nil || bytes.Equal(bytes.TrimSpace(v.came.body[min(begin, len(v.came.body)):]), bytes.TrimSpace(e.Data)) {
		if base > 0 {
			_, base = v.item(body[begin:])
		}
		return span(body, begin+base, path)
	}
	data, _, ok := v.hide.payload(e.Data)
	if !ok {
		return 0, 0
	}
	item, _ := v.item(data)
	if item == nil || bytes.Count(body, item) != 1 {
		return 0, 0
	}
	return span(body, bytes.Index(body, item), path)
}

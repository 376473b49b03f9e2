package inspector

import (
	"cmp"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"

	"webhookedge/plugins/internal/ctl/delivery"
	"webhookedge/plugins/internal/ctl/inspector/api"
)

func (s *Server) session(*http.Request) (*api.Session, error) {
	a := &api.Session{
		Mode: s.Site.Mode, Changes: s.Site.Changes, Version: s.Version, Started: s.started, Gateway: s.Site.Gateway, NATS: s.Address,
		Records: s.Records, Config: s.Site.Config, Mutation: delivery.Mutations(),
	}
	if s.Site.Streams != nil {
		a.Streams = s.Site.Streams()
	}
	if s.Notes != nil {
		a.Notes = s.Notes()
	}
	if s.Parts.Desk != nil {
		a.Routes = s.Parts.Desk.Senders()
	}
	return a, nil
}

// The bounds of a query.
const (
	defaultCount = 100
	maxValues    = 100 // of one filter
	maxValue     = 256 // bytes of a value
)

// queryOf reads the parameters of a URL.
func queryOf(v url.Values) (q api.Query, err error) {
	q.Search = v.Get("q")
	if len(q.Search) > maxValue {
		return q, &fault{http.StatusBadRequest, "q is too long"}
	}
	for name, into := range map[string]*[]string{
		"provider": &q.Provider, "route": &q.Route, "type": &q.Type, "tenant": &q.Tenant, "status": &q.Status, "code": &q.Code, "ack": &q.Ack, "state": &q.State,
	} {
		for _, list := range v[name] {
			for value := range strings.SplitSeq(list, ",") {
				if value != "" {
					*into = append(*into, value)
				}
				if len(value) > maxValue || len(*into) > maxValues {
					return q, &fault{http.StatusBadRequest, name + " is too long"}
				}
			}
		}
	}
	q.Count = defaultCount
	for name, into := range map[string]*int{"offset": &q.Offset, "count": &q.Count} {
		if text := v.Get(name); text != "" {
			if *into, err = strconv.Atoi(text); err != nil || *into < 0 {
				return q, &fault{http.StatusBadRequest, name + " is not a number"}
			}
		}
	}
	if q.Until, err = strconv.ParseUint(cmp.Or(v.Get("until"), "0"), 10, 64); err != nil {
		return q, &fault{http.StatusBadRequest, "until is not a number"}
	}
	return q, nil
}

func (s *Server) deliveries(r *http.Request) (*api.Page, error) {
	q, err := queryOf(r.URL.Query())
	if err != nil {
		return nil, err
	}
	return s.List.Page(&q), nil
}

func (s *Server) detail(r *http.Request) (*api.Detail, error) {
	n, err := strconv.ParseUint(r.PathValue("n"), 10, 64)
	if err != nil {
		return nil, &fault{http.StatusNotFound, fmt.Sprintf("there is no delivery %.20q", r.PathValue("n"))}
	}
	if s.Parts.Detail == nil {
		return nil, errNotHere
	}
	return s.Parts.Detail.Detail(r.Context(), n)
}

func (s *Server) routing(r *http.Request) (*api.Routing, error) {
	if s.Parts.Routing == nil {
		return nil, errNotHere
	}
	return s.Parts.Routing.Routing(r.Context())
}

func (s *Server) health(r *http.Request) (*api.Health, error) {
	if s.Parts.Health == nil {
		return nil, errNotHere
	}
	return s.Parts.Health.Health(r.Context())
}

func (s *Server) letters(r *http.Request) (*api.DeadLetters, error) {
	if s.Parts.Desk == nil {
		return nil, errNotHere
	}
	return s.Parts.Desk.Letters(r.Context())
}

func (s *Server) preview(r *http.Request) (*api.Plan, error) {
	order, err := read[api.Order](r)
	if err != nil {
		return nil, err
	}
	if s.Parts.Desk == nil {
		return nil, errNotHere
	}
	return s.Parts.Desk.Preview(r.Context(), order)
}

func (s *Server) run(r *http.Request) (*api.Done, error) {
	order, err := read[api.Order](r)
	if err != nil {
		return nil, err
	}
	if s.Parts.Desk == nil {
		return nil, errNotHere
	}
	return s.Parts.Desk.Run(r.Context(), order)
}

func (s *Server) undo(r *http.Request) (*api.Done, error) {
	undo, err := read[api.Undo](r)
	if err != nil {
		return nil, err
	}
	if s.Parts.Desk == nil {
		return nil, errNotHere
	}
	return s.Parts.Desk.Undo(r.Context(), undo)
}

// asset serves the files of the page, and lists none.
func (s *Server) asset(w http.ResponseWriter, r *http.Request) {
	name := cmp.Or(strings.TrimPrefix(r.URL.Path, "/"), "index.html")
	if !fs.ValidPath(name) {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	text, err := fs.ReadFile(s.Assets, name)
	if err != nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", contentType(path.Ext(name)))
	_, _ = w.Write(text) //nolint:gosec // a file of this program; the page may be gone
}

package inspector

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/list"
	"webhookedge/plugins/internal/ctl/inspector/site"
)

// ErrAddress is an address that other machines may reach, or that is none.
var ErrAddress = errors.New("not an address to listen on")

// The bounds of a server.
const (
	headerTimeout  = 10 * time.Second
	bodyTimeout    = 30 * time.Second
	answerTimeout  = 90 * time.Second // acts wait up to 30 s for others
	idleTimeout    = 2 * time.Minute
	maxHeaderBytes = 32 << 10
	maxOrderBytes  = 32 << 20 // an order may hold a payload of 25 MiB
	maxUpdates     = 16       // pages that are told of updates
	closeTimeout   = 3 * time.Second
)

// Config is what a Server answers with.
type Config struct {
	Site    *site.Site
	List    *list.List
	Parts   Parts
	Assets  fs.FS
	Records string
	Address string
	Version string
	Notes   func() []string
}

// Server answers the page. It is safe for concurrent use.
type Server struct {
	Config
	url     string
	http    *http.Server
	started time.Time
	closing context.CancelFunc
	closed  chan struct{}
	updates chan struct{} // holds one for each page that is told of updates
	reloads atomic.Uint64 // of the kong.yml
}

// Listen serves the page on a loopback address until [Server.Close]. The error is
// ErrAddress for one that is not.
func Listen(address string, c Config) (*Server, error) {
	address, err := loopback(address)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{Config: c, started: time.Now().UTC(), closing: cancel, closed: make(chan struct{}), updates: make(chan struct{}, maxUpdates)}
	g := &guard{token: newToken(), hosts: hostsOf(listener.Addr()), next: s.routes()}
	s.url = "http://" + listener.Addr().String() + "/" + g.token + "/"
	s.http = &http.Server{
		Handler: g, ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
		BaseContext: func(net.Listener) context.Context { return ctx },
		ErrorLog:    slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), // which is of bad requests
	}
	go func() {
		defer close(s.closed)
		_ = s.http.Serve(listener) // until Close
	}()
	return s, nil
}

// URL is the address of the page. Whoever knows it may use it.
func (s *Server) URL() string { return s.url }

// Close ends what is under way: what pages wait for at once, acts after closeTimeout.
func (s *Server) Close() error {
	s.closing()
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	err := s.http.Shutdown(ctx)
	if err != nil {
		err = s.http.Close()
	}
	<-s.closed
	return err
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/session", answer(s.session))
	mux.HandleFunc("GET /api/deliveries", answer(s.deliveries))
	mux.HandleFunc("GET /api/deliveries/{n}", answer(s.detail))
	mux.HandleFunc("GET /api/facets", answer(func(*http.Request) (*api.Facets, error) { return s.List.Facets(), nil }))
	mux.HandleFunc("GET /api/updates", s.tell)
	mux.HandleFunc("GET /api/routing", answer(s.routing))
	mux.HandleFunc("GET /api/health", answer(s.health))
	mux.HandleFunc("GET /api/dead-letters", answer(s.letters))
	mux.HandleFunc("POST /api/acts/preview", answer(s.preview))
	mux.HandleFunc("POST /api/acts/run", answer(s.run))
	mux.HandleFunc("POST /api/acts/undo", answer(s.undo))
	mux.HandleFunc("GET /", s.asset)
	return mux
}

// fault is an error with the status that it is answered with.
type fault struct {
	status int
	text   string
}

func (f *fault) Error() string { return f.text }

// errNotHere is a part that this server has not.
var errNotHere = &fault{http.StatusNotImplemented, "webhookctl has no such part here"}

// statusOf is that of an error: 404 of what is not known, 422 of what a part says for
// people.
func statusOf(err error) int {
	var f *fault
	switch {
	case errors.As(err, &f):
		return f.status
	case errors.Is(err, site.ErrUnknown):
		return http.StatusNotFound
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return http.StatusServiceUnavailable
	}
	return http.StatusUnprocessableEntity
}

func fail(w http.ResponseWriter, status int, err error) {
	write(w, status, api.Fault{Error: err.Error()})
}

// answer writes what fn returns as JSON.
func answer[T any](fn func(*http.Request) (T, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := http.NewResponseController(w)
		_ = c.SetReadDeadline(time.Now().Add(bodyTimeout))
		_ = c.SetWriteDeadline(time.Now().Add(answerTimeout))
		r.Body = http.MaxBytesReader(w, r.Body, maxOrderBytes)
		value, err := fn(r)
		if err != nil {
			fail(w, statusOf(err), err)
			return
		}
		write(w, http.StatusOK, value)
	}
}

func write(w http.ResponseWriter, status int, value any) {
	text, err := json.Marshal(value)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{"error":"the answer cannot be written as JSON"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text) // the page is gone
}

// read reads the one JSON value of a request.
func read[T any](r *http.Request) (value T, err error) {
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&value); err != nil {
		if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
			return value, &fault{http.StatusRequestEntityTooLarge, "the request is too large"}
		}
		return value, &fault{http.StatusBadRequest, "the request is not JSON of the right form"}
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return value, &fault{http.StatusBadRequest, "there is something behind the request's JSON"}
	}
	return value, nil
}

// contentType is that of an asset. What machines say of them differs.
func contentType(extension string) string {
	switch extension {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".woff2":
		return "font/woff2"
	}
	return "text/plain; charset=utf-8"
}

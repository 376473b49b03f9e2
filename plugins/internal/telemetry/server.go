package telemetry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// ErrStarted is returned by Start on a Server that serves already.
var ErrStarted = errors.New("telemetry server is started already")

const (
	headerTimeout = 5 * time.Second
	writeTimeout  = 30 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 16 << 10
	maxScrapes    = 4 // at once; each holds a copy of all series
)

// Server answers /metrics for Prometheus, /healthz with 200 while the process is
// alive, and /readyz with 200 while all readiness checks pass. It has no
// authentication: bind it to an address that only the platform reaches.
type Server struct {
	metrics *Metrics
	log     *slog.Logger
	checks  checks

	mu   sync.Mutex
	http *http.Server // nil while not started
	addr net.Addr
}

// NewServer returns a server of m that is not started yet. Checks can be added
// to it at once.
func NewServer(m *Metrics, log *slog.Logger) *Server {
	return &Server{metrics: m, log: log}
}

// AddCheck makes f a condition of readiness until remove is called, which may
// be done more than once. f runs concurrently with others and itself, and must
// return when its context is done; its error is shown on /readyz, so it must
// hold no secret. Several checks may have one name.
func (s *Server) AddCheck(name string, f func(context.Context) error) (remove func()) {
	return s.checks.add(name, f)
}

// Start listens on addr, host:port, and serves until Shutdown. Without a host it listens
// on loopback alone. An empty addr means that nothing is served, which is no error. After
// an error it can be called again.
func (s *Server) Start(addr string) error {
	if addr == "" {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.http != nil {
		return ErrStarted
	}
	if strings.HasPrefix(addr, ":") {
		addr = "127.0.0.1" + addr
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("telemetry: %w", err)
	}
	s.addr = listener.Addr()
	s.http = &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       headerTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	go s.serve(s.http, listener)
	return nil
}

func (s *Server) serve(srv *http.Server, listener net.Listener) {
	if err := srv.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		s.log.Error("telemetry server stopped", KeyErr, err.Error())
	}
}

// Addr is the address that is served, nil while there is none.
func (s *Server) Addr() net.Addr {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addr
}

// Shutdown stops listening and waits for the requests under way until ctx is
// done, then cuts them. The server can be started again.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	srv := s.http
	s.http, s.addr = nil, nil
	s.mu.Unlock()
	if srv == nil {
		return nil
	}
	if err := srv.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("telemetry: %w", err), srv.Close())
	}
	return nil
}

// Handler serves the three paths, for a program that has an HTTP server already.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.metrics.Registry, promhttp.HandlerOpts{
		MaxRequestsInFlight: maxScrapes,
		ErrorLog:            slog.NewLogLogger(s.log.Handler(), slog.LevelError),
		ErrorHandling:       promhttp.ContinueOnError, // one broken collector must not hide the others
	}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"status":"ok"}` + "\n")) // a client that is gone is no fault of ours
	})
	mux.HandleFunc("GET /readyz", s.checks.ServeHTTP)
	return mux
}

package local

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"webhookedge/kong/local/declarative"
	"webhookedge/kong/local/host"
	"webhookedge/kong/local/vault"
)

// nginx's bounds: large_client_header_buffers 4 8k, client_header_timeout and
// keepalive_timeout.
const (
	maxHeaderBytes = 32 << 10
	headerTimeout  = 60 * time.Second
	idleTimeout    = 75 * time.Second
)

// Server is a running stand-in for Kong. It is safe for concurrent use.
type Server struct {
	opts     Options
	realIP   realIP
	listener net.Listener
	http     *http.Server
	port     int
	nodeID   string
	dir      string // of sockets and bodies
	bodies   string
	requests atomic.Uint64
	state    atomic.Pointer[state]
	warnings atomic.Pointer[[]declarative.Problem]
	watch    *watcher
	served   chan struct{}

	// reload guards what follows.
	reload sync.Mutex
	reg    *registry
	text   []byte // of the last file that was tried
	gone   bool   // the file was not there at the last look
	seq    int
	closed bool
}

// New starts the plugins of a kong.yml and serves it. The error of a file that
// is wrong is a *declarative.Error with the position of each fault. ctx bounds
// the start only.
func New(ctx context.Context, o Options) (*Server, error) {
	trusted, err := o.complete()
	if err != nil {
		return nil, err
	}
	s := &Server{
		opts: o, realIP: realIP{trusted, o.RealIPHeader, o.RealIPRecursive}, nodeID: uuid.NewString(), served: make(chan struct{}),
	}
	if err := s.start(ctx); err != nil {
		s.cleanUp()
		return nil, err
	}
	o.Logger.Warn("LOCAL MODE: a stand-in for Kong, never a gateway for production", "listen", s.Addr().String())
	return s, nil
}

func (s *Server) start(ctx context.Context) error {
	var err error
	// An address that is taken is known before any plugin is started; nothing
	// is answered until the plugins are ready.
	if s.listener, err = net.Listen("tcp", s.opts.Listen); err != nil {
		return err
	}
	if tcp, ok := s.listener.Addr().(*net.TCPAddr); ok {
		s.port = tcp.Port
	}
	if s.dir, err = os.MkdirTemp("", "kong-local-"); err != nil {
		return fmt.Errorf("directory for sockets: %w", err)
	}
	s.bodies = filepath.Join(s.dir, "body")
	if err := os.Mkdir(s.bodies, 0o700); err != nil {
		return fmt.Errorf("directory for bodies: %w", err)
	}
	s.reg = &registry{opts: &s.opts, prefix: s.dir, plugins: map[string]*external{}, servers: map[string]*pluginServer{}}
	if err := s.Reload(ctx); err != nil {
		return err
	}
	s.http = &http.Server{
		Handler: s, MaxHeaderBytes: maxHeaderBytes, ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout,
		ErrorLog: quiet(s.opts.Logger),
	}
	go func() {
		defer close(s.served)
		if err := s.http.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
			s.opts.Logger.Error("listening ended", "err", err)
		}
	}()
	if s.opts.ConfigPath != "" && !s.opts.NoWatch {
		s.watch = watch(s.opts.ConfigPath, s.changed)
	}
	return nil
}

// Addr is where the Server listens.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }

// Warnings says what of the file is not run here, and which secrets are missing.
func (s *Server) Warnings() []declarative.Problem { return *s.warnings.Load() }

// Routes lists the routes that are served, in the file's order.
func (s *Server) Routes() []RouteInfo {
	var out []RouteInfo
	for _, r := range s.state.Load().routes {
		info := RouteInfo{Name: r.decl.Label(), Methods: r.decl.Methods, Hosts: r.decl.Hosts, Paths: r.decl.Paths}
		if r.service != nil {
			info.Service = r.service.Name
		}
		for _, p := range r.chain {
			info.Plugins = append(info.Plugins, p.name)
		}
		out = append(out, info)
	}
	return out
}

// Reload reads the file again and takes it over as a whole. When anything in it
// is wrong, the file that was served before goes on.
func (s *Server) Reload(ctx context.Context) error {
	s.reload.Lock()
	defer s.reload.Unlock()
	if s.closed {
		return http.ErrServerClosed
	}
	text, name := s.opts.Config, "kong.yml"
	if s.opts.ConfigPath != "" {
		var err error
		name = s.opts.ConfigPath
		if text, err = os.ReadFile(name); err != nil {
			return err
		}
	}
	s.text = text
	return s.take(ctx, name, text)
}

// take compiles a file and makes it the one that is served.
func (s *Server) take(ctx context.Context, name string, text []byte) error {
	file, err := declarative.Parse(name, text)
	if err != nil {
		return err
	}
	before := s.state.Load()
	c := &compiler{
		reg: s.reg, env: vault.Env{Lookup: s.opts.Env}, previous: before.configs(), now: time.Now().Unix(),
		nextSeq: func() int { s.seq++; return s.seq },
	}
	next, err := c.compile(ctx, file)
	if err != nil {
		return err
	}
	if err := s.reg.start(ctx, c.needed); err != nil {
		return err
	}
	for _, w := range c.warnings {
		s.opts.Logger.Warn(w.String())
	}
	if !file.Transform {
		s.opts.Logger.Info("_transform is false: Kong would take credentials in this file as hashed already; local mode has no credentials")
	}
	s.warnings.Store(&c.warnings)
	s.state.Store(next)
	if before != nil {
		before.proxy.close()
	}
	return nil
}

// configs returns the plugin configs of a state by their ids.
func (s *state) configs() map[string]host.Config {
	out := map[string]host.Config{}
	if s == nil {
		return out
	}
	for _, r := range s.routes {
		for _, p := range r.chain {
			if p.external != nil {
				out[p.decl.ID] = p.config
			}
		}
	}
	return out
}

// Close stops taking requests, finishes what is under way until ctx ends, stops
// the plugin servers and removes what was written to disk.
func (s *Server) Close(ctx context.Context) error {
	s.reload.Lock()
	if s.closed {
		s.reload.Unlock()
		return nil
	}
	s.closed = true
	s.reload.Unlock()
	err := s.http.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, s.http.Close())
	}
	<-s.served
	s.cleanUp()
	return err
}

func (s *Server) cleanUp() {
	if s.watch != nil {
		s.watch.close()
	}
	if s.http != nil {
		_ = s.http.Close()
	} else if s.listener != nil {
		_ = s.listener.Close()
	}
	if s.reg != nil {
		s.reg.stop()
	}
	if st := s.state.Load(); st != nil {
		st.proxy.close()
	}
	if s.dir != "" {
		_ = os.RemoveAll(s.dir)
	}
}

// quiet sends what net/http complains about to debug level: bad requests are the
// senders' fault.
func quiet(l *slog.Logger) *log.Logger { return slog.NewLogLogger(l.Handler(), slog.LevelDebug) }

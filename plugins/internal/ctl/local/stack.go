package local

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"webhookedge/kong/local"
	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/check"
	"webhookedge/plugins/internal/ctl/inspector"
	"webhookedge/plugins/internal/ctl/kongyml"
)

const closeTimeout = 15 * time.Second

// stack is the local stand-in of Kong with an embedded NATS.
type stack struct {
	broker  *broker
	server  *local.Server
	monitor *monitor
	config  string   // path of kong.yml
	dir     string   // of NATS, when it is to be removed
	lock    *os.File // of the data directory
	stop    context.CancelFunc
	env     func(string) (string, bool) // of vault references
	view    atomic.Pointer[view]
	started chan struct{} // closed once server is there
	page    atomic.Pointer[inspector.Inspector]
}

type stackOptions struct {
	config     string // path of kong.yml, "" for the repository's
	listen     string
	natsPort   int    // -1 takes a free one
	data       string // directory of NATS, "" for a temporary one
	pluginsDir string
	inspect    string                        // address of the page, "" for none
	env        map[string]string             // goes before the process's environment
	warnings   io.Writer                     // Kong's error log from warn on, nil for none
	onReload   func(found string, err error) // found is what is wrong with what is in use now
	onDelivery func(delivered)
}

func (o stackOptions) start(ctx context.Context) (s *stack, err error) {
	s = &stack{started: make(chan struct{})}
	s.view.Store(&view{})
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if o.config, err = kongyml.Path(o.config); err != nil {
		return s, err
	}
	if o.data == "" {
		if s.dir, err = os.MkdirTemp("", "webhookctl"); err != nil {
			return s, err
		}
		o.data = s.dir
	}
	s.config = o.config
	if s.lock, err = lockData(o.data); err != nil {
		return s, err
	}
	password := rand.Text()
	if s.broker, err = startBroker(o.data, password, o.natsPort); err != nil {
		return s, err
	}
	journal, err := filepath.Abs(filepath.Join(o.data, "journal"))
	if err != nil {
		return s, err
	}
	if _, ok := os.LookupEnv(policiesVariable); !ok && o.env[policiesVariable] == "" {
		o.env = maps.Clone(o.env)
		if o.env == nil {
			o.env = map[string]string{}
		}
		o.env[policiesVariable] = policiesBeside(o.config)
	}
	env := o.environment(map[string]string{"NATS_URL": s.broker.url(), "NATS_PASSWORD": password, "WEBHOOK_JOURNAL_DIR": journal})
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	s.env = env
	s.monitor = newMonitor(o.onDelivery, func(route string) bool { return s.view.Load().storing[route] })
	go s.monitor.follow(background, s.broker, func(stream string) bool { return s.view.Load().refused[stream] })
	options := local.Options{
		ConfigPath: o.config, Listen: o.listen, PluginDir: o.pluginsDir, PluginServers: chain.Servers(), Variables: chain.Variables(), Env: env, Logger: logger(o.warnings),
		PluginLine: s.monitor.pluginLine, OnDelivery: func(d local.Delivery) {
			s.monitor.answered(d)
			s.seen(d)
		}, OnReload: func(err error) {
			if found, err := s.reloaded(err); o.onReload != nil {
				o.onReload(found, err)
			}
		},
	}
	return s, s.serve(ctx, options, o.inspect)
}

// serve starts the gateway, and the page at an address, "" for none.
func (s *stack) serve(ctx context.Context, o local.Options, page string) (err error) {
	metrics := ""
	if page != "" {
		if metrics, err = inspected(&o); err != nil {
			return err
		}
	}
	if s.server, err = local.New(ctx, o); err != nil {
		return err
	}
	close(s.started)
	if err = s.look(); err != nil || page == "" {
		return err
	}
	return s.inspect(page, metrics)
}

// view is what the monitor must know of the configuration in use.
type view struct {
	storing map[string]bool // routes whose plugins store what they take
	refused map[string]bool // streams in which refused deliveries are kept
	streams []string        // of events, sorted
}

// look takes a new configuration's view.
func (s *stack) look() error {
	v := &view{storing: map[string]bool{}, refused: map[string]bool{}}
	for _, r := range s.server.Routes() {
		v.storing[r.Name] = slices.Contains(r.Plugins, chain.Server) || slices.Contains(r.Plugins, "webhook-publish")
	}
	routes, err := kongyml.Routes(s.config)
	for _, r := range routes {
		for _, text := range r.Plugins {
			var config struct {
				Quarantine struct{ Stream string }
				Publish    struct{ Stream struct{ Name string } }
			}
			err = errors.Join(err, json.Unmarshal(text, &config))
			v.refused[config.Quarantine.Stream] = true
			if name := config.Publish.Stream.Name; name != "" && !slices.Contains(v.streams, name) {
				v.streams = append(v.streams, name)
			}
		}
	}
	slices.Sort(v.streams)
	s.view.Store(v)
	return err
}

// reloaded looks at a new configuration. It waits until the first one is in use.
func (s *stack) reloaded(err error) (found string, _ error) {
	<-s.started
	if err == nil {
		if err = s.look(); err == nil {
			found = s.findings()
		}
	}
	return found, err
}

// findings says what `webhookctl check` finds and the stand-in for Kong did not say. A
// start or a reload goes on: some of it may be meant.
func (s *stack) findings() string {
	report, err := check.Run(check.Options{File: s.config, NoConf: true, Env: s.env})
	if err != nil {
		return err.Error()
	}
	report.Findings = slices.DeleteFunc(report.Findings, func(f check.Finding) bool {
		for _, said := range s.server.Warnings() {
			if said.Line == f.Line && said.Column == f.Column && said.File == f.File {
				return true
			}
		}
		return false
	})
	if len(report.Findings) == 0 {
		return ""
	}
	return report.Text()
}

// policiesVariable names the directory of the policies of kong/kong.yml.
const policiesVariable = "WEBHOOK_POLICIES_DIR"

// policiesBeside is the directory of the policies that belong to a kong.yml of the
// repository or of the image.
func policiesBeside(config string) string {
	dir, err := filepath.Abs(filepath.Join(filepath.Dir(config), "..", "policies"))
	if err != nil {
		return ""
	}
	return dir
}

// environment looks a variable up in o.env, then in made, then in the environment.
func (o stackOptions) environment(made map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		if v, ok := o.env[name]; ok {
			return v, true
		}
		if v, ok := made[name]; ok { // NATS is always the embedded one
			return v, true
		}
		return os.LookupEnv(name)
	}
}

// close ends everything in the order of its dependence.
func (s *stack) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	var err error
	if page := s.page.Load(); page != nil {
		err = page.Close()
	}
	if s.server != nil {
		err = errors.Join(err, s.server.Close(ctx))
	}
	if s.stop != nil {
		s.stop()
	}
	if s.broker != nil {
		s.broker.stop()
	}
	if s.lock != nil {
		err = errors.Join(err, s.lock.Close())
	}
	if s.dir != "" {
		err = errors.Join(err, os.RemoveAll(s.dir))
	}
	return err
}

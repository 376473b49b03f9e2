package local

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"time"

	"webhookedge/kong/local"
	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/ctl/kongyml"
)

const closeTimeout = 15 * time.Second

// stack is the local stand-in of Kong with an embedded NATS.
type stack struct {
	broker  *broker
	server  *local.Server
	monitor *monitor
	dir     string // of NATS, when it is to be removed
	stop    context.CancelFunc
}

type stackOptions struct {
	config     string // path of kong.yml, "" for the repository's
	listen     string
	natsPort   int    // -1 takes a free one
	data       string // directory of NATS, "" for a temporary one
	pluginsDir string
	env        map[string]string // goes before the process's environment
	warnings   io.Writer         // Kong's error log from warn on, nil for none
	onReload   func(error)
	onDelivery func(delivered)
}

func (o stackOptions) start(ctx context.Context) (s *stack, err error) {
	s = &stack{}
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
	s.monitor = newMonitor(o.onDelivery)
	go s.monitor.follow(background, s.broker)
	s.server, err = local.New(ctx, local.Options{
		ConfigPath: o.config, Listen: o.listen, PluginDir: o.pluginsDir, PluginServers: chain.Servers(), Variables: chain.Variables(), Env: env, Logger: logger(o.warnings),
		PluginLine: s.monitor.pluginLine, OnDelivery: s.monitor.answered, OnReload: o.onReload,
	})
	return s, err
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

func logger(w io.Writer) *slog.Logger {
	if w == nil {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// close ends everything in the order of its dependence.
func (s *stack) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	var err error
	if s.server != nil {
		err = s.server.Close(ctx)
	}
	if s.stop != nil {
		s.stop()
	}
	if s.broker != nil {
		s.broker.stop()
	}
	if s.dir != "" {
		err = errors.Join(err, os.RemoveAll(s.dir))
	}
	return err
}

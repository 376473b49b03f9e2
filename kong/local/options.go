package local

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"time"
)

// ErrOptions means that Options make no sense.
var ErrOptions = errors.New("invalid options")

// Kong's and nginx's own settings, which Options take over where zero.
const (
	DefaultListen = "127.0.0.1:8000" // proxy_listen has this port
	// DefaultRealIPHeader is real_ip_header.
	DefaultRealIPHeader = "X-Real-IP"
)

// Options set up a Server. One of ConfigPath and Config is needed.
type Options struct {
	// ConfigPath is the kong.yml, which is watched for changes.
	ConfigPath string
	// Config is the text of a kong.yml instead.
	Config []byte
	// Listen is the address; port 0 takes a free one. Default DefaultListen.
	Listen string
	// PluginDir is where plugin binaries are looked for first.
	PluginDir string
	// NoBuild turns building plugins from source off.
	NoBuild bool
	// Env is where vault references are looked up. Default os.LookupEnv.
	Env func(name string) (string, bool)
	// PluginEnv is the environment of plugin processes. Default: that of this process.
	PluginEnv []string
	// PluginArgs are further flags of plugin processes, as in a start command.
	PluginArgs []string
	// Logger takes what Kong would write to its error log. Default none.
	Logger *slog.Logger
	// PluginServers names the plugin server that runs a plugin, by plugin, as
	// pluginserver_<name>_socket does in kong.conf. Default: one of the plugin's name.
	PluginServers map[string]string
	// Variables are nginx variables by name, each with its value, in which others stand
	// as $name: what nginx_location_set in kong.conf sets.
	Variables map[string]string
	// PluginLine gets each line that a plugin server writes. Default: Logger.
	PluginLine func(server, line string)
	// OnDelivery is called after each answer, by many goroutines at once.
	OnDelivery func(Delivery)
	// CaptureBytes hands requests over to OnDelivery, with bodies up to so many bytes; 0
	// hands over none.
	CaptureBytes int
	// OnReload is called after each reload that a changed file caused.
	OnReload func(error)
	// NoWatch turns off watching ConfigPath.
	NoWatch bool

	// Workers is the number of nginx workers to imitate. Default 1.
	Workers int
	// MaxRuns bounds how often a handler is run for one request. Default 100.
	MaxRuns int
	// TrustedIPs is trusted_ips: addresses and networks whose X-Forwarded-*
	// and RealIPHeader count. Default: none.
	TrustedIPs []string
	// RealIPHeader is real_ip_header. Default DefaultRealIPHeader.
	RealIPHeader string
	// RealIPRecursive is real_ip_recursive.
	RealIPRecursive bool
}

// Delivery is a request that was answered.
type Delivery struct {
	RequestID string
	Route     string // name or id; empty where none matched
	Method    string
	Path      string // without the query
	ClientIP  string
	Status    int
	Headers   http.Header // of the answer; do not change them
	Took      time.Duration
	Request   *Request // nil unless Options.CaptureBytes asks for it
}

// Request is what a client sent.
type Request struct {
	Host    string
	Query   string
	Headers [][2]string // by name; net/http does not keep their order
	Body    []byte      // at most Options.CaptureBytes, its beginning
	Size    int         // of the whole body, in bytes
}

// RouteInfo describes a route that is served.
type RouteInfo struct {
	Name                  string
	Methods, Hosts, Paths []string
	Service               string   // empty for a route without one
	Plugins               []string // that run on it, in their order
}

// complete fills in defaults and reports everything that makes no sense.
func (o *Options) complete() ([]netip.Prefix, error) {
	var errs []error
	if (o.ConfigPath == "") == (o.Config == nil) {
		errs = append(errs, errors.New("give one of ConfigPath and Config"))
	}
	if o.Listen == "" {
		o.Listen = DefaultListen
	}
	if o.Env == nil {
		o.Env = os.LookupEnv
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.PluginLine == nil {
		log := o.Logger
		o.PluginLine = func(server, line string) { log.Info(line, "plugin", server) }
	}
	if o.RealIPHeader == "" {
		o.RealIPHeader = DefaultRealIPHeader
	}
	if strings.EqualFold(o.RealIPHeader, "proxy_protocol") {
		errs = append(errs, errors.New("RealIPHeader proxy_protocol is not run here"))
	}
	o.Workers = max(o.Workers, 1)
	trusted, err := parseTrusted(o.TrustedIPs)
	errs = append(errs, err)
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOptions, err)
	}
	return trusted, nil
}

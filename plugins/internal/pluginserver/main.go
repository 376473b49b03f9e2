package pluginserver

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"syscall"
	"time"

	"webhookedge/kong/wire"
	"webhookedge/plugins/internal/cores"
	"webhookedge/plugins/internal/telemetry"
)

// flags are the command line of a plugin server, the first three as go-pdk's.
type flags struct {
	prefix    string
	dump      bool
	dumpLua   bool
	plugin    string // of dump and dumpLua; "" is the first
	version   bool
	telemetry string
	traces    string
	level     string
	output    string
	routes    bool
	wake      string
	takeover  string
	drain     time.Duration
	idle      time.Duration
	maxFrame  int
	memory    int64
	observe   string
}

func parse(name string, args []string, out io.Writer) (flags, error) {
	var f flags
	set := flag.NewFlagSet(name, flag.ContinueOnError)
	set.SetOutput(out)
	set.StringVar(&f.prefix, "kong-prefix", "/usr/local/kong", "Kong's prefix `directory`; the socket is <prefix>/"+name+".socket")
	set.BoolVar(&f.dump, "dump", false, "print name, priority and schema of a plugin as JSON for Kong, and exit: of the plugin named after the flag, by default "+name)
	set.BoolVar(&f.dumpLua, "dump-lua", false, "print schema.lua of the plugin named after the flag, for control planes without a plugin server (hybrid mode, Konnect), and exit")
	set.BoolVar(&f.version, "version", false, "print the version and exit")
	set.StringVar(&f.telemetry, "telemetry-address", "", "serve /metrics, /healthz and /readyz on this `address`, for instance :9542, which is 127.0.0.1:9542, or 0.0.0.0:9542 for all interfaces; empty is off")
	set.StringVar(&f.traces, "traces-endpoint", "", "export traces to the OTLP receiver at this `URL`, for instance http://127.0.0.1:4318; empty leaves it to the OTEL_ variables, without which it is off")
	set.StringVar(&f.level, "log-level", "info", "least `level` that is logged: debug, info, warn or error")
	set.StringVar(&f.output, "log-output", "stderr", "write the log's lines to this `place`: stderr, which Kong reads at level info; the absolute path of a file, which is opened again after a rotation; unix:/path for a stream socket; unixgram:/path for a datagram socket")
	set.StringVar(&f.wake, "wake", "", "ask Kong once at the start for these `URLs`, of a route each, with commas between them, so that it starts their instances and a journal is published from without waiting for a delivery")
	set.BoolVar(&f.routes, "metrics-by-route", false, "give webhook_edge_deliveries_total a label route: the route's name, or its id where it has none, of the first 256 routes")
	set.StringVar(&f.takeover, "takeover", "auto", "take the socket of a live server: yes, no, or auto, which is yes when Kong started this process")
	set.DurationVar(&f.drain, "drain-timeout", 10*time.Second, "`time` that deliveries under way get after SIGTERM")
	set.DurationVar(&f.idle, "idle-timeout", DefaultIdleTimeout, "`time` after which an instance without deliveries is closed: Kong does not close those of a removed route, and starts one again when it needs it")
	set.IntVar(&f.maxFrame, "max-frame-bytes", DefaultMaxFrame, "largest frame from Kong, in `bytes`")
	set.Int64Var(&f.memory, "body-memory-bytes", DefaultBodyMemory, "memory in `bytes` for bodies over 64 KiB and their copies; further deliveries wait, and one that needs more than this is refused")
	set.StringVar(&f.observe, "observe-subject", "", "publish records of all deliveries to this NATS `subject`, of routes whose config names none in observe.subject; empty is off")
	help := set.Bool("help", false, "show this text and exit")
	if err := set.Parse(args); err != nil {
		return f, err
	}
	if *help {
		set.Usage()
		return f, flag.ErrHelp
	}
	rest := set.Args()
	if (f.dump || f.dumpLua) && len(rest) > 0 {
		f.plugin, rest = rest[0], rest[1:]
	}
	return f, f.check(rest)
}

func (f flags) check(rest []string) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("unexpected argument %q", rest[0])
	case f.takeover != "auto" && f.takeover != "yes" && f.takeover != "no":
		return fmt.Errorf("-takeover=%s: want auto, yes or no", f.takeover)
	case f.drain < 0 || f.drain > time.Hour:
		return fmt.Errorf("-drain-timeout=%s: want 0s to 1h", f.drain)
	case f.idle < 100*time.Millisecond || f.idle > 24*time.Hour:
		return fmt.Errorf("-idle-timeout=%s: want 100ms to 24h", f.idle)
	case f.maxFrame < wire.ReadBuffer || f.maxFrame > 1<<30:
		return fmt.Errorf("-max-frame-bytes=%d: want %d to %d", f.maxFrame, wire.ReadBuffer, 1<<30)
	case f.observe != "" && !subjectForm().MatchString(f.observe):
		return fmt.Errorf("-observe-subject=%q: want names of letters, digits, _ and - with dots between them, such as webhooks-trace.deliveries", f.observe)
	case f.memory < smallBody:
		return fmt.Errorf("-body-memory-bytes=%d: want %d or more", f.memory, smallBody)
	}
	return nil
}

// subjectForm is what a subject of NATS may be that is published on.
func subjectForm() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$`) }

// Main runs a program until SIGTERM or SIGINT, and returns the exit code: 0 after a
// clean end, 1 after a fault, 2 for a wrong command line, as go-pdk's server does
// for -help.
func Main(p Program) int {
	f, err := parse(p.Name, os.Args[1:], os.Stderr)
	if err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, p.Name+":", err)
		}
		return 2
	}
	socket := filepath.Join(f.prefix, p.Name+".socket")
	switch {
	case f.version:
		_, err = fmt.Println(p.Name, Version())
	case f.dump || f.dumpLua:
		err = dump(os.Stdout, p, f, socket)
	default:
		// SIGQUIT is what the official image of Kong has its containers stopped with, and
		// without a handler ends a Go process with a dump of its stacks.
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT)
		defer stop()
		err = run(ctx, f, socket, p)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, p.Name+":", err)
		return 1
	}
	return 0
}

func dump(w io.Writer, p Program, f flags, socket string) error {
	plugin, err := p.plugin(f.plugin)
	if err != nil {
		return err
	}
	if f.dumpLua {
		return DumpLua(w, plugin)
	}
	return Dump(w, socket, plugin)
}

func run(ctx context.Context, f flags, path string, p Program) error {
	level, err := telemetry.ParseLevel(f.level)
	if err != nil {
		return err
	}
	var opts []telemetry.MetricsOption
	if f.routes {
		opts = append(opts, telemetry.WithRoutes())
	}
	metrics, err := telemetry.NewMetrics(Version(), p.Providers, p.Stages, opts...)
	if err != nil {
		return err
	}
	urls, err := wakeURLs(f.wake)
	if err != nil {
		return err
	}
	output, err := telemetry.OpenOutput(f.output, os.Stderr)
	if err != nil {
		return err
	}
	queue := telemetry.NewLogQueue(output, metrics)
	defer flushLog(queue)
	log := telemetry.NewLogger(queue, level).With("plugin", p.Name)
	checks := telemetry.NewServer(metrics, log)
	traces, err := telemetry.OpenTraces(ctx, telemetry.TraceOptions{Endpoint: f.traces, Service: p.Name, Version: Version(), Env: os.Getenv, Logger: log})
	if err != nil {
		return err
	}
	defer flush(traces, log)
	srv, err := New(
		Options{MaxFrame: f.maxFrame, BodyMemory: f.memory, IdleTimeout: f.idle},
		Env{Logger: log, Metrics: metrics, Traces: traces, Checks: checks, Now: time.Now, Cores: cores.Share(), ObserveSubject: f.observe}, p)
	if err != nil {
		return err
	}
	// The socket comes before all that may be slow: Kong answers 500 while it
	// is not there.
	socket, err := Listen(path, f.takeover == "yes" || f.takeover == "auto" && startedByKong())
	if err != nil {
		return err
	}
	if err := checks.Start(f.telemetry); err != nil {
		// During a reload the server before still has the address.
		log.Warn("telemetry address is not free yet", telemetry.KeyErr, err)
		go retryTelemetry(ctx, checks, f.telemetry, log)
	}
	log.Info("listening", "socket", path, "version", Version())
	go exportAtOnce(ctx, traces)
	go wake(ctx, urls, wakeInterval, log)
	return serve(ctx, f, srv, socket, checks, log)
}

// exportAtOnce exports spans without delay once ctx is done, beside the drain and not behind
// it: under Kong the process is killed in the middle of that.
func exportAtOnce(ctx context.Context, traces *telemetry.Traces) {
	<-ctx.Done()
	traces.ExportAtOnce()
}

// flushLog writes the last lines.
func flushLog(queue *telemetry.LogQueue) {
	last, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = queue.Close(last) // nobody reads what would say so
}

// flush exports the last spans.
func flush(traces *telemetry.Traces, log *slog.Logger) {
	last, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := traces.Shutdown(last); err != nil {
		log.Warn("the last traces could not be exported", telemetry.KeyErr, err)
	}
}

// serve runs until ctx is done or the socket is lost, then drains.
func serve(ctx context.Context, f flags, srv *Server, socket *Socket, checks *telemetry.Server, log *slog.Logger) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		if socket.Lost(ctx) == nil {
			log.Warn("the socket belongs to another process now: finishing the deliveries under way, then exiting")
			stop()
		}
	}()
	accepted := make(chan error, 1)
	go func() { accepted <- srv.Serve(socket.Listener) }()
	<-ctx.Done()

	err := errors.Join(socket.Withdraw(), <-accepted, socket.Listener.Close())
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), f.drain)
	defer cancel()
	if n := srv.Drain(drain); n > 0 {
		log.Error("deliveries abandoned because the drain timed out", "count", n)
	}
	last, cancelLast := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancelLast()
	if shutErr := checks.Shutdown(last); shutErr != nil {
		log.Warn("telemetry server", telemetry.KeyErr, shutErr)
	}
	log.Info("stopped")
	return err
}

func retryTelemetry(ctx context.Context, checks *telemetry.Server, address string, log *slog.Logger) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := checks.Start(address); err == nil {
				log.Info("telemetry address taken", "address", address)
				return
			}
		}
	}
}

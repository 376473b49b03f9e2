package host

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"webhookedge/kong/wire"
)

// Options set up a Plugin. Zero values mean Kong's own settings.
type Options struct {
	// Workers is the number of nginx workers to imitate: each starts its own
	// instance of a config. Default 1.
	Workers int
	// Timeout is how long a plugin may be silent. Default 60 s, as in Kong.
	Timeout time.Duration
	// MaxRuns bounds how often a handler is run for one request when it hangs
	// up. Default 100; Kong has no bound.
	MaxRuns int
	// OnRerun is called before a handler is run again; nil is allowed.
	OnRerun func(plugin string, run int)
}

// Config is one plugin config as Kong hands it to a plugin server.
type Config struct {
	ID   string // Kong's id of the plugin entity, which is the key of instances
	Seq  int    // __seq__: another number means another config under this id
	JSON []byte
}

// Plugin is the client of one plugin server. It is safe for concurrent use.
type Plugin struct {
	name    string
	opts    Options
	pool    *pool
	table   map[string]function
	workers []*worker
}

// New returns a client for the plugin name behind a unix socket. It does not
// connect.
func New(name, socket string, o Options) *Plugin {
	o.Workers = max(o.Workers, 1)
	if o.Timeout <= 0 {
		o.Timeout = time.Minute
	}
	if o.MaxRuns <= 0 {
		o.MaxRuns = 100
	}
	p := &Plugin{name: name, opts: o, table: functions(), pool: &pool{socket: socket}}
	for range o.Workers {
		w := &worker{plugin: p, instances: map[string]*instance{}}
		w.sequence.Store(1) // Kong's first call has number 2
		p.workers = append(p.workers, w)
	}
	return p
}

// Name returns the plugin's name.
func (p *Plugin) Name() string { return p.name }

// Close closes the idle connections. Exchanges under way end by themselves.
func (p *Plugin) Close() { p.pool.close() }

// Access runs the plugin's access handler for x's request. Nil means that Kong
// goes on, or that the plugin answered: see x.Exit. A plugin that hangs up is
// run again from the start.
func (p *Plugin) Access(x *Context, cfg *Config) error {
	w := p.workers[x.Request.Worker%len(p.workers)]
	x.plugin = p.name
	for run := 1; ; run++ {
		err := w.access(x, cfg)
		if _, raised := errors.AsType[*Raised](err); raised || !errors.Is(err, ErrClosed) {
			return err
		}
		p.pool.drop()
		for _, w := range p.workers { // as Kong does when a plugin server hangs up
			w.forget()
		}
		if run >= p.opts.MaxRuns {
			return fmt.Errorf("%w: %d runs", ErrReruns, run)
		}
		if p.opts.OnRerun != nil {
			p.opts.OnRerun(p.name, run+1)
		}
	}
}

func (w *worker) access(x *Context, cfg *Config) error {
	id, err := w.instance(cfg)
	if err != nil {
		return err
	}
	seq := w.sequence.Add(1)
	c, err := w.send(func(b []byte) []byte { return wire.AppendHandleEvent(b, seq, id, "access") })
	if err != nil {
		return err
	}
	if err := w.plugin.bridge(c, x); err != nil {
		// Kong neither keeps nor closes such a connection: it goes with the
		// request.
		x.abandoned = append(x.abandoned, c)
		if errors.Is(err, errExit) {
			return nil
		}
		return err
	}
	_, err = w.result(c, seq)
	return err
}

// worker is the state of one nginx worker.
type worker struct {
	plugin   *Plugin
	sequence atomic.Int64

	mu        sync.Mutex
	instances map[string]*instance // by Kong's id of the plugin entity
}

// send writes one call. A pooled connection that is dead already is replaced:
// nginx would have noticed its end while it was idle.
func (w *worker) send(call func([]byte) []byte) (*conn, error) {
	fresh := false
	for {
		c, err := w.plugin.pool.get(fresh)
		if err != nil {
			return nil, err
		}
		var mark int
		c.out, mark = wire.BeginFrame(c.out[:0])
		c.out = wire.EndFrame(call(c.out), mark)
		if err := c.SetDeadline(time.Now().Add(w.plugin.opts.Timeout)); err == nil && c.flush() == nil {
			return c, nil
		}
		c.close()
		if !c.reused {
			return nil, raise("sending to plugin: connection lost")
		}
		w.plugin.pool.drop()
		fresh = true
	}
}

// result reads the RpcReturn and gives the connection back.
func (w *worker) result(c *conn, seq int64) (wire.Return, error) {
	b, err := c.next(w.plugin.opts.Timeout)
	if err != nil {
		c.close()
		return wire.Return{}, err
	}
	ret, err := wire.DecodeReturn(b)
	if err != nil {
		c.close()
		return ret, raise("plugin's return: %w", err)
	}
	if ret.Sequence != seq {
		c.close()
		return ret, raise("plugin's return has sequence %d, not %d", ret.Sequence, seq)
	}
	w.plugin.pool.put(c)
	return ret, nil
}

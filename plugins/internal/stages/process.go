package stages

import (
	"context"
	"time"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/observe"
)

const (
	// unusedTTL is how long a connection or a counter without instances is kept: a
	// reload of Kong stops the instances of the old workers before or after it starts
	// the new.
	unusedTTL = 30 * time.Second
	// closeTimeout bounds the end of a process, once for the quarantine's queue and once
	// for the connections.
	closeTimeout = 5 * time.Second
)

// An Opener opens what the instances of a process share, and hands what closes that
// to p.OnClose. The maker that it returns makes the stage of one instance, nil where the
// settings ask for none.
type Opener func(p *Process) (Maker, error)

// Maker makes the stage of an instance. Its error joins the faults of the settings.
type Maker func(i *Instance) (pipeline.Stage, error)

// Process is what the instances of one process share.
type Process struct {
	Env     pluginserver.Env
	Name    string          // of the process, by which NATS and a journal's directory know it
	Records *observe.Writer // set by OpenPublish

	closers []func()
}

// OnClose calls f when the process ends, after what was handed over earlier: policies
// have something to log until they end, and that is stored.
func (p *Process) OnClose(f func()) { p.closers = append(p.closers, f) }

// Close gives up what the instances share. It waits for what is under way, at most
// twice closeTimeout.
func (p *Process) Close() {
	for _, f := range p.closers {
		f()
	}
}

// closing ends something with the process, and logs fault where it cannot in time.
func (p *Process) closing(fault string, end func(context.Context) error) {
	p.OnClose(func() {
		ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
		defer cancel()
		if err := end(ctx); err != nil {
			p.Env.Logger.Warn(fault, "err", err.Error())
		}
	})
}

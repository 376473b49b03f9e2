package chain

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/observe"
	"webhookedge/plugins/publish"
	"webhookedge/plugins/quarantine"
)

// closeTimeout bounds the end of a process, once for the quarantine's queue and once
// for the connections.
const closeTimeout = 5 * time.Second

// errNotStoring is a use of what stores before it is there.
var errNotStoring = errors.New("the stage publish is not there yet")

func openPublish(p *Process) (maker, error) {
	conns := publish.NewConnections(p.env.Logger, unusedTTL, p.name)
	if err := p.env.Metrics.Register(conns.Metrics()); err != nil {
		return nil, err
	}
	pool, err := quarantine.NewPool(p.env.Logger, p.env.Now, p.env.Metrics, p.env.Metrics.ProviderLabel)
	if err != nil {
		return nil, err
	}
	for name, check := range map[string]func(context.Context) error{
		"nats": conns.Ready, "journal": conns.JournalReady, "durability": conns.Durable, "quarantine": pool.Ready,
	} {
		p.onClose(p.env.Checks.AddCheck(name, check))
	}
	if p.records, err = observe.New(p.env.Logger, p.env.Now, p.env.Metrics); err != nil {
		return nil, err
	}
	p.closing("records of deliveries are lost", p.records.Close)
	p.closing("refused deliveries in the queue of the quarantine are lost", pool.Close)
	p.closing("closing the connections to NATS", conns.Close)
	return func(i *Instance) (pipeline.Stage, error) { return i.openStore(conns, pool) }, nil
}

// closing ends something with the process, and logs fault where it cannot in time.
func (p *Process) closing(fault string, end func(context.Context) error) {
	p.onClose(func() {
		ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
		defer cancel()
		if err := end(ctx); err != nil {
			p.env.Logger.Warn(fault, "err", err.Error())
		}
	})
}

// openStore returns the stage publish, whose events are held back, where that is asked
// for, by the keeper beside it.
func (i *Instance) openStore(conns *publish.Connections, pool *quarantine.Pool) (pipeline.Stage, error) {
	row := i.Provider
	var proof *quarantine.Proof // nil where another plugin proves deliveries
	if i.verify != nil {
		proof = &quarantine.Proof{Scheme: i.verify.Scheme(), URL: i.Verify.PublicURL != ""}
	}
	keeper, kerr := pool.Keeper(row, proof, i.Quarantine, i.JetStream, i.keep)
	opts := []publish.Option{publish.WithRetrySpan(row.Retry.Span), publish.WithAnswerTimeout(row.Timeout)}
	if i.verify != nil {
		opts = append(opts, publish.WithReplaySpan(i.verify.Tolerance()))
	}
	if len(row.Identity.Volatile) > 0 {
		opts = append(opts, publish.WithStablePart(row.Lasting))
	}
	if kerr == nil { // a nil keeper would be one that is there
		i.keeper = keeper
		opts = append(opts, publish.WithKeeper(keeper))
	}
	if i.Offline {
		i.fault("quarantine", kerr)
		return nil, i.Publish.Check()
	}
	stage, perr := publish.New(i.Publish, conns, opts...)
	if perr == nil {
		i.publish.Store(stage)
		i.onClose(stage.Close)
	}
	i.fault("quarantine", kerr)
	return stage, perr
}

// JetStream returns the client that the instance publishes with.
func (i *Instance) JetStream(ctx context.Context) (jetstream.JetStream, error) {
	stage := i.publish.Load()
	if stage == nil {
		return nil, errNotStoring
	}
	return stage.JetStream(ctx)
}

// keep stores a message of the quarantine as safely as an event.
func (i *Instance) keep(ctx context.Context, msg *nats.Msg) error {
	stage := i.publish.Load()
	if stage == nil {
		return errNotStoring
	}
	return stage.Keep(ctx, msg)
}

// holdable is a fault where the settings hold events back that nobody could release.
// Where only a policy or a reused id may do that, such an event is refused when it
// comes, and the log says so beforehand.
func (i *Instance) holdable() error {
	if i.keeper == nil {
		return nil // it keeps nothing, or its own fault is told
	}
	err := i.keeper.NeedsKeys()
	switch {
	case err == nil:
		return nil
	case i.Normalize.Holds():
		return fmt.Errorf("%w, which normalize.validation.on_invalid: quarantine needs", err)
	case i.policy != nil:
		i.process.env.Logger.Warn("events that the policy holds back will be refused", slog.String("stage", "quarantine"), slog.String("err", err.Error()))
	}
	return nil
}

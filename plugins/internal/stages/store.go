package stages

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/observe"
	"webhookedge/plugins/publish"
	"webhookedge/plugins/quarantine"
)

// errNotStoring is a use of what stores before it is there.
var errNotStoring = errors.New("the stage publish is not there yet")

// OpenPublish is an [Opener].
func OpenPublish(p *Process) (Maker, error) {
	conns := publish.NewConnections(p.Env.Logger, unusedTTL, p.Name)
	if err := p.Env.Metrics.Register(conns.Metrics()); err != nil {
		return nil, err
	}
	pool, err := quarantine.NewPool(p.Env.Logger, p.Env.Now, p.Env.Metrics, p.Env.Metrics.ProviderLabel)
	if err != nil {
		return nil, err
	}
	for name, check := range map[string]func(context.Context) error{
		"nats": conns.Ready, "journal": conns.JournalReady, "durability": conns.Durable, "quarantine": pool.Ready,
	} {
		p.OnClose(p.Env.Checks.AddCheck(name, check))
	}
	if p.Records, err = observe.New(p.Env.Logger, p.Env.Now, p.Env.Metrics); err != nil {
		return nil, err
	}
	p.closing("records of deliveries are lost", p.Records.Close)
	p.closing("refused deliveries in the queue of the quarantine are lost", pool.Close)
	p.closing("closing the connections to NATS", conns.Close)
	return func(i *Instance) (pipeline.Stage, error) { return i.openStore(conns, pool) }, nil
}

// openStore returns the stage publish, whose events are held back, where that is asked
// for, by the keeper beside it.
func (i *Instance) openStore(conns *publish.Connections, pool *quarantine.Pool) (pipeline.Stage, error) {
	row := i.Provider
	var proof *quarantine.Proof // nil where another plugin proves deliveries
	if i.Made.Verify != nil {
		proof = &quarantine.Proof{Scheme: i.Made.Verify.Scheme(), URL: i.Verify.PublicURL != ""}
	}
	keeper, kerr := pool.Keeper(row, proof, i.Quarantine, i.JetStream, i.keep)
	opts := []publish.Option{publish.WithRetrySpan(row.Retry.Span), publish.WithAnswerTimeout(row.Timeout)}
	if i.Made.Verify != nil {
		opts = append(opts, publish.WithReplaySpan(i.Made.Verify.Tolerance()))
	}
	if len(row.Identity.Volatile) > 0 {
		opts = append(opts, publish.WithStablePart(row.Lasting))
	}
	if kerr == nil { // a nil keeper would be one that is there
		i.Made.Keeper = keeper
		opts = append(opts, publish.WithKeeper(keeper))
	}
	if i.Offline {
		i.Fault("quarantine", kerr)
		return nil, i.Publish.Check()
	}
	stage, perr := publish.New(i.Publish, conns, opts...)
	if perr == nil {
		i.Made.publish.Store(stage)
		i.OnClose(stage.Close)
	}
	i.Fault("quarantine", kerr)
	return stage, perr
}

// JetStream returns the client that the instance publishes with.
func (i *Instance) JetStream(ctx context.Context) (jetstream.JetStream, error) {
	stage := i.Made.publish.Load()
	if stage == nil {
		return nil, errNotStoring
	}
	return stage.JetStream(ctx)
}

// keep stores a message of the quarantine as safely as an event.
func (i *Instance) keep(ctx context.Context, msg *nats.Msg) error {
	stage := i.Made.publish.Load()
	if stage == nil {
		return errNotStoring
	}
	return stage.Keep(ctx, msg)
}

// Holdable is a fault where the settings hold events back that nobody could release.
// Where only a policy or a reused id may do that, such an event is refused when it
// comes, and the log says so beforehand.
func (i *Instance) Holdable() error {
	if i.Made.Keeper == nil {
		return nil // it keeps nothing, or its own fault is told
	}
	err := i.Made.Keeper.NeedsKeys()
	switch {
	case err == nil:
		return nil
	case i.Normalize.Holds():
		return fmt.Errorf("%w, which normalize.validation.on_invalid: quarantine needs", err)
	case i.Made.Policy != nil:
		i.process.Env.Logger.Warn("events that the policy holds back will be refused", slog.String("stage", "quarantine"), slog.String("err", err.Error()))
	}
	return nil
}

package edge

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/policy"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/publish"
	"webhookedge/plugins/quarantine"
)

const (
	// linger is how long a connection without instances is kept: a reload of Kong
	// stops the instances of the old workers before or after it starts the new.
	linger = 30 * time.Second
	// closeTimeout bounds the end of a process, once for the quarantine's queue
	// and once for the connections.
	closeTimeout = 5 * time.Second
)

// stores are what the instances of a process store with.
type stores struct {
	conns *publish.Connections
	pool  *quarantine.Pool
}

// stored is where one instance stores, and what else it holds. All are nil for
// one that does not store.
type stored struct {
	publish    *publish.Stage
	quarantine *quarantine.Keeper
	normalize  *normalize.Stage
	policy     *policy.Stage
	outer      outer
}

func (s stored) close() {
	s.outer.close()
	s.normalize.Close() // which nil can do
	s.policy.Close()    // and nil can do this
	if s.publish != nil {
		s.publish.Close()
	}
}

func openStores(env pluginserver.Env, process string) (s *stores, shut func(), err error) {
	s = &stores{conns: publish.NewConnections(env.Logger, linger, process)}
	if err := env.Metrics.Register(s.conns.Metrics()); err != nil {
		return nil, nil, err
	}
	if s.pool, err = quarantine.NewPool(env.Logger, env.Now, env.Metrics); err != nil {
		return nil, nil, err
	}
	removeNATS := env.Checks.AddCheck("nats", s.conns.Ready)
	removeJournal := env.Checks.AddCheck("journal", s.conns.JournalReady)
	removeDurable := env.Checks.AddCheck("durability", s.conns.Durable)
	removeQuarantine := env.Checks.AddCheck("quarantine", s.pool.Ready)
	return s, func() {
		removeNATS()
		removeQuarantine()
		removeDurable()
		removeJournal()
		ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
		defer cancel()
		if err := s.pool.Close(ctx); err != nil {
			env.Logger.Warn("refused deliveries in the queue of the quarantine are lost", "err", err.Error())
		}
		ctx, cancel = context.WithTimeout(context.Background(), closeTimeout)
		defer cancel()
		if err := s.conns.Close(ctx); err != nil {
			env.Logger.Warn("closing the connections to NATS", "err", err.Error())
		}
	}, nil
}

// open returns a stage whose events are held back, where that is asked for, by
// the keeper beside it. record is the name of the config's part for publish, proof how
// deliveries are proved, nil where another plugin does that.
func (s *stores) open(row *provider.Provider, record string, proof *quarantine.Proof, pub publish.Config, q quarantine.Config) (*publish.Stage, *quarantine.Keeper, error) {
	var stage *publish.Stage
	keeper, kerr := s.pool.Keeper(row, proof, q, func(ctx context.Context) (jetstream.JetStream, error) { return stage.JetStream(ctx) },
		func(ctx context.Context, msg *nats.Msg) error { return stage.Keep(ctx, msg) })
	opts := []publish.Option{publish.WithRetrySpan(row.Retry.Span), publish.WithPatience(row.Timeout)}
	if len(row.Identity.Volatile) > 0 {
		opts = append(opts, publish.WithLasting(row.Lasting))
	}
	if kerr == nil { // a nil keeper would be one that is there
		opts = append(opts, publish.WithKeeper(keeper))
	}
	var perr error
	stage, perr = publish.New(pub, s.conns, opts...)
	if record != "" {
		perr = within(record, perr)
	}
	return stage, keeper, errors.Join(perr, within("quarantine", kerr))
}

// holdable is a fault where the settings hold events back that nobody could release.
// Where only a policy or a reused id may do that, such an event is refused when it
// comes, and the log says so beforehand.
func holdable(log *slog.Logger, k *quarantine.Keeper, n *normalize.Config, byPolicy bool) error {
	if k == nil {
		return nil // its own fault is told
	}
	err := k.NeedsKeys()
	switch {
	case err == nil:
		return nil
	case n.Holds():
		return fmt.Errorf("%w, which normalize.validation.on_invalid: quarantine needs", err)
	case byPolicy:
		log.Warn("events that the policy holds back will be refused", slog.String("stage", "quarantine"), slog.String("err", err.Error()))
	}
	return nil
}

package policy

import (
	"context"
	"log/slog"
	"maps"
	"time"

	"github.com/google/uuid"
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/plugins/logs"
	"github.com/open-policy-agent/opa/v1/server"

	"webhookedge/plugins/policy/engine"
)

// maxLogged is how many decisions wait to be logged at most; later ones are
// counted as lost.
const maxLogged = 1024

// entry is a decision on its way into the decision log of OPA, which masks it,
// drops it or ships it as its configuration and the policy say.
type entry struct {
	input    ast.Value
	decision *engine.Decision
	err      error
	at       time.Time
	request  string // id of the request
}

// logging reports whether decisions are to be given to record.
func (s *source) logging() bool {
	r := s.remote.Load()
	return r != nil && logs.Lookup(r.manager) != nil
}

// record queues an entry without waiting.
func (s *source) record(e entry) {
	select {
	case s.entries <- e:
	default:
		s.pool.metrics.logged.lost.Inc()
	}
}

// ship logs what was recorded until ctx is done.
func (s *source) ship(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-s.entries:
			s.write(ctx, e)
		}
	}
}

func (s *source) write(ctx context.Context, e entry) {
	r := s.remote.Load()
	if r == nil {
		return
	}
	p := logs.Lookup(r.manager)
	if p == nil {
		return
	}
	input, err := ast.JSON(e.input)
	if err != nil {
		s.pool.metrics.logged.lost.Inc()
		return
	}
	info := &server.Info{
		DecisionID: uuid.NewString(), Path: s.opts.Path(), Timestamp: e.at, Input: &input, InputAST: e.input,
		Bundles: r.active(), Error: e.err, Custom: map[string]any{"request_id": e.request},
	}
	if e.decision != nil {
		info.Custom["rule"] = e.decision.Rule
		if result, err := ast.JSON(e.decision.Value()); err == nil {
			info.Results = &result
		}
	}
	if err := p.Log(ctx, info); err != nil {
		s.pool.metrics.logged.lost.Inc()
		s.pool.log.Warn("decision is not logged", slog.String("stage", name), slog.String("err", err.Error()))
		return
	}
	s.pool.metrics.logged.ok.Inc()
}

// active are the revisions of the bundles that are in use.
func (r *remote) active() map[string]server.BundleInfo {
	r.mu.Lock()
	revisions := maps.Clone(r.revisions)
	r.mu.Unlock()
	all := make(map[string]server.BundleInfo, len(revisions))
	for name, revision := range revisions {
		all[name] = server.BundleInfo{Revision: revision}
	}
	return all
}

package policy

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/plugins/logs"
	"github.com/open-policy-agent/opa/v1/server"

	"webhookedge/plugins/policy/engine"
)

// maxLogged bounds the decisions that wait for the log; more are counted as lost.
const maxLogged = 1024

// logTimeout bounds what masking, dropping and handing over one of them may take.
const logTimeout = 3 * time.Second

// entry is a decision on its way into OPA's decision log.
type entry struct {
	policy   *loaded // that was asked
	input    ast.Value
	decision *engine.Decision
	err      error
	at       time.Time
	request  string // id of the request
}

// attach sends decisions to r, once it has the directory's policies about logs.
func (s *source) attach(ctx context.Context, r *remote) error {
	s.logs.Lock()
	defer s.logs.Unlock()
	if err := r.putSystem(ctx, s.system); err != nil {
		return err
	}
	s.remote.Store(r)
	return nil
}

func (s *source) detach() { s.remote.Store(nil) }

// logBy passes the directory's policies about logs on, before its policy is used.
func (s *source) logBy(ctx context.Context, system map[string]string) error {
	s.logs.Lock()
	defer s.logs.Unlock()
	s.system = system
	if r := s.remote.Load(); r != nil {
		return r.putSystem(ctx, system)
	}
	return nil
}

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
		Bundles: e.policy.from, Custom: map[string]any{"request_id": e.request},
	}
	if e.err != nil {
		info.Error = loggedError{failure(e.err).String(), e.err.Error()}
	}
	if e.decision != nil {
		info.Custom["rule"] = e.decision.Rule
		if result, err := ast.JSON(e.decision.Value()); err == nil {
			info.Results = &result
		}
	}
	ctx, cancel := context.WithTimeout(ctx, logTimeout)
	defer cancel()
	if err := p.Log(ctx, info); err != nil {
		s.pool.metrics.logged.lost.Inc()
		if s.warnings.Allow("", s.pool.now()) { // the metric counts each
			s.pool.log.Warn("decisions could not be logged", slog.String("stage", name), slog.String("source", s.name()), slog.String("err", err.Error()))
		}
		return
	}
	s.pool.metrics.logged.ok.Inc()
}

// loggedError is why there is no decision, in a form that JSON can say.
type loggedError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Error implements error.
func (e loggedError) Error() string { return e.Code + ": " + e.Message }

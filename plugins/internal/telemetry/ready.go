package telemetry

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

const (
	// checkTimeout is below the ten seconds or so that platforms give a probe.
	checkTimeout = 2 * time.Second
	// maxChecks bounds what one probe may cost; checks beyond it fail unasked.
	maxChecks = 64
	// maxProbes is how many probes may run checks at once.
	maxProbes = 4
)

var (
	errLate    = errors.New("no answer within 2s")
	errTooMany = fmt.Errorf("not asked: more than %d checks", maxChecks)
	errPanic   = errors.New("the check panicked")
)

type check struct {
	name string
	ask  func(context.Context) error
	// busy holds a token while the check runs: one that ignores its context
	// must not pile up goroutines, probe by probe.
	busy chan struct{}
}

// checks are the readiness checks, in the order in which they were added.
type checks struct {
	mu  sync.Mutex
	all []*check
}

type verdict struct {
	Name     string `json:"name"`
	OK       bool   `json:"ok"`
	Degraded bool   `json:"degraded,omitempty"`
	Why      string `json:"why,omitempty"`
}

// Degraded is the error of a check that passes although something needs attention: a
// fallback is in use, or is lost.
type Degraded struct{ Err error }

// Error implements error.
func (d *Degraded) Error() string { return d.Err.Error() }

// Unwrap returns the reason.
func (d *Degraded) Unwrap() error { return d.Err }

func (c *checks) add(name string, ask func(context.Context) error) (remove func()) {
	added := &check{name: cut(name, 64), ask: ask, busy: make(chan struct{}, maxProbes)}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = append(c.all, added)
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.all = slices.DeleteFunc(c.all, func(one *check) bool { return one == added })
	}
}

func (c *checks) list() []*check {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.all)
}

// run asks all checks at once and waits for none longer than checkTimeout, even
// where it ignores its context.
func (c *checks) run(ctx context.Context) []verdict {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	list := c.list()
	results := make([]chan error, len(list))
	for i, one := range list {
		results[i] = make(chan error, 1)
		if i >= maxChecks {
			results[i] <- errTooMany
			continue
		}
		go one.start(ctx, results[i])
	}
	verdicts := make([]verdict, len(list))
	for i, one := range list {
		verdicts[i] = judge(one.name, wait(ctx, results[i]))
	}
	slices.SortStableFunc(verdicts, func(a, b verdict) int { return cmp.Compare(a.Name, b.Name) })
	return verdicts
}

func (c *check) start(ctx context.Context, result chan<- error) {
	select {
	case c.busy <- struct{}{}:
	case <-ctx.Done():
		return // the one who waits sees the same
	}
	defer func() {
		<-c.busy
		if recover() != nil {
			result <- errPanic // its value may hold anything
		}
	}()
	result <- c.ask(ctx)
}

func wait(ctx context.Context, result <-chan error) error {
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
	}
	select { // it may have answered at the last moment
	case err := <-result:
		return err
	default:
		return errLate
	}
}

func judge(name string, err error) verdict {
	var degraded *Degraded
	if errors.As(err, &degraded) {
		return verdict{Name: name, OK: true, Degraded: true, Why: cut(err.Error(), maxAttr)}
	}
	if err != nil {
		return verdict{Name: name, Why: cut(err.Error(), maxAttr)}
	}
	return verdict{Name: name, OK: true}
}

// ServeHTTP answers 200 when all checks pass and 503 otherwise, and lists them.
func (c *checks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	verdicts := c.run(r.Context())
	ready := !slices.ContainsFunc(verdicts, func(v verdict) bool { return !v.OK })
	body, err := json.Marshal(struct {
		Ready  bool      `json:"ready"`
		Checks []verdict `json:"checks"`
	}{ready, verdicts})
	if err != nil { // strings and booleans always marshal
		http.Error(w, "internal", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if !ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_, _ = w.Write(append(body, '\n')) // a client that is gone is no fault of ours
}

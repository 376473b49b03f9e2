package kept

import (
	"context"
	"errors"
	"fmt"
	"time"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/release"
	"webhookedge/plugins/streams/archive"
)

// ErrElsewhere is a route that keeps its deliveries in another place than the one where
// the record was found.
var ErrElsewhere = errors.New("its route keeps deliveries elsewhere")

// Release releases the record that begins at seq, by the config of its own route. Where
// keep is not set, a record whose events are stored is removed; the error is then that
// the record is still there, and the result is that of the release.
func (r *Routes) Release(ctx context.Context, from *archive.Archive, seq uint64, keep bool) (release.Result, error) {
	entry, err := from.Entry(ctx, seq)
	if err != nil {
		return release.Result{}, err
	}
	open, err := r.Of(entry.Route)
	if err != nil {
		return release.Result{}, err
	}
	own, err := open.Archive(ctx)
	if err != nil {
		return release.Result{}, err
	}
	record, there, err := own.Get(ctx, seq)
	if err != nil {
		return release.Result{}, err
	}
	if !there.Same(&entry) {
		return release.Result{}, ErrElsewhere
	}
	released, err := open.Run(ctx, record, r.order)
	if err != nil {
		return released, err
	}
	switch code := released.Outcome.Code; {
	case released.Outcome.Err != nil:
		return released, released.Outcome.Err
	case code != pipeline.Accepted && code != pipeline.Duplicate:
		return released, fmt.Errorf("it ended as %s", code)
	case keep || r.order.DryRun:
		return released, nil
	}
	if err := own.Drop(ctx, seq); err != nil {
		return released, &StillKeptError{err}
	}
	return released, nil
}

// StillKeptError is a record whose events are published, and that is still there.
type StillKeptError struct{ error }

// Unwrap returns why it is still there.
func (e *StillKeptError) Unwrap() error { return e.error }

// Proved says in words what proved a delivery that the secrets of today do not prove, ""
// where they do.
func Proved(r *release.Result) string {
	p := r.Proved
	if p == nil {
		return ""
	}
	return fmt.Sprintf("proved by its sealed record alone: %s, secret %s, as of %s", p.Scheme, p.SecretID, p.AsOf.Format(time.RFC3339))
}

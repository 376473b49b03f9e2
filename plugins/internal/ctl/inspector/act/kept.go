package act

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/ctl/kept"
	"webhookedge/plugins/internal/release"
	"webhookedge/plugins/streams/archive"
)

// record is a kept delivery that an order is about.
type record struct {
	of    site.Delivery
	from  *archive.Archive
	entry archive.Entry
}

func (r *record) target() string { return "kept/" + strconv.FormatUint(r.of.Kept, 10) }

func (r *record) seen() []any {
	return []any{r.entry.Sequence, r.entry.StoredAt, r.entry.ReceivedAt, r.entry.Provider, r.entry.Code, r.entry.RequestID, r.entry.Size}
}

// record returns that of an order. The error is site.ErrUnknown where it is gone.
func (d *Desk) record(ctx context.Context, o *api.Order) (*record, error) {
	of, err := d.delivery(o)
	if err != nil {
		return nil, err
	}
	if of.Kept == 0 {
		return nil, fmt.Errorf("%w: delivery %d is not in the quarantine", ErrOrder, o.N)
	}
	r := &record{of: of}
	if d.removals.waits(r.target()) {
		return nil, ErrWaiting
	}
	js, err := d.site.JetStream(ctx)
	if err != nil {
		return nil, err
	}
	r.from = archive.New(js, d.site.Kept.Stream, d.site.Kept.Prefix, d.site.Keys)
	if r.entry, err = r.from.Entry(ctx, of.Kept); errors.Is(err, archive.ErrNotFound) {
		err = fmt.Errorf("delivery %d: %w", o.N, site.ErrUnknown)
	}
	return r, err
}

// release prepares a release by the route of a kept delivery, tried as far as the decision.
func (d *Desk) release(ctx context.Context, o *api.Order) (*prepared, error) {
	r, err := d.record(ctx, o)
	if err != nil {
		return nil, err
	}
	p := &prepared{seen: r.seen(), plan: api.Plan{
		Title: fmt.Sprintf("Release delivery %d of %s", o.N, titleOf(r.entry.Provider)),
		Undo:  "This cannot be taken back: what is published stays published.",
	}}
	words := []string{"webhookctl", "quarantine", "release", strconv.FormatUint(r.of.Kept, 10)}
	words = append(words, flag("--config", d.site.Config)...)
	if o.Approve {
		words = append(words, "--approve")
	}
	p.plan.Command = command(words...)
	tried, err := d.released(ctx, r, release.Order{Approve: o.Approve, DryRun: true})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, release.ErrHeldAgain):
		p.plan.Warn = append(p.plan.Warn, "A policy or a schema would hold it back again. Approve it to publish it all the same.")
		return p.denied("It would be held back again."), nil
	case err != nil:
		return p.denied("It would not be released: " + err.Error() + "."), nil //nolint:nilerr // the plan says it
	}
	p.seen = append(p.seen, tried.Subjects, tried.Outcome.Code, kept.Proved(&tried))
	p.plan.Steps = []string{
		"Verify it as of " + r.entry.ReceivedAt.Format("2006-01-02 15:04:05 MST") + ", when it came, and take it through the stages of route " + r.entry.Route + ".",
		"Publish what it says, marked as replayed, on " + strings.Join(tried.Subjects, ", ") + ".",
		"Remove it from the quarantine.",
	}
	if len(tried.Subjects) == 0 {
		p.plan.Steps[1] = "Publish nothing: the policy drops it."
	}
	if o.Approve {
		p.plan.Warn = append(p.plan.Warn, "What a policy or a schema would hold back is published.")
	}
	if proved := kept.Proved(&tried); proved != "" {
		p.plan.Warn = append(p.plan.Warn, "The secrets of today do not prove it: it is "+proved+".")
	}
	p.run = func(ctx context.Context) (*api.Done, error) {
		done, err := d.released(ctx, r, release.Order{Approve: o.Approve})
		var still *kept.StillKeptError
		if errors.As(err, &still) {
			return nil, fmt.Errorf("it is published, and still in the quarantine: %w", still)
		}
		if err != nil {
			return nil, fmt.Errorf("not released: %w", err)
		}
		return &api.Done{OK: true, Title: fmt.Sprintf("Delivery %d is released", o.N), Lines: published(done.Subjects)}, nil
	}
	return p, nil
}

func published(subjects []string) (lines []string) {
	for _, subject := range subjects {
		lines = append(lines, "Published on "+subject)
	}
	return lines
}

// released releases a record by the config that its route has now.
func (d *Desk) released(ctx context.Context, r *record, how release.Order) (release.Result, error) {
	all, err := d.routes.read()
	if err != nil {
		return release.Result{}, err
	}
	routes := kept.New(all, how, io.Discard)
	defer routes.Close()
	return routes.Release(ctx, r.from, r.of.Kept, false)
}

// drop prepares the removal of a kept delivery.
func (d *Desk) drop(ctx context.Context, o *api.Order) (*prepared, error) {
	r, err := d.record(ctx, o)
	if err != nil {
		return nil, err
	}
	seconds := int(d.removals.wait.Seconds())
	p := &prepared{seen: r.seen(), plan: api.Plan{
		Title: fmt.Sprintf("Drop delivery %d of %s", o.N, titleOf(r.entry.Provider)),
		Steps: []string{fmt.Sprintf("Remove it from the stream %s for good, and overwrite it on the broker's disk.", d.site.Kept.Stream)},
		Undo:  fmt.Sprintf("This can be taken back for %d seconds. It is kept where the inspector ends before.", seconds),
		Command: command("webhookctl", "quarantine", "drop", strconv.FormatUint(r.of.Kept, 10),
			"--stream", d.site.Kept.Stream, "--subject-prefix", d.site.Kept.Prefix),
	}}
	if r.entry.Held {
		p.plan.Warn = []string{"Its sender was told 200 and will not send it again."}
	}
	p.run = func(context.Context) (*api.Done, error) {
		return d.remove(r.target(), fmt.Sprintf("Delivery %d", o.N), func(ctx context.Context) error {
			now, err := r.from.Entry(ctx, r.of.Kept)
			if err != nil {
				return err
			}
			if !now.Same(&r.entry) {
				return ErrChanged
			}
			return r.from.Drop(ctx, r.of.Kept)
		})
	}
	return p, nil
}

// remove lets something be removed in a while, and tells how to take that back.
func (d *Desk) remove(target, name string, do func(context.Context) error) (*api.Done, error) {
	key, until, err := d.removals.add(target, name+" stays", do)
	if err != nil {
		return nil, err
	}
	return &api.Done{OK: true, Title: name + " is about to be removed", Undo: key, Until: &until}, nil
}

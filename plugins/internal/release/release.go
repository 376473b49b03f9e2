// Package release runs kept deliveries of a route through its stages again: those that
// were refused and are worth another try, and events that were held back.
package release

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/internal/settings"
	"webhookedge/plugins/publish"
	"webhookedge/plugins/streams/archive"
)

// The reasons for which a kept delivery is not released.
var (
	// ErrConfig is a route without the plugins that a release needs.
	ErrConfig        = errors.New("a release needs the config of webhook-edge, or of webhook-verify and webhook-publish")
	ErrCut           = errors.New("only the start of its body was kept")
	ErrOtherProvider = errors.New("it came from another provider than this route's")
	ErrHeldAgain     = errors.New("it would be held back again")
	ErrNoSuchEvent   = errors.New("the delivery no longer has an event with the id that was held back")
)

// Release runs kept deliveries of one route through its stages again, but for the
// perimeter, which they had passed. It is not safe for concurrent use.
type Release struct {
	cfg     settings.Spec
	keys    *archive.Keys
	hosts   []string
	secrets []string
	clock   atomic.Pointer[time.Time]
	proof   *recordProof
	adjust  *adjust
	whole   *pipeline.Chain
	tried   *pipeline.Chain // without publish
	route   *chain.Instance
	process *chain.Process
}

// Open builds a release of the configs of a route's plugins, by plugin name and as Kong
// hands them over, and of the hosts that the route lists. Its error names every fault.
// Close ends it.
func Open(env pluginserver.Env, plugins map[string][]byte, hosts []string) (*Release, error) {
	r := &Release{hosts: hosts, adjust: &adjust{}, proof: &recordProof{}}
	r.clock.Store(&time.Time{})
	var err error
	if r.cfg, err = specOf(plugins); err != nil {
		return nil, err
	}
	// An engineer is told what the broker says; and the journal is the edge's.
	r.cfg.Publish.Journal = publish.JournalConfig{}
	if r.keys, err = r.cfg.Quarantine.Ring(); err != nil {
		return nil, config.Within("quarantine", err)
	}
	for _, s := range r.cfg.Verify.Secrets {
		r.secrets = append(r.secrets, s.Value.Reveal())
	}
	for _, s := range r.cfg.Verify.Settings { // a token may be one of these
		r.secrets = append(r.secrets, s.Value.Reveal())
	}
	if r.process, err = chain.Open(env, "webhookctl"); err != nil {
		return nil, err
	}
	if r.route, err = r.process.Instance(r.cfg, chain.Variant{Now: r.now, Skip: chain.Perimeter(), Replace: r.replace}); err != nil {
		r.process.Close()
		return nil, err
	}
	stages := r.route.Stages
	r.whole, err = pipeline.NewChain(stages)
	if err == nil {
		r.tried, err = pipeline.NewChain(stages[:len(stages)-1])
	}
	if err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// replace lets a record prove itself, and makes its events those of a release before
// they are stored.
func (r *Release) replace(stage string, s pipeline.Stage) []pipeline.Stage {
	switch stage {
	case "verify":
		r.proof.verify = s
		return []pipeline.Stage{r.proof}
	case "publish":
		return []pipeline.Stage{r.adjust, s}
	}
	return []pipeline.Stage{s}
}

// specOf makes one spec of what the plugins of a route are set to.
func specOf(plugins map[string][]byte) (settings.Spec, error) {
	if text, ok := plugins[chain.Server]; ok {
		return chain.Decode(chain.Server, text)
	}
	proof, proves := plugins["webhook-verify"]
	store, stores := plugins["webhook-publish"]
	if !proves || !stores {
		return settings.Spec{}, ErrConfig
	}
	v, verr := chain.Decode("webhook-verify", proof)
	p, perr := chain.Decode("webhook-publish", store)
	whole := p.Config
	whole.Verify = v.Verify
	return settings.Spec{Config: whole}, errors.Join(verr, perr)
}

// Close gives up what the release holds.
func (r *Release) Close() {
	r.route.Close()
	r.process.Close()
}

// Archive returns what the route keeps, with the keys of its config.
func (r *Release) Archive(ctx context.Context) (*archive.Archive, error) {
	js, err := r.route.JetStream(ctx)
	if err != nil {
		return nil, err
	}
	return archive.New(js, r.cfg.Quarantine.Stream, r.cfg.Quarantine.SubjectPrefix, r.keys), nil
}

// Order is how a record is to be released.
type Order struct {
	// Approve publishes what a policy or a schema would hold back again. What
	// they refuse stays refused.
	Approve bool
	// DryRun goes as far as the decision, and publishes nothing.
	DryRun bool
	// Reverify releases only what the secrets of today prove, for what came while a
	// secret was in foreign hands.
	Reverify bool
}

// Result is what came of a release.
type Result struct {
	Outcome pipeline.Outcome
	// Subjects are those that the events were published on, or would be.
	Subjects []string
	// Proved is what the sealed record of a held event says that was proved when it
	// came, where the secrets of today do not prove it; nil where they do.
	Proved *archive.Statement
}

// Run verifies a record as of its original receive time with the secrets of
// today, and takes it through the rest of the chain. An event that was proved and
// held back is taken as proved where its record was sealed and those secrets do not
// prove it, since they were changed or its token was not kept. Its events get the
// attribute replayed and message ids that are made of the record's, so that a second
// release of one is a double. The error is why it was not tried; the outcome
// says the rest.
func (r *Release) Run(ctx context.Context, rec *archive.Record, order Order) (Result, error) {
	switch {
	case rec.Cut:
		return Result{}, ErrCut
	case rec.Provider != r.route.Provider.Name:
		return Result{}, fmt.Errorf("%w: %s, not %s", ErrOtherProvider, rec.Provider, r.route.Provider.Name)
	}
	r.proof.proved, r.proof.used = nil, false
	if !order.Reverify {
		r.proof.proved = rec.Proved()
	}
	rec.Restore(r.keys, r.secrets)
	d := rec.Delivery()
	d.RouteHosts = r.hosts
	r.clock.Store(&rec.ReceivedAt)
	*r.adjust = adjust{record: rec, proof: r.proof, approve: order.Approve}
	ctx, cancel := context.WithTimeout(ctx, r.cfg.Deadline())
	defer cancel()
	run := r.whole
	if order.DryRun {
		run = r.tried
	}
	out := Result{Outcome: run.Run(ctx, d)}
	if r.proof.used {
		out.Proved = r.proof.proved
	}
	for i := range d.Items {
		out.Subjects = append(out.Subjects, r.subjects(&d.Items[i])...)
	}
	return out, nil
}

func (r *Release) now() time.Time {
	return *r.clock.Load()
}

func (r *Release) subjects(item *pipeline.Item) []string {
	if item.Drop || item.Event == nil {
		return nil
	}
	if len(item.Targets) == 0 {
		return []string{item.Event.NATSSubject(r.cfg.Publish.SubjectPrefix)}
	}
	var all []string
	for _, t := range item.Targets {
		all = append(all, t.Subject)
	}
	return all
}

// recordProof proves the delivery of a record: by the secrets of today, or by what the
// record shows that was proved when it came.
type recordProof struct {
	verify pipeline.Stage
	proved *archive.Statement // nil where the record shows nothing
	used   bool               // proved was needed
}

// Name implements pipeline.Stage.
func (p *recordProof) Name() string { return p.verify.Name() }

// Handle implements pipeline.Stage.
func (p *recordProof) Handle(ctx context.Context, d *pipeline.Delivery) error {
	err := p.verify.Handle(ctx, d)
	var reject *pipeline.Reject
	if p.proved == nil || !errors.As(err, &reject) || reject.Code != pipeline.SignatureInvalid && reject.Code != pipeline.KeyUnavailable {
		return err
	}
	v := p.proved.Verification
	d.Verification, p.used = &v, true
	if opener, ok := p.verify.(interface {
		Decrypt(d *pipeline.Delivery) error
	}); ok && v.Decrypted {
		return opener.Decrypt(d)
	}
	return nil
}

// adjust makes of a delivery's events those of a release.
type adjust struct {
	record  *archive.Record
	proof   *recordProof // nil for one by the secrets of today
	approve bool
}

// Name implements pipeline.Stage.
func (a *adjust) Name() string { return "release" }

// Handle implements pipeline.Stage.
func (a *adjust) Handle(_ context.Context, d *pipeline.Delivery) error {
	if a.record.Event != "" {
		// Of a batch, the other events were stored when it came.
		if d.Items = a.held(d.Items); len(d.Items) == 0 {
			return &pipeline.Reject{Code: pipeline.Malformed, Err: ErrNoSuchEvent}
		}
	}
	for i := range d.Items {
		item := &d.Items[i]
		if item.Event == nil {
			continue
		}
		if item.Hold != pipeline.Accepted && !item.Drop {
			if !a.approve {
				return &pipeline.Reject{Code: item.Hold, Err: ErrHeldAgain}
			}
			item.Hold = pipeline.Accepted
		}
		item.Event.Replayed = true
		if a.proof != nil && a.proof.used { // by a sealed record
			item.Event.Redacted = item.Event.Redacted || a.record.LacksPayload()
			if a.record.Event != "" {
				item.Event.ID = a.record.Event
			}
		}
		item.Key = cmp.Or(item.Key, item.Event.ID) + ":release:" + a.record.ID
	}
	return nil
}

// held returns the event that was held back: the one of its id or, where none has
// that any more, the one in its place of as many as there were then. An id can be
// another one than it was: one that is a hash of a body out of which a secret was
// removed, or that a later version makes in another way.
func (a *adjust) held(items []pipeline.Item) []pipeline.Item {
	is := func(item pipeline.Item) bool { return item.Event != nil && item.Event.ID == a.record.Event }
	var place []pipeline.Item
	if n := a.record.Item; n >= 1 && n <= len(items) && a.record.Items == len(items) {
		place = items[n-1 : n]
	}
	switch {
	case len(place) == 1 && is(place[0]):
		return place
	case slices.ContainsFunc(items, is):
		return slices.DeleteFunc(items, func(item pipeline.Item) bool { return !is(item) })
	case len(place) == 1 && place[0].Event != nil:
		return place
	}
	return nil
}

var (
	_ pipeline.Stage = (*recordProof)(nil)
	_ pipeline.Stage = (*adjust)(nil)
)

package detail

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/policy/author"
	"webhookedge/plugins/policy/engine"
)

// Bounds of what is told of a policy.
const (
	maxSteps    = 200
	maxDecision = 64 << 10 // bytes of a decision
	maxProjects = 8        // policies that are kept compiled
	maxFiles    = 4096     // of one policy
)

var errAway = errors.New("NATS cannot be reached")

// decided is what the record says of an event: that of an id, or at a position.
func (v *view) decided(n int, id string) api.Decision {
	var d api.Decision
	if v.given.Record == nil {
		return d
	}
	events := v.given.Record.Events
	for i := range events {
		if id != "" && events[i].ID == id || id == "" && i == n {
			d.Rule, d.Targets = v.hide.text(events[i].Rule, maxHeader), slices.Clone(events[i].Targets)
			return d
		}
	}
	return d
}

// live asks the policies that are there now about an event.
func (v *view) live(ctx context.Context, d *api.Decision, e *event.Event) {
	if d.Absent = v.unasked(); d.Absent != "" {
		return
	}
	p := &v.route.settings.Policy
	q := &author.Question{Input: engine.Input{Event: e}}
	if v.came != nil {
		c := *v.came
		c.headers = nil
		for _, h := range v.came.headers {
			if !v.hide.places.hides("header", h.Name) {
				c.headers = append(c.headers, h)
			}
		}
		q.Input.Request = c.delivery(nil, v.label())
	}
	live, was := v.answer(ctx, p.Directory, p.Compiled(), q, &v.input)
	d.Live = live
	if p.Candidate.Directory == "" {
		return
	}
	candidate, is := v.answer(ctx, p.Candidate.Directory, p.Compiled(), q, nil)
	d.Candidate = candidate
	switch {
	case was != nil && is != nil:
		d.Differs = !engine.SameEffect(was, is)
	default:
		d.Differs = (was == nil) != (is == nil)
	}
}

// asSent is clean with the tenant that the payload of e names: a policy that gave it
// another one is asked about what came, and not about what it made of that.
func (v *view) asSent(clean, e *event.Event) *event.Event {
	if v.row == nil || e.Binary || v.route != nil && v.route.settings.Normalize.Tenant != "" {
		return clean
	}
	o, known := v.locate(e)["tenant"]
	if !known || o.base != 0 || len(o.Paths) != 1 || o.Paths[0] == "" {
		return clean
	}
	paths, err := jsonscan.Compile(o.Paths[0])
	if err != nil {
		return clean
	}
	sent := jsonscan.Pick(e.Data, paths)[0]
	if sent.Kind != jsonscan.String || sent.Text == "" {
		return clean
	}
	c := *clean
	c.Tenant = sent.Text
	return &c
}

// unasked says why no policy can be asked, "" where one can.
func (v *view) unasked() string {
	switch {
	case v.kong == nil:
		return "No kong.yml is known here, so that nothing says which policy decides."
	case v.route == nil:
		return "The kong.yml has no such route, so that nothing says which policy decides."
	case !v.route.settings.Policy.On():
		return "The route has no policy: every event is published where it belongs."
	case v.route.settings.Policy.Directory == "":
		return "The policy comes in bundles of OPA, which cannot be asked here."
	case v.route.settings.Policy.Directory == "unresolved":
		return "The directory of the policy is a reference that leads to nothing here."
	}
	return ""
}

// answer asks the policy in a directory. It keeps the first input that the policy was shown
// in input, where that is not nil.
func (v *view) answer(ctx context.Context, dir string, o engine.Options, q *author.Question, input *ast.Value) (*api.Answer, *engine.Decision) {
	out := &api.Answer{Directory: dir}
	project, err := v.policies.open(dir, o)
	if err != nil {
		out.Error = v.hide.text(sentence(err), maxHeader)
		return out, nil
	}
	now := time.Now()
	if q.Input.Event != nil && !q.Input.Event.ReceivedAt.IsZero() {
		now = q.Input.Event.ReceivedAt
	}
	a := project.Eval(ctx, q, now, true)
	if input != nil && *input == nil {
		*input = a.Document
	}
	steps := a.Steps[:min(len(a.Steps), maxSteps)]
	for _, s := range steps {
		s.Value, s.Stopped = v.hide.text(s.Value, maxHeader), v.hide.text(s.Stopped, maxHeader)
		out.Steps = append(out.Steps, s)
	}
	if a.Err != nil {
		out.Error = v.hide.text(sentence(a.Err), maxHeader)
		return out, nil
	}
	text := v.hide.sweep(a.Decision.JSON())
	if len(text) > maxDecision {
		out.Error = "The decision is too large to be shown."
		return out, a.Decision
	}
	out.Decision = text
	return out, a.Decision
}

// unstored asks the policies about a delivery of which nothing is stored, once the edge's
// own code has made events of it.
func (v *view) unstored(ctx context.Context) {
	if v.given.Record != nil {
		for n := range v.given.Record.Events {
			v.out.Decision = append(v.out.Decision, v.decided(n, ""))
		}
	}
	for n, e := range v.made(ctx) {
		if n == len(v.out.Decision) {
			v.out.Decision = append(v.out.Decision, v.decided(n, ""))
		}
		clean := v.clean(e)
		if n == 0 {
			v.first = clean
		}
		v.live(ctx, &v.out.Decision[n], clean)
	}
}

// made returns the events that the edge makes of the request, none where it makes none or the
// request is not known whole. A delivery that nothing proved is asked about only where
// it came as far as a policy.
func (v *view) made(ctx context.Context) []*event.Event {
	proof := v.verification()
	if proof == nil || v.came == nil || v.row == nil || !v.came.whole() || len(v.came.body) > maxInline {
		return nil
	}
	var cfg normalize.Config
	if v.route != nil {
		cfg = v.route.settings.Normalize
		cfg.Validation = normalize.ValidationConfig{}
	}
	stage, err := normalize.New(v.row, cfg, normalize.WithUnverified())
	if err != nil {
		return nil
	}
	defer stage.Close()
	d := v.came.delivery(proof, v.label())
	d.ReceivedAt, d.RequestID = v.given.Row.At, v.given.Row.RequestID
	if stage.Handle(ctx, d) != nil {
		return nil
	}
	var all []*event.Event
	for i := range d.Items[:min(len(d.Items), maxEvents)] {
		all = append(all, d.Items[i].Event)
	}
	return all
}

// policies keeps compiled policies until their directories change.
type policies struct {
	mu  sync.Mutex
	all []opened // newest first
}

type opened struct {
	dir     string
	options engine.Options
	changed mark
	project *author.Project
	err     error
}

// mark tells one state of a directory from another.
type mark struct {
	files int
	bytes int64
	last  int64 // nanoseconds since 1970
}

func (p *policies) open(dir string, o engine.Options) (*author.Project, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := markOf(dir)
	if i := slices.IndexFunc(p.all, func(one opened) bool { return one.dir == dir && reflect.DeepEqual(one.options, o) }); i >= 0 {
		if p.all[i].changed == now {
			return p.all[i].project, p.all[i].err
		}
		p.all = slices.Delete(p.all, i, i+1)
	}
	one := opened{dir: dir, options: o, changed: now}
	var found author.Findings
	if one.project, found = author.Open(dir, o); one.project == nil {
		one.err = author.ErrFaults
		if len(found) > 0 {
			one.err = errors.New("the policy cannot be compiled: " + found[0].Message)
		}
	}
	p.all = append([]opened{one}, p.all[:min(len(p.all), maxProjects-1)]...)
	return one.project, one.err
}

func markOf(dir string) (m mark) {
	// What cannot be read, the compiler complains of.
	_ = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if m.files++; m.files > maxFiles {
			return fs.SkipAll
		}
		m.bytes += info.Size()
		m.last = max(m.last, info.ModTime().UnixNano())
		return nil
	})
	return m
}

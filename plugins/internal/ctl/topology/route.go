package topology

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nats-io/nats-server/v2/server"

	"webhookedge/kong/local"
	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/policy"
	"webhookedge/plugins/policy/author"
	"webhookedge/plugins/policy/engine"
	"webhookedge/plugins/streams"
)

// Route is what is shown of one.
type Route struct {
	Name     string   `json:"name"`
	Methods  []string `json:"methods,omitempty"` // none is any
	Hosts    []string `json:"hosts,omitempty"`
	Paths    []string `json:"paths,omitempty"`
	Provider string   `json:"provider"`
	Stages   []Stage  `json:"stages"`
	Targets  []Target `json:"targets,omitempty"`
	Notes    []string `json:"notes,omitempty"` // what could not be known, or does not fit
}

// Stage is one that acts on a route's deliveries.
type Stage struct {
	Name string
	Mode string // "" is the usual one
}

// String is the name, with the mode where it is not the usual one.
func (s Stage) String() string {
	if s.Mode == "" {
		return s.Name
	}
	return s.Name + " (" + s.Mode + ")"
}

// MarshalText implements encoding.TextMarshaler.
func (s Stage) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Target is where events of a route go.
type Target struct {
	Subject  string `json:"subject"` // a pattern
	Stream   string `json:"stream,omitempty"`
	ByPolicy bool   `json:"by_policy,omitempty"`
}

// Takes reports whether a subject is one of the target's.
func (t *Target) Takes(subject string) bool { return server.SubjectsCollide(t.Subject, subject) }

// Method is the methods with commas between them, or any.
func (r *Route) Method() string { return cmp.Or(strings.Join(r.Methods, ","), "any") }

// Calls are the hosts and paths by which the route is called.
func (r *Route) Calls() []string {
	paths := r.Paths
	if len(paths) == 0 {
		paths = []string{"/"}
	}
	var all []string
	for _, path := range paths {
		if len(r.Hosts) == 0 {
			all = append(all, path)
		}
		for _, host := range r.Hosts {
			all = append(all, host+path)
		}
	}
	return all
}

// reader reads routes.
type reader struct {
	specs    []streams.Spec      // nil where no file of streams is there
	policies map[string][]Target // that were compiled, by directory and decision
}

func (rd *reader) route(c *local.RouteConfigs) (Route, error) {
	r := Route{Name: kongyml.Label(c), Methods: c.Methods, Hosts: c.Hosts, Paths: c.Paths}
	var s kongyml.Settings
	acting := map[string]Stage{}
	for plugin, text := range c.Plugins {
		stage, err := s.Read(plugin, text)
		if err != nil {
			return r, fmt.Errorf("%s: %w", plugin, err)
		}
		if stage != "" {
			acting[stage] = Stage{Name: stage}
		}
	}
	if _, whole := c.Plugins[chain.Server]; whole {
		act(&s, acting)
	}
	for _, name := range chain.Packages() {
		if stage, ok := acting[name]; ok {
			r.Stages = append(r.Stages, stage)
		}
	}
	r.Provider = s.Name()
	if s.Stores {
		rd.targets(&r, &s)
	}
	return r, nil
}

// act adds the stages of webhook-edge that its settings ask for.
func act(s *kongyml.Settings, stages map[string]Stage) {
	mode := func(stage, mode, usual string) {
		if mode == usual {
			mode = ""
		}
		stages[stage] = Stage{stage, mode}
	}
	for _, stage := range []string{"verify", "normalize", "publish"} {
		mode(stage, "", "")
	}
	if s.IPAllow.Enabled() {
		mode("ipallow", s.IPAllow.Mode, "enforce")
	}
	if s.RateLimit.Enabled() {
		mode("ratelimit", s.RateLimit.Mode, "enforce")
	}
	if s.Policy.On() {
		mode("policy", s.Policy.Mode, "enforce")
	}
}

// targets says where events go, and what does not fit the file of streams.
func (rd *reader) targets(r *Route, s *kongyml.Settings) {
	subject := s.Publish.SubjectPrefix + "." + event.EscapeToken(r.Provider)
	if s.Normalize.Tenant != "" && !strings.ContainsAny(s.Normalize.Tenant, "{}:") {
		subject += "." + event.EscapeToken(s.Normalize.Tenant)
	}
	r.Targets = []Target{{Subject: subject + ".>", Stream: s.Publish.Stream.Name}}
	if s.Policy.On() {
		named, err := rd.ofPolicy(&s.Policy)
		if err != nil {
			r.Notes = append(r.Notes, "its policy's targets are not known: "+err.Error())
		}
		for _, t := range named {
			t.Stream = cmp.Or(t.Stream, s.Publish.Stream.Name) // which must acknowledge it
			r.Targets = append(r.Targets, t)
		}
	}
	if rd.specs == nil {
		return
	}
	for _, t := range r.Targets {
		if !slices.ContainsFunc(rd.specs, func(spec streams.Spec) bool { return spec.Name == t.Stream && Taken(spec.Subjects, t.Subject) }) {
			r.Notes = append(r.Notes, fmt.Sprintf("the file of streams has no %s that takes %s", t.Stream, t.Subject))
		}
	}
}

// Taken reports whether one of the patterns can take what a subject or a pattern stands
// for.
func Taken(patterns []string, subject string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return server.SubjectsCollide(pattern, subject) })
}

var (
	errElsewhere = errors.New("it comes in bundles")
	errUnset     = errors.New("the variable of its directory is not set")
)

// ofPolicy reads a policy's own targets out of its directory.
func (rd *reader) ofPolicy(c *policy.Config) ([]Target, error) {
	switch c.Directory {
	case "":
		return nil, errElsewhere
	case kongyml.Placeholder:
		return nil, errUnset
	}
	key := c.Directory + "\n" + c.Decision + "\n" + strings.Join(c.Builtins, " ")
	if all, known := rd.policies[key]; known {
		return all, nil
	}
	p, _ := author.Open(c.Directory, engine.Options{Decision: c.Decision, Builtins: c.Builtins})
	if p == nil {
		return nil, fmt.Errorf("%s cannot be read; webhookctl policy check says why", c.Directory)
	}
	var all []Target
	for _, t := range p.Targets() {
		all = append(all, Target{Subject: t.Subject, Stream: t.Stream, ByPolicy: true})
	}
	rd.policies[key] = all
	return all, nil
}

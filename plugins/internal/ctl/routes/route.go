package routes

import (
	"cmp"
	"encoding/json"
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

// route is what is shown of one.
type route struct {
	Name     string   `json:"name"`
	Methods  []string `json:"methods,omitempty"` // none is any
	Hosts    []string `json:"hosts,omitempty"`
	Paths    []string `json:"paths,omitempty"`
	Provider string   `json:"provider"`
	Stages   []string `json:"stages"`
	Targets  []target `json:"targets,omitempty"`
	Notes    []string `json:"notes,omitempty"` // what could not be known, or does not fit
}

// target is where events of a route go.
type target struct {
	Subject  string `json:"subject"` // a pattern
	Stream   string `json:"stream,omitempty"`
	ByPolicy bool   `json:"by_policy,omitempty"`
}

func (t *target) where() string {
	text := ""
	if t.Stream != "" {
		text = "  " + t.Stream
	}
	if t.ByPolicy {
		text += "  (policy)"
	}
	return text
}

func (r *route) method() string { return cmp.Or(strings.Join(r.Methods, ","), "any") }

// calls are the hosts and paths by which the route is called.
func (r *route) calls() []string {
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

// settings are those of all plugins of a route. They are read without the checks of the
// edge: a secret that is not here is no reason to show nothing.
type settings struct {
	chain.Config
	stores bool // a plugin of the route publishes
}

func (s *settings) read(plugin string, text []byte) (stage string, err error) {
	switch plugin {
	case chain.Server:
		s.stores = true
		return "", json.Unmarshal(text, &s.Config)
	case "webhook-policy":
		var c chain.PolicyConfig
		err = json.Unmarshal(text, &c)
		s.Sender, s.Policy = c.Sender, c.Config
	case "webhook-publish":
		var c chain.PublishConfig
		err = json.Unmarshal(text, &c)
		s.Sender, s.Normalize, s.Publish, s.stores = c.Sender, c.Normalize, c.Config, true
	default:
		err = json.Unmarshal(text, &s.Sender)
	}
	return strings.TrimPrefix(plugin, "webhook-"), err
}

// reader reads routes.
type reader struct {
	specs    []streams.Spec      // nil where no file of streams is there
	policies map[string][]target // that were compiled, by directory and decision
}

func (rd *reader) route(c *local.RouteConfigs) (route, error) {
	r := route{Name: kongyml.Label(c), Methods: c.Methods, Hosts: c.Hosts, Paths: c.Paths}
	var s settings
	acting := map[string]string{}
	for plugin, text := range c.Plugins {
		stage, err := s.read(plugin, text)
		if err != nil {
			return r, fmt.Errorf("%s: %w", plugin, err)
		}
		if stage != "" {
			acting[stage] = stage
		}
	}
	if _, whole := c.Plugins[chain.Server]; whole {
		s.acting(acting)
	}
	for _, stage := range chain.Packages() {
		if text, ok := acting[stage]; ok {
			r.Stages = append(r.Stages, text)
		}
	}
	r.Provider = string(s.Provider)
	if s.Custom != nil {
		r.Provider = s.Custom.Name
	}
	if s.stores {
		rd.targets(&r, &s)
	}
	return r, nil
}

// acting adds the stages of webhook-edge that its settings ask for.
func (s *settings) acting(stages map[string]string) {
	mode := func(stage, mode, usual string) {
		if stages[stage] = stage; mode != "" && mode != usual {
			stages[stage] += " (" + mode + ")"
		}
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
func (rd *reader) targets(r *route, s *settings) {
	subject := s.Publish.SubjectPrefix + "." + event.EscapeToken(r.Provider)
	if s.Normalize.Tenant != "" && !strings.ContainsAny(s.Normalize.Tenant, "{}:") {
		subject += "." + event.EscapeToken(s.Normalize.Tenant)
	}
	r.Targets = []target{{Subject: subject + ".>", Stream: s.Publish.Stream.Name}}
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
		if !slices.ContainsFunc(rd.specs, func(spec streams.Spec) bool { return spec.Name == t.Stream && taken(spec.Subjects, t.Subject) }) {
			r.Notes = append(r.Notes, fmt.Sprintf("the file of streams has no %s that takes %s", t.Stream, t.Subject))
		}
	}
}

func taken(patterns []string, subject string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return server.SubjectsCollide(pattern, subject) })
}

var (
	errElsewhere = errors.New("it comes in bundles")
	errUnset     = errors.New("the variable of its directory is not set")
)

// ofPolicy reads a policy's own targets out of its directory.
func (rd *reader) ofPolicy(c *policy.Config) ([]target, error) {
	switch c.Directory {
	case "":
		return nil, errElsewhere
	case kongyml.Unresolved:
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
	var all []target
	for _, t := range p.Targets() {
		all = append(all, target{Subject: t.Subject, Stream: t.Stream, ByPolicy: true})
	}
	rd.policies[key] = all
	return all, nil
}

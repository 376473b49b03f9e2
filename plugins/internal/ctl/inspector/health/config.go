package health

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"webhookedge/kong/local"
	"webhookedge/plugins/internal/check"
	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/ctl/topology"
)

// checkAge is when the kong.yml is checked again although it has not changed: a policy
// that it names may have.
const checkAge = time.Minute

// files are what the kong.yml says, as it was read last.
type files struct {
	known    bool
	modified time.Time

	prefixes map[string][]string       // of subjects, by the stream that takes them
	ensured  map[string]bool           // streams that the edge makes by itself
	secrets  map[string]map[string]int // places of secrets' ids in their lists, by provider
	maxStale map[string]float64        // seconds of a policy's source

	checked  time.Time
	report   *check.Report
	fault    error // why there is no report
	unchecks bool  // the file changed since
}

// read takes the settings that checks need. What cannot be read is the report's to say.
func (f *files) read(s *site.Site, now time.Time) {
	if s.Config == "" {
		return
	}
	var modified time.Time
	if info, err := os.Stat(s.Config); err == nil {
		modified = info.ModTime()
	}
	if f.known && modified.Equal(f.modified) && now.Sub(f.checked) < checkAge {
		return
	}
	f.known, f.modified, f.unchecks = true, modified, true
	routes, err := kongyml.RoutesWith(s.Config, topology.Files{Config: s.Config, Env: s.Env}.Variables(s.Config))
	if err != nil {
		return
	}
	f.prefixes, f.ensured, f.secrets, f.maxStale = map[string][]string{}, map[string]bool{}, map[string]map[string]int{}, map[string]float64{}
	for i := range routes {
		f.route(&routes[i])
	}
}

func (f *files) route(r *local.RouteConfigs) {
	var s kongyml.Settings
	var secrets struct {
		Verify  struct{ Secrets []struct{ ID string } }
		Secrets []struct{ ID string } // of webhook-verify
	}
	for plugin, text := range r.Plugins {
		if _, err := s.Read(plugin, text); err != nil || json.Unmarshal(text, &secrets) != nil {
			return
		}
	}
	if stream := s.Publish.Stream; s.Stores && stream.Name != "" {
		f.prefixes[stream.Name] = append(f.prefixes[stream.Name], s.Publish.SubjectPrefix)
		f.ensured[stream.Name] = f.ensured[stream.Name] || stream.Ensure == "create"
	}
	for _, source := range []string{s.Policy.Directory, s.Policy.OPAConfig} {
		if n := float64(s.Policy.MaxStaleSeconds); n > 0 && source != "" {
			f.maxStale[source] = n
		}
	}
	ids := f.secrets[s.Name()]
	if ids == nil {
		ids = map[string]int{}
		f.secrets[s.Name()] = ids
	}
	for n, secret := range append(secrets.Verify.Secrets, secrets.Secrets...) {
		id := secret.ID
		if id == "" {
			id = fmt.Sprint(n + 1)
		}
		if before, ok := ids[id]; !ok || n < before {
			ids[id] = n
		}
	}
}

// check has everything of the kong.yml looked at, where that is due.
func (f *files) check(s *site.Site, now time.Time) {
	if s.Config == "" || !f.unchecks {
		return
	}
	// Of an installation elsewhere this machine has no secrets, and no right kong.conf has
	// to stand beside the file here.
	elsewhere := s.Mode == site.Inspect
	f.report, f.fault = check.Run(check.Options{File: s.Config, NoConf: !elsewhere, AllowUnset: elsewhere, Env: s.Env})
	f.checked, f.unchecks = now, false
}

func (f *files) checks() []api.Check {
	c := api.Check{Area: areaConfig, Name: "kong.yml"}
	switch {
	case !f.known:
		c.State, c.Text, c.Do = api.Unknown, "No kong.yml is known here.", "Name it with --config."
		return []api.Check{c}
	case f.fault != nil:
		c.State, c.Text = api.Bad, "The kong.yml cannot be read: "+f.fault.Error()
		return []api.Check{c}
	case f.report == nil:
		c.State, c.Text = api.Unknown, "The kong.yml has not been looked at yet."
		return []api.Check{c}
	}
	errs, warnings := f.report.Count()
	c.State = api.Good
	c.Text = fmt.Sprintf("%s and %s in %s.", count(float64(errs), "error", "errors"), count(float64(warnings), "warning", "warnings"), count(float64(f.report.Routes), "route", "routes"))
	switch {
	case errs > 0:
		c.State, c.Do = api.Bad, "webhookctl check names all of them."
	case warnings > 0:
		c.State, c.Do = api.Warn, "webhookctl check names all of them."
	}
	all := []api.Check{c}
	for i := range f.report.Findings {
		all = append(all, finding(&f.report.Findings[i]))
	}
	return all
}

func finding(f *check.Finding) api.Check {
	c := api.Check{Area: areaConfig, Name: filepath.Base(f.File), State: api.Warn}
	if f.Line > 0 {
		c.Name = fmt.Sprintf("%s:%d:%d", c.Name, f.Line, f.Column)
	}
	if f.Severity == check.Error {
		c.State = api.Bad
	}
	if c.Text = strings.Join(strings.Fields(f.Message), " "); f.Path != "" {
		c.Text = f.Path + ": " + c.Text
	}
	if len(f.Routes) > 0 {
		c.Text = "Route " + strings.Join(f.Routes[:min(len(f.Routes), 3)], ", ") + ": " + c.Text
	}
	return c
}

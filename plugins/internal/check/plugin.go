package check

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"webhookedge/kong/local"
	"webhookedge/kong/local/declarative"
	"webhookedge/kong/local/vault"
	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/settings"
	"webhookedge/plugins/policy/author"
)

// plugin says what is wrong with one plugin, from what Kong sees to what the edge does. A
// later look says nothing of a setting that an earlier one objected to.
func (c *checker) plugin(p *local.Inspected) {
	var known paths
	tell := func(severity string, at declarative.Problem) {
		at.Path = setting(at.Path)
		c.add(severity, at, p.Routes, p.Name)
	}
	var spec settings.Spec
	var faults []settingFault
	if p.Known && p.Enabled {
		var err error
		spec, err = c.process.Check(p.Name, p.Config)
		faults = splitFaults(err)
	}
	for _, problem := range p.Problems {
		known.addProblem(setting(problem.Path), problem.Message)
		problem.Message = shorter(problem.Message, setting(problem.Path), faults)
		tell(Error, problem)
	}
	if !p.Known || !p.Enabled {
		return
	}
	for _, at := range p.Misspelt {
		tell(Error, at)
		known.add(setting(at.Path))
	}
	for _, path := range slices.Sorted(maps.Keys(p.References)) {
		tell(c.unresolved(path, p.References[path], faults), p.At(path, c.reference(p.References[path])))
		known.add(path)
	}
	later := known
	for _, f := range faults {
		if !known.has(f.path) && !slices.Contains(later, f.whole()) {
			tell(Error, c.locate(p, f))
			later = append(later, f.whole())
		}
	}
	c.largest = max(c.largest, spec.MaxBodyBytes)
	c.inQuery = c.inQuery || secretInQuery(&spec)
	c.policy(p, &spec, tell)
	c.stored(p, &spec)
	c.sealed.add(p, &spec)
}

// secretInQuery says whether a scheme that may be used has the secret itself in the URL.
func secretInQuery(s *settings.Spec) bool {
	row, err := s.Row()
	if err != nil {
		return false // which is a fault of its own
	}
	for i := range row.Schemes {
		scheme := &row.Schemes[i]
		if scheme.ShowsSecret() && strings.HasPrefix(scheme.Signature, "query:") && (s.Verify.Scheme == "" || s.Verify.Scheme == scheme.Name) {
			return true
		}
	}
	return false
}

// setting is the path of a setting within the config of its plugin.
func setting(path string) string {
	if _, rest, ok := strings.Cut(path, ".config."); ok {
		return rest
	}
	if strings.HasSuffix(path, ".config") {
		return ""
	}
	return path
}

// maxChoices is how long a list of what is possible may be, in bytes.
const maxChoices = 200

var meant = regexp.MustCompile(`did you mean (\S+)\?$`)

// shorter leaves a long list of names out, and says which may be meant: the plugin's own
// fault of the setting knows.
func shorter(message, path string, faults []settingFault) string {
	if len(message) <= maxChoices || !strings.HasPrefix(message, "expected one of: ") {
		return message
	}
	message = "there is no such value"
	if strings.HasSuffix(path, "provider") {
		message = "there is no such provider; webhookctl providers names all"
	}
	for _, f := range faults {
		if m := meant.FindStringSubmatch(f.text); m != nil && f.path == path {
			message += " (did you mean " + m[1] + "?)"
		}
	}
	return message
}

// A settingFault is a line of an error: the path of a setting, and what is wrong there.
type settingFault struct{ path, text string }

func (f settingFault) whole() string { return f.path + ": " + f.text }

var settingPath = regexp.MustCompile(`^[a-z][a-z0-9_]*(\[\d+\]|\.[A-Za-z0-9_-]+)*$`)

func splitFaults(err error) []settingFault {
	if err == nil {
		return nil
	}
	var all []settingFault
	for _, line := range config.Lines(err) {
		text := strings.ReplaceAll(line.Error(), "\n", "; ")
		path, rest, ok := strings.Cut(text, ": ")
		if !ok || !settingPath.MatchString(path) {
			path, rest = "", text
		}
		if path == "config" {
			path = ""
		}
		all = append(all, settingFault{path, rest})
	}
	return all
}

var named = regexp.MustCompile(`\{[^{}]+\}|"([^"]+)"`)

// locate finds the line of a fault: that of its setting, and within a custom row that of
// the text which it repeats.
func (c *checker) locate(p *local.Inspected, f settingFault) declarative.Problem {
	if strings.HasPrefix(f.path, "custom") {
		if m := named.FindStringSubmatch(f.text); m != nil {
			part := m[0]
			if m[1] != "" {
				part = m[1]
			}
			return p.AtText(f.path, part, f.text)
		}
	}
	return p.At(f.path, f.text)
}

// paths are settings that something is wrong with.
type paths []string

func (p *paths) add(path string) { *p = append(*p, path) }

var quoted = regexp.MustCompile(`'([a-z_.]+)'`)

// addProblem adds the setting that Kong objects to. A fault between several settings of a
// record is one of those and of the record itself, and not of all that is in it.
func (p *paths) addProblem(path, message string) {
	if !strings.Contains(message, " these fields must be ") {
		p.add(path)
		return
	}
	p.add("=" + path)
	for _, m := range quoted.FindAllStringSubmatch(message, -1) {
		p.add(strings.TrimPrefix(path+"."+m[1], "."))
	}
}

// has reports whether path is one of p, is within one or holds one.
func (p paths) has(path string) bool {
	return slices.ContainsFunc(p, func(known string) bool {
		return known == path || known == "="+path || path != "" && known != "" && (within(path, known) || within(known, path))
	})
}

func within(path, outer string) bool {
	rest, ok := strings.CutPrefix(path, outer)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// unresolved says how bad a reference to nothing is: a setting that may be empty, or one
// of several secrets, is left out with an alarm.
func (c *checker) unresolved(path string, err error, faults []settingFault) string {
	needed := slices.ContainsFunc(faults, func(f settingFault) bool {
		rest, ok := strings.CutPrefix(path, f.path)
		ofList := ok && (strings.HasPrefix(rest, "[") || strings.HasSuffix(f.path, "]"))
		return within(f.path, path) || ofList
	})
	if !needed || c.AllowUnset && errors.Is(err, vault.ErrUnset) {
		return Warning
	}
	return Error
}

// reference says what is wrong with a reference, and which variable may be meant.
func (c *checker) reference(err error) string {
	text := err.Error()
	if !errors.Is(err, vault.ErrUnset) {
		return text + "; the edge gets an empty text"
	}
	name := text[strings.LastIndex(text, " ")+1:]
	for _, entry := range os.Environ() {
		other, _, _ := strings.Cut(entry, "=")
		if _, set := c.Env(other); set && levenshtein.ComputeDistance(name, other) <= 2 {
			return fmt.Sprintf("%s (did you mean %s, which is set?)", text, other)
		}
	}
	return text
}

// policy says what is wrong with the directories that a plugin's policies are in.
func (c *checker) policy(p *local.Inspected, spec *settings.Spec, tell func(string, declarative.Problem)) {
	for _, d := range []struct{ field, dir string }{
		{"directory", spec.Policy.Directory}, {"candidate.directory", spec.Policy.Candidate.Directory},
	} {
		if d.dir == "" {
			continue
		}
		at := "policy." + d.field
		if p.Name == "webhook-policy" {
			at = d.field
		}
		o := author.CheckOptions{Options: spec.Policy.Compiled(), Streams: c.subjects(&spec.Config)}
		if _, err := o.Entry(); err != nil {
			return // the decision's own fault is told
		}
		found, err := author.Check(d.dir, o)
		if err != nil {
			tell(Error, p.At(at, err.Error()))
			continue
		}
		for _, f := range found {
			switch {
			case f.Warning: // webhookctl policy check tells of traps and forms
			case f.Row == 0:
				tell(Error, p.At(at, f.Message))
			default:
				tell(Error, declarative.Problem{File: f.File, Pos: declarative.Pos{Line: f.Row, Column: 1}, Message: f.Message})
			}
		}
	}
}

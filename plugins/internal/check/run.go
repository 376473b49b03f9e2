// Package check says what is wrong with a kong.yml, with what the file names and with the
// kong.conf beside it, before a Kong loads any of them. It builds every plugin as the edge
// does, but for what connects to something: nothing is dialled.
//
// It says nothing of what only a running installation shows, such as streams as they are at
// the broker.
package check

import (
	"cmp"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"webhookedge/kong/local"
	"webhookedge/kong/local/declarative"
	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/cores"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/provider/catalogue"
)

// Options say what is looked at.
type Options struct {
	File string // the kong.yml
	// Conf is the kong.conf; "" is the one beside File, if there is one.
	Conf string
	// NoConf leaves kong.conf out.
	NoConf bool
	// Streams is the file of streams of routes that name none; "" is the streams.yml
	// beside File, if there is one.
	Streams string
	// AllowUnset makes warnings of references to variables that are not set.
	AllowUnset bool
	// Env looks a variable up; nil is os.LookupEnv.
	Env func(name string) (string, bool)
}

// The values of Finding.Severity. An error is refused by Kong, or has every delivery of a
// route refused, or loses what a route should store.
const (
	Error   = "error"
	Warning = "warning"
)

// Finding is one thing that is wrong. It holds no secret.
type Finding struct {
	Severity string   `json:"severity"`
	File     string   `json:"file"`
	Line     int      `json:"line,omitempty"` // from 1; 0 is the file as a whole
	Column   int      `json:"column,omitempty"`
	Routes   []string `json:"routes,omitempty"` // whom it concerns, by their names
	Plugin   string   `json:"plugin,omitempty"`
	Path     string   `json:"path,omitempty"` // of the setting
	Message  string   `json:"message"`
}

// Report is all that was found, in the order of files and lines.
type Report struct {
	File        string
	Routes      int
	ConfChecked bool
	Findings    []Finding
}

// Count returns the numbers of errors and of warnings.
func (r *Report) Count() (errs, warnings int) {
	for i := range r.Findings {
		if r.Findings[i].Severity == Error {
			errs++
		} else {
			warnings++
		}
	}
	return errs, warnings
}

// checker gathers findings.
type checker struct {
	Options
	*Report
	process *chain.Process
	streams streamFile // of routes that name none
	stores  []store
	largest int  // max_body_bytes of all plugins
	inQuery bool // a sender has its secret in the query
	sealed  sealed
}

// Run looks at everything. Its error is one of files that cannot be read at all, which is
// no finding.
func Run(o Options) (*Report, error) {
	if o.Env == nil {
		o.Env = os.LookupEnv
	}
	text, err := os.ReadFile(o.File)
	if err != nil {
		return nil, err
	}
	c := &checker{Options: o, Report: &Report{File: o.File}}
	if c.streams, err = c.openStreams(); err != nil {
		return nil, err
	}
	if c.process, err = open(); err != nil {
		return nil, err
	}
	defer c.process.Close()
	schemas, err := chain.Schemas()
	if err != nil {
		return nil, err
	}
	in, err := local.Inspect(o.File, text, schemas, o.Env)
	if err != nil {
		return nil, err
	}
	c.Routes = len(in.Routes)
	for _, p := range in.Problems {
		c.add(Error, p, nil, "")
	}
	for i := range in.Plugins {
		c.plugin(&in.Plugins[i])
	}
	c.storeFaults()
	c.sealedFaults()
	if !o.NoConf {
		if err := c.conf(in); err != nil {
			return nil, err
		}
	}
	c.sort()
	return c.Report, nil
}

// open makes a process whose plugins log and count for nobody.
func open() (*chain.Process, error) {
	log := slog.New(slog.DiscardHandler)
	metrics, err := telemetry.NewMetrics(pluginserver.Version(), catalogue.Names(), chain.Stages())
	if err != nil {
		return nil, err
	}
	return chain.Open(pluginserver.Env{
		Logger: log, Metrics: metrics, Checks: telemetry.NewServer(metrics, log), Now: time.Now, Cores: cores.Share(),
	}, "webhookctl-check")
}

func (c *checker) add(severity string, p declarative.Problem, routes []string, plugin string) {
	c.Findings = append(c.Findings, Finding{
		Severity: severity, File: p.File, Line: p.Line, Column: p.Column, Routes: routes, Plugin: plugin, Path: p.Path, Message: p.Message,
	})
}

// sort orders findings by place, kong.yml first. What several routes share, as by an alias
// of YAML, is one finding.
func (c *checker) sort() {
	first := func(f *Finding) int {
		if f.File == c.Options.File {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(c.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(first(&a), first(&b)), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Message, b.Message))
	})
	var out []Finding
	for _, f := range c.Findings {
		if n := len(out) - 1; n >= 0 && out[n].place() == f.place() && out[n].Message == f.Message {
			out[n].Routes = append(out[n].Routes, f.Routes...)
			continue
		}
		f.Routes = slices.Clone(f.Routes)
		out = append(out, f)
	}
	c.Findings = out
}

// beside is a file in the directory of kong.yml, "" where there is none.
func (c *checker) beside(name string) string {
	path := filepath.Join(filepath.Dir(c.Options.File), name)
	if info, err := os.Stat(path); err != nil || info.IsDir() {
		return ""
	}
	return path
}

// Package health says how the parts of an installation are: what NATS answers, what the
// plugins' metrics tell and what is wrong with the kong.yml. Its thresholds are those of
// kong/observability/alerts.yml.
package health

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
)

// The values of api.Check.Area, in the order of the checks.
const (
	areaBroker     = "broker"
	areaJournal    = "journal"
	areaPolicy     = "policy"
	areaAddresses  = "addresses"
	areaSecrets    = "secrets"
	areaProviders  = "providers"
	areaQuarantine = "quarantine"
	areaProcess    = "process"
	areaConfig     = "config"
)

// maxChecks bounds those of an area: the worst are shown.
const maxChecks = 50

// Reader looks at an installation. It is safe for concurrent use.
type Reader struct {
	site   *site.Site
	now    func() time.Time
	answer site.Cache[*api.Health]

	// What follows is used by one question at a time.
	scraper scraper
	files   files
	rises   rises
}

// New returns a Reader of an installation.
func New(s *site.Site) *Reader {
	return &Reader{site: s, now: time.Now, scraper: newScraper(s.Metrics), rises: rises{}}
}

// Health returns the checks, area by area, the worst first.
func (r *Reader) Health(ctx context.Context) (*api.Health, error) {
	return r.answer.Get(ctx, func(ctx context.Context) (*api.Health, error) { return r.ask(ctx), nil })
}

func (r *Reader) ask(ctx context.Context) *api.Health {
	now := r.now()
	r.files.read(r.site, now)
	var answers broker
	var m *metrics
	var wait sync.WaitGroup
	wait.Go(func() { answers = askBroker(ctx, r.site, &r.files) })
	wait.Go(func() { m = r.scraper.scrape(ctx) })
	wait.Go(func() { r.files.check(r.site, now) })
	wait.Wait()
	l := look{metrics: m, files: &r.files, rises: r.rises, now: now}
	checks := answers.checks(r.site, &r.files)
	for _, area := range []func(*look) []api.Check{connections, journal, policy, addresses, secrets, providers, kept, process} {
		checks = append(checks, area(&l)...)
	}
	checks = append(checks, r.files.checks()...)
	return &api.Health{Checks: arrange(checks), At: now}
}

// look is what checks look at.
type look struct {
	*metrics
	files *files
	rises rises
	now   time.Time
}

// arrange orders checks by area and state, and leaves out those that are too many.
func arrange(all []api.Check) []api.Check {
	areas := []string{areaBroker, areaJournal, areaPolicy, areaAddresses, areaSecrets, areaProviders, areaQuarantine, areaProcess, areaConfig}
	states := []string{api.Bad, api.Warn, api.Unknown, api.Good}
	slices.SortStableFunc(all, func(a, b api.Check) int {
		return cmp.Or(
			cmp.Compare(slices.Index(areas, a.Area), slices.Index(areas, b.Area)),
			cmp.Compare(slices.Index(states, a.State), slices.Index(states, b.State)),
		)
	})
	out := []api.Check{}
	left := map[string]int{}
	shown := map[string]int{}
	for _, c := range all {
		if shown[c.Area]++; shown[c.Area] > maxChecks {
			left[c.Area]++
			continue
		}
		out = append(out, c)
	}
	for _, area := range areas {
		if n := left[area]; n > 0 {
			out = append(out, api.Check{Area: area, Name: "more", State: api.Unknown, Text: fmt.Sprintf("%d more are not shown.", n)})
		}
	}
	return out
}

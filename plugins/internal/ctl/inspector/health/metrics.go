package health

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// Bounds of a question for metrics.
const (
	scrapeTimeout = 2 * time.Second
	maxScrape     = 2 << 20 // bytes of an answer
	maxSources    = 16      // URLs that are asked
)

const namespace = "webhook_edge_"

// scraper asks plugin processes for their metrics.
type scraper struct {
	urls   []string
	client *http.Client
}

// newScraper returns a scraper that goes where it was told to, by no proxy and along no
// redirect.
func newScraper(urls []string) scraper {
	return scraper{urls: urls[:min(len(urls), maxSources)], client: &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: 1, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 64 << 10},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// metrics are those of all processes together.
type metrics struct {
	families map[string][]*dto.Metric
	sources  int
	faults   []string // of processes that could not be asked
}

func (s *scraper) scrape(ctx context.Context) *metrics {
	ctx, cancel := context.WithTimeout(ctx, scrapeTimeout)
	defer cancel()
	m := &metrics{families: map[string][]*dto.Metric{}, sources: len(s.urls)}
	var mu sync.Mutex
	var wait sync.WaitGroup
	for _, address := range s.urls {
		wait.Go(func() {
			families, err := s.one(ctx, address)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				m.faults = append(m.faults, err.Error())
				return
			}
			for name, f := range families {
				if strings.HasPrefix(name, namespace) || name == "process_start_time_seconds" {
					m.families[name] = append(m.families[name], f.GetMetric()...)
				}
			}
		})
	}
	wait.Wait()
	slices.Sort(m.faults)
	return m
}

// one asks a process. No error has more of the URL than its host: the rest may hold a
// password.
func (s *scraper) one(ctx context.Context, address string) (map[string]*dto.MetricFamily, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, errors.New("A URL of metrics is none.") //nolint:staticcheck,revive // a sentence of the page
	}
	fault := func(what string) error { return fmt.Errorf("The metrics at %s %s.", u.Host, what) } //nolint:staticcheck,revive // as above
	if u.Path == "" {
		u.Path = "/metrics"
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return nil, fault("have a URL that cannot be called")
	}
	req.Header.Set("Accept", "text/plain;version=0.0.4")
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, fault("do not answer")
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	if resp.StatusCode != http.StatusOK {
		return nil, fault(fmt.Sprintf("answer with status %d", resp.StatusCode))
	}
	body := &io.LimitedReader{R: resp.Body, N: maxScrape + 1}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(body)
	switch {
	case body.N == 0:
		return nil, fault("are larger than 2 MiB")
	case err != nil:
		return nil, fault("are not in the text form of Prometheus")
	}
	return families, nil
}

// series are the values of a metric by the values of some of its labels, folded where
// several have the same ones. Only those with the label values of only count.
func (m *metrics) series(name string, fold func(a, b float64) float64, only map[string]string, labels ...string) map[string]float64 {
	out := map[string]float64{}
	for _, one := range m.families[namespace+name] {
		is := map[string]string{}
		for _, pair := range one.GetLabel() {
			is[pair.GetName()] = pair.GetValue()
		}
		if !matches(is, only) {
			continue
		}
		var parts []string
		for _, label := range labels {
			parts = append(parts, is[label])
		}
		key, value := strings.Join(parts, separator), valueOf(one)
		if math.IsNaN(value) {
			continue
		}
		if before, ok := out[key]; ok {
			value = fold(before, value)
		}
		out[key] = value
	}
	return out
}

// separator is in no text that Prometheus's text form can hold.
const separator = "\xff"

func matches(is, only map[string]string) bool {
	for label, value := range only {
		if is[label] != value {
			return false
		}
	}
	return true
}

func valueOf(m *dto.Metric) float64 {
	switch {
	case m.Gauge != nil:
		return m.GetGauge().GetValue()
	case m.Counter != nil:
		return m.GetCounter().GetValue()
	case m.Untyped != nil:
		return m.GetUntyped().GetValue()
	}
	return math.NaN()
}

func add(a, b float64) float64 { return a + b }

// sum is that of all series; ok is false where there is none.
func (m *metrics) sum(name string, only map[string]string) (total float64, ok bool) {
	total, ok = m.series(name, add, only)[""]
	return total, ok
}

// most is the largest of all series, 0 where there is none.
func (m *metrics) most(name string) float64 {
	return m.series(name, math.Max, nil)[""]
}

// parts are the keys of series in their order, each with its labels' values.
func parts(series map[string]float64) (all [][]string) {
	for _, key := range slices.Sorted(maps.Keys(series)) {
		all = append(all, strings.Split(key, separator))
	}
	return all
}

// absent says why nothing is known, "" where metrics are there.
func (m *metrics) absent() (text, do string) {
	switch {
	case m.sources == 0:
		return "No metrics of a plugin process are known here.", "Name them with --metrics http://host:9542/metrics; the process serves them with -telemetry-address."
	case len(m.families) == 0 && len(m.faults) > 0:
		return m.faults[0], "Is the plugin process up, and can this machine reach the address?"
	case len(m.families) == 0:
		return "What is at the address of the metrics is no plugin process.", "Give the address that -telemetry-address of the process names."
	}
	return "", ""
}

// started is when the oldest process began; zero where none says.
func (m *metrics) started() time.Time {
	oldest := math.Inf(1)
	for _, one := range m.families["process_start_time_seconds"] {
		if v := valueOf(one); v > 0 {
			oldest = min(oldest, v)
		}
	}
	if math.IsInf(oldest, 1) {
		return time.Time{}
	}
	return time.Unix(int64(oldest), 0)
}

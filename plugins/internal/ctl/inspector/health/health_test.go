package health

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/natstest"
)

func away(context.Context) (jetstream.JetStream, error) { return nil, errors.New("away") }

// exposed serves metrics without their common prefix.
func exposed(t *testing.T, lines ...string) string {
	t.Helper()
	var text strings.Builder
	for _, line := range lines {
		if !strings.HasPrefix(line, "process_") {
			line = namespace + line
		}
		text.WriteString(line + "\n")
	}
	return serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text.String()) })
}

func serve(t *testing.T, answer http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	return s.URL
}

func ask(t *testing.T, r *Reader) []api.Check {
	t.Helper()
	h, err := r.Health(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range h.Checks {
		if c.Text == "" || c.Name == "" || c.State != api.Good && c.State != api.Unknown && c.Do == "" && c.Area != areaConfig {
			t.Errorf("a check says too little: %+v", c)
		}
	}
	return h.Checks
}

// find returns the check of an area and a name.
func find(all []api.Check, area, name string) api.Check {
	for _, c := range all {
		if c.Area == area && c.Name == name {
			return c
		}
	}
	return api.Check{}
}

func TestHealth_ofMetrics(t *testing.T) {
	long := fmt.Sprintf("process_start_time_seconds %d", time.Now().Add(-72*time.Hour).Unix())
	tests := map[string]struct {
		lines       []string
		area, name  string
		state, text string
	}{
		"connections that are up":   {[]string{`publish_connections{state="up"} 2`}, areaBroker, "plugins", api.Good, "2 connections"},
		"a connection that is down": {[]string{`publish_connections{state="up"} 2`, `publish_connections{state="down"} 1`}, areaBroker, "plugins", api.Bad, "down"},
		"a stream that is unfit":    {[]string{`publish_connections{state="unfit"} 1`}, areaBroker, "plugins", api.Bad, "would not take"},
		"an open breaker":           {[]string{`publish_connections{state="up"} 1`, `publish_breakers_open 1`}, areaBroker, "plugins", api.Warn, "left alone"},
		"no connection yet":         {[]string{`build_info 1`}, areaBroker, "plugins", api.Unknown, "was called"},
		"acks that were lost":       {[]string{`publish_connections{state="up"} 1`, `publish_stream_went_back_total 1`}, areaBroker, "lost acks", api.Warn, "1 time"},

		"a journal without events": {[]string{`publish_journals{state="open"} 1`, `publish_journal_bytes 2048`}, areaJournal, "journal", api.Good, "2KiB"},
		"events that wait":         {[]string{`publish_journals{state="open"} 1`, `publish_journal_events 3`, `publish_journal_oldest_seconds 600`}, areaJournal, "journal", api.Good, "3 events wait"},
		"events that wait long":    {[]string{`publish_journals{state="open"} 1`, `publish_journal_events 1`, `publish_journal_oldest_seconds 601`}, areaJournal, "journal", api.Warn, "10 minutes"},
		"a full journal":           {[]string{`publish_journals{state="full"} 1`}, areaJournal, "journal", api.Bad, "no more"},
		"a journal that failed":    {[]string{`publish_journals{state="failed"} 1`}, areaJournal, "journal", api.Bad, "cannot be used"},
		"parked events":            {[]string{`publish_journals{state="open"} 1`, `publish_journal_parked_events 2`}, areaJournal, "parked", api.Warn, "2 events"},
		"no journal":               {[]string{`publish_journals{state="open"} 0`}, areaJournal, "journal", api.Good, "no journal"},
		"no journal and no sync":   {[]string{`publish_journals{state="open"} 0`, `publish_acks_total{ack="broker-memory"} 1`}, areaJournal, "journal", api.Warn, "power cut"},
		"no publishing route":      {[]string{`build_info 1`}, areaJournal, "journal", api.Unknown, "was called"},

		"a loaded policy":        {[]string{`policy_generation{source="/p"} 2`, `policy_age_seconds{source="/p"} 7200`, `policy_stale_seconds{source="/p"} 900`}, areaPolicy, "/p", api.Good, "2 hours ago"},
		"a policy of old":        {[]string{`policy_generation{source="/p"} 2`, `policy_stale_seconds{source="/p"} 901`}, areaPolicy, "/p", api.Warn, "15 minutes"},
		"no policy at all":       {[]string{`policy_generation{source="/p"} 0`}, areaPolicy, "/p", api.Bad, "never"},
		"no route with a policy": {[]string{`build_info 1`}, areaPolicy, "policy", api.Unknown, "was called"},
		"a candidate that agrees": {
			[]string{`policy_generation{source="/p"} 1`, `policy_candidate_total{provider="x",result="same"} 4`}, areaPolicy, "candidate", api.Good, "4 events",
		},
		"a candidate that differs": {
			[]string{`policy_generation{source="/p"} 1`, `policy_candidate_total{provider="x",result="same"} 4`, `policy_candidate_total{provider="y",result="different"} 2`},
			areaPolicy, "candidate", api.Warn, "Of 6 events the candidate decided 2 otherwise",
		},

		"a list of today":         {[]string{`ipallow_list_age_seconds{list="github"} 60`, `ipallow_list_prefixes{list="github"} 9`}, areaAddresses, "github", api.Good, "9 networks"},
		"a list that grows old":   {[]string{`ipallow_list_age_seconds{list="github"} 604801`, `ipallow_list_prefixes{list="github"} 9`, `ipallow_refreshes_total{list="github",result="failed"} 1`}, areaAddresses, "github", api.Warn, "7 days"},
		"a list that is shipped":  {[]string{`ipallow_list_age_seconds{list="paystack"} 9.2e9`, `ipallow_list_prefixes{list="paystack"} 3`}, areaAddresses, "paystack", api.Good, "shipped"},
		"an empty list":           {[]string{`ipallow_list_age_seconds{list="github"} 60`, `ipallow_list_prefixes{list="github"} 0`}, areaAddresses, "github", api.Bad, "Nobody"},
		"no list":                 {[]string{`build_info 1`}, areaAddresses, "lists", api.Unknown, "was called"},
		"a secret in use":         {[]string{long, `verify_secret_matches_total{provider="github",secret="1"} 5`}, areaSecrets, "github 1", api.Good, "5 deliveries since the process started, 3 days ago"},
		"a secret never used":     {[]string{long, `verify_secret_matches_total{provider="github",secret="1"} 0`}, areaSecrets, "github 1", api.Warn, "proved nothing"},
		"a secret not used yet":   {[]string{`verify_secret_matches_total{provider="github",secret="1"} 0`}, areaSecrets, "github 1", api.Unknown, "proved nothing"},
		"a secret without value":  {[]string{`missing_secrets{provider="github"} 1`, `verify_secret_matches_total{provider="github",secret="1"} 0`}, areaSecrets, "github", api.Warn, "1 secret has no value"},
		"no secret":               {[]string{`build_info 1`}, areaSecrets, "secrets", api.Unknown, "was called"},
		"a fine endpoint":         {[]string{`endpoint_budget_spent_ratio{provider="github",route="a"} 0.49`}, areaProviders, "github a", api.Good, "49 %"},
		"a budget half spent":     {[]string{`endpoint_budget_spent_ratio{provider="github",route="a"} 0.5`}, areaProviders, "github a", api.Warn, "50 %"},
		"a budget that is spent":  {[]string{`endpoint_budget_spent_ratio{provider="github",route="a"} 1`}, areaProviders, "github a", api.Bad, "switched"},
		"no budget":               {[]string{`build_info 1`}, areaProviders, "providers", api.Unknown, "in figures"},
		"kept deliveries":         {[]string{`quarantine_records_total{kind="refused",result="stored"} 1`}, areaQuarantine, "records", api.Good, "1 delivery was kept"},
		"nothing in a quarantine": {[]string{`build_info 1`}, areaQuarantine, "records", api.Unknown, "was called"},
		"a process":               {[]string{`build_info{version="x"} 1`}, areaProcess, "metrics", api.Good, "1 plugin process"},
		"misconfigured routes":    {[]string{`build_info 1`, `misconfigured_routes 2`}, areaProcess, "routes", api.Bad, "2 routes refuse"},
		"another program":         {[]string{`nothing_of_ours 1`}, areaProcess, "metrics", api.Bad, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := find(ask(t, New(&site.Site{JetStream: away, Metrics: []string{exposed(t, tt.lines...)}})), tt.area, tt.name)
			if got.State != tt.state || !strings.Contains(got.Text, tt.text) {
				t.Errorf("%+v, want %s", got, tt.state)
			}
		})
	}
}

func TestHealth_withoutMetricsSaysWhy(t *testing.T) {
	slow := make(chan struct{})
	defer close(slow)
	tests := map[string]struct {
		urls        []string
		state, text string
	}{
		"nobody named any":        {nil, api.Unknown, "No metrics"},
		"a process that is down":  {[]string{"http://u:hunter2@127.0.0.1:1"}, api.Bad, "The metrics at 127.0.0.1:1 do not answer."},
		"an answer of 500":        {[]string{serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })}, api.Bad, "status 500"},
		"a redirect":              {[]string{serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) })}, api.Bad, "status 302"},
		"what is no metrics":      {[]string{serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") })}, api.Bad, "not in the text form"},
		"more than is read":       {[]string{serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "# "+strings.Repeat("x\n# ", maxScrape)) })}, api.Bad, "larger"},
		"what is no URL":          {[]string{"127.0.0.1:9542"}, api.Bad, "A URL of metrics is none."},
		"a process that is stuck": {[]string{serve(t, func(http.ResponseWriter, *http.Request) { <-slow })}, api.Bad, "do not answer"},
	}
	for name, tt := range tests {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		r := New(&site.Site{JetStream: away, Metrics: tt.urls})
		checks := arrange(process(&look{metrics: r.scraper.scrape(ctx), files: &r.files, rises: r.rises, now: time.Now()}))
		cancel()
		c := find(checks, areaProcess, "metrics")
		if c.State != tt.state || !strings.Contains(c.Text, tt.text) || strings.Contains(c.Text+c.Do, "hunter2") {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

func TestHealth_sumsProcesses(t *testing.T) {
	r := New(&site.Site{JetStream: away, Metrics: []string{
		exposed(t, `build_info 1`, `policy_generation{source="/p"} 3`), exposed(t, `build_info 1`, `policy_generation{source="/p"} 0`), "http://127.0.0.1:1/metrics",
	}})
	checks := ask(t, r)
	if c := find(checks, areaPolicy, "/p"); c.State != api.Bad {
		t.Errorf("the worst of two processes is hidden: %+v", c)
	}
	if c := find(checks, areaProcess, "metrics"); c.State != api.Warn || !strings.Contains(c.Text, "127.0.0.1:1") {
		t.Errorf("%+v", c)
	}
}

// counters are metrics that change from scrape to scrape.
func TestHealth_tellsWhatRisesWhileSomebodyLooks(t *testing.T) {
	n := 1
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "webhook_edge_verify_secret_matches_total{provider=\"github\",secret=\"2\"} %d\n"+
			"webhook_edge_quarantine_records_total{result=\"failed\"} %d\nwebhook_edge_ipallow_list_age_seconds{list=\"github\"} 1\nwebhook_edge_ipallow_list_prefixes{list=\"github\"} 1\n"+
			"webhook_edge_ipallow_stale_range_suspected_total{provider=\"github\"} %d\nwebhook_edge_ipallow_refreshes_total{list=\"github\",result=\"refused\"} %d\n"+
			"webhook_edge_build_info 1\nwebhook_edge_log_lines_dropped_total %d\n", n, n, n, n, n)
		n++
	})
	r := New(&site.Site{JetStream: away, Metrics: []string{url}})
	r.files = files{known: true, secrets: map[string]map[string]int{"github": {"1": 0, "2": 1}}}
	first, second := r.ask(t.Context()).Checks, r.ask(t.Context()).Checks
	for _, of := range [][2]string{{areaSecrets, "github 2"}, {areaQuarantine, "records"}, {areaAddresses, "github"}, {areaProcess, "log"}} {
		before, after := find(first, of[0], of[1]), find(second, of[0], of[1])
		if before.State == api.Warn || after.State != api.Warn {
			t.Errorf("%+v, then %+v", before, after)
		}
	}
	if c := find(second, areaSecrets, "github 2"); c.Since == nil || !strings.Contains(c.Text, "still in use") {
		t.Errorf("%+v", c)
	}
}

const config = `_format_version: "3.0"
routes:
  - name: github
    paths: [/github]
    plugins:
      - name: webhook-edge
        config:
          provider: github
          verify: {secrets: [{value: "{vault://env/octo-new}", id: new}, {value: "{vault://env/octo-old}"}]}
`

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kong.yml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func secretsOf(name string) (string, bool) { return name + "-of-the-test-0123456789", true }

func TestHealth_ofTheConfig(t *testing.T) {
	tests := map[string]struct {
		mode, text, state, name string
		env                     func(string) (string, bool)
	}{
		"a fine file":                  {site.Local, config, api.Good, "kong.yml", secretsOf},
		"an unset secret of elsewhere": {site.Inspect, config, api.Warn, "kong.yml:9:31", func(string) (string, bool) { return "", false }},
		"an unset secret":              {site.Local, config, api.Bad, "kong.yml:9:31", func(string) (string, bool) { return "", false }},
		"a provider that is none":      {site.Local, strings.Replace(config, "provider: github", "provider: gitbub", 1), api.Bad, "kong.yml:8:11", secretsOf},
		"no YAML":                      {site.Local, "routes: [", api.Bad, "kong.yml", secretsOf},
	}
	for name, tt := range tests {
		checks := ask(t, New(&site.Site{Mode: tt.mode, JetStream: away, Config: write(t, tt.text), Env: tt.env}))
		if c := find(checks, areaConfig, tt.name); c.State != tt.state || strings.Contains(c.Text, "0123456789") {
			t.Errorf("%s: %+v of\n%+v", name, c, checks)
		}
	}
	if c := find(ask(t, New(&site.Site{JetStream: away})), areaConfig, "kong.yml"); c.State != api.Unknown {
		t.Errorf("%+v", c)
	}
}

func TestFiles_knowThePlacesOfSecrets(t *testing.T) {
	var f files
	f.read(&site.Site{Config: write(t, config)}, time.Now())
	if got := fmt.Sprint(f.secrets, f.prefixes); got != "map[github:map[2:1 new:0]] map[WEBHOOKS:[webhooks]]" {
		t.Error(got)
	}
}

func TestHealth_ofStreams(t *testing.T) {
	js := natstest.JetStream(t)
	s := &site.Site{
		JetStream: func(context.Context) (jetstream.JetStream, error) { return js, nil }, Config: write(t, config),
		Streams: func() []string { return []string{"FULL", "HALF"} }, Kept: site.Place{Stream: "KEPT", Prefix: "kept"}, Dead: site.Place{Stream: "DEAD"},
	}
	for name, subject := range map[string]string{"FULL": "full.>", "HALF": "half.>", "KEPT": "kept.>"} {
		c := jetstream.StreamConfig{Name: name, Subjects: []string{subject}}
		if name != "KEPT" {
			c.MaxMsgs, c.Discard = 10, jetstream.DiscardNew
		}
		if _, err := js.CreateStream(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	publish := func(n int, subject string) {
		for range n {
			if _, err := js.Publish(t.Context(), subject, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	publish(10, "full.x")
	publish(8, "half.x")
	publish(1, "kept.github.signature_invalid")
	checks := New(s).ask(t.Context()).Checks
	for _, want := range []struct{ area, name, state, text string }{
		{areaBroker, "connection", api.Good, ""},
		{areaBroker, "JetStream", api.Good, ""},
		{areaBroker, "FULL", api.Bad, "100 % of 10 messages"},
		{areaBroker, "HALF", api.Warn, "80 % of 10 messages"},
		{areaBroker, "KEPT", api.Good, "1 message, "},
		{areaBroker, "DEAD", api.Good, "not there"},
		{areaBroker, "WEBHOOKS", api.Bad, "not there"}, // of the kong.yml
		{areaQuarantine, "KEPT", api.Good, "1 message of refused"},
	} {
		if c := find(checks, want.area, want.name); c.State != want.state || !strings.Contains(c.Text, want.text) {
			t.Errorf("%+v, want %+v", c, want)
		}
	}
	publish(2, "kept.github.quarantined")
	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "WEBHOOKS", Subjects: []string{"webhooks.>"}, Storage: jetstream.MemoryStorage}); err != nil {
		t.Fatal(err)
	}
	checks = New(s).ask(t.Context()).Checks
	if c := find(checks, areaQuarantine, "KEPT"); c.State != api.Warn || !strings.Contains(c.Text, "2 messages") {
		t.Errorf("%+v", c)
	}
	if c := find(checks, areaBroker, "WEBHOOKS"); c.State != api.Bad || !strings.Contains(c.Text, "in memory") {
		t.Errorf("%+v", c)
	}
}

func TestHealth_withoutNATSOneCheckSaysSo(t *testing.T) {
	checks := ask(t, New(&site.Site{JetStream: away, Connected: func() bool { return false }, Streams: func() []string { return []string{"A"} }}))
	if c := find(checks, areaBroker, "connection"); c.State != api.Bad {
		t.Errorf("%+v", c)
	}
	if c := find(checks, areaBroker, "A"); c.Name != "" {
		t.Errorf("%+v", c)
	}
}

func TestArrange_showsTheWorstOfTooMany(t *testing.T) {
	all := []api.Check{{Area: areaConfig, Name: "x"}}
	for range maxChecks {
		all = append(all, api.Check{Area: areaSecrets, Name: "good", State: api.Good})
	}
	all = append(all, api.Check{Area: areaSecrets, Name: "bad", State: api.Bad})
	out := arrange(all)
	if out[0].Name != "bad" || len(out) != maxChecks+2 || out[len(out)-1].Text != "1 more are not shown." {
		t.Error(out[0], len(out))
	}
}

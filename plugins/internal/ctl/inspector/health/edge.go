package health

import (
	"fmt"
	"math"
	"time"

	"webhookedge/plugins/internal/ctl/inspector/api"
)

// unknown is the check of an area whose metrics are not there; text is why, where the
// process has others.
func (l *look) unknown(area, name, metric, text string) []api.Check {
	c := api.Check{Area: area, Name: name, State: api.Unknown, Text: text, Metric: namespace + metric}
	if why, do := l.absent(); why != "" {
		c.Text, c.Do = why, do
	}
	return []api.Check{c}
}

// counter is a total, and whether it rose within a time that somebody looked.
func (l *look) counter(name string, only map[string]string, within time.Duration) (total float64, rose bool) {
	total, ok := l.sum(name, only)
	if !ok {
		return 0, false
	}
	return total, l.rises.rose(name+fmt.Sprint(only), total, l.now, within)
}

func state(value string) map[string]string { return map[string]string{"state": value} }

// connections are those of the plugin processes to NATS.
func connections(l *look) []api.Check {
	const metric = "publish_connections"
	up, _ := l.sum(metric, state("up"))
	down, _ := l.sum(metric, state("down"))
	unfit, _ := l.sum(metric, state("unfit"))
	if up+down+unfit == 0 {
		return l.unknown(areaBroker, "plugins", metric, "No route that publishes was called since the process started.")
	}
	c := api.Check{Area: areaBroker, Name: "plugins", State: api.Good, Metric: namespace + metric, Text: count(up, "connection of the plugins is", "connections of the plugins are") + " up."}
	switch {
	case down > 0:
		c.State, c.Text = api.Bad, count(down, "connection of the plugins is", "connections of the plugins are")+" down."
		c.Do = "Is NATS up, and are its user and password right? The plugins' log has NATS's words. Events wait in the journal where there is one."
	case unfit > 0:
		c.State, c.Text = api.Bad, "The stream would not take the events, or not keep them as a 200 promises."
		c.Do = "webhookctl streams apply makes it as streams.yml says."
	case l.most("publish_breakers_open") > 0:
		c.State, c.Text = api.Warn, "A connection does not answer and is left alone for a moment."
		c.Do = "Look at the load and the disk of NATS."
	}
	return append([]api.Check{c}, lost(l)...)
}

// lost is what NATS forgot although it had acknowledged it.
func lost(l *look) []api.Check {
	total, rose := l.counter("publish_stream_went_back_total", nil, 10*time.Minute)
	if total == 0 {
		return nil
	}
	c := api.Check{Area: areaBroker, Name: "lost acks", State: api.Warn, Metric: namespace + "publish_stream_went_back_total", Text: fmt.Sprintf("The stream ended before what it had acknowledged, %s since the process started.", count(total, "time", "times"))}
	if rose {
		c.State = api.Bad
	}
	c.Do = "A machine of NATS lost power, or somebody removed or restored the stream. A journal publishes again what is missing."
	return []api.Check{c}
}

func journal(l *look) []api.Check {
	const metric = "publish_journals"
	open, _ := l.sum(metric, state("open"))
	failed, _ := l.sum(metric, state("failed"))
	fullOnes, _ := l.sum(metric, state("full"))
	if _, ok := l.sum(metric, nil); !ok {
		return l.unknown(areaJournal, "journal", metric, "No route that publishes was called since the process started.")
	}
	events, _ := l.sum("publish_journal_events", nil)
	size, _ := l.sum("publish_journal_bytes", nil)
	parked, _ := l.sum("publish_journal_parked_events", nil)
	oldest := l.most("publish_journal_oldest_seconds")
	c := api.Check{Area: areaJournal, Name: "journal", State: api.Good, Metric: namespace + metric}
	switch {
	case failed > 0:
		c.State, c.Text = api.Bad, "The directory of a journal cannot be used, so nothing is kept while NATS is down."
		c.Do = "Is the disk full or read-only, and does the directory belong to Kong's user? The log has the error."
	case fullOnes > 0:
		c.State, c.Text = api.Bad, "A journal takes no more events, so senders get 503 while NATS is down."
		c.Do = "Bring NATS back; the journal empties by itself. If NATS is up, see whether the stream is full."
	case open == 0:
		return []api.Check{noJournal(l)}
	case oldest > 600:
		c.State, c.Metric = api.Warn, namespace+"publish_journal_oldest_seconds"
		c.Text = fmt.Sprintf("%s in the journal, the oldest for %s.", count(events, "event waits", "events wait"), span(oldest))
		c.Do = "Is NATS up? Remove no disk of a gateway before its journal is empty."
	case events > 0:
		c.Text = fmt.Sprintf("%s in the journal, the oldest for %s; it takes %s.", count(events, "event waits", "events wait"), span(oldest), bytesOf(size))
	default:
		c.Text = fmt.Sprintf("Nothing waits in the journal; it takes %s.", bytesOf(size))
	}
	all := []api.Check{c}
	if parked > 0 {
		all = append(all, api.Check{
			Area: areaJournal, Name: "parked", State: api.Warn, Metric: namespace + "publish_journal_parked_events",
			Text: fmt.Sprintf("NATS does not take %s of the journal as they are.", count(parked, "event", "events")),
			Do:   "webhookctl journal ls --events says why of each.",
		})
	}
	return all
}

// noJournal is fine where NATS syncs what it acknowledges.
func noJournal(l *look) api.Check {
	c := api.Check{Area: areaJournal, Name: "journal", State: api.Good, Text: "There is no journal: while NATS is down senders get 503.", Metric: namespace + "publish_journals"}
	if memory, _ := l.sum("publish_acks_total", map[string]string{"ack": "broker-memory"}); memory > 0 {
		c.State, c.Metric = api.Warn, namespace+"publish_acks_total"
		c.Text = fmt.Sprintf("There is no journal, and %s answered with 200 that a power cut of NATS's machine could take.", count(memory, "event was", "events were"))
		c.Do = "Set publish.journal.directory, or sync_interval to always at NATS and publish.monitor_url or broker_sync here."
	}
	return c
}

func policy(l *look) []api.Check {
	loaded := l.series("policy_generation", math.Min, nil, "source")
	if len(loaded) == 0 {
		return l.unknown(areaPolicy, "policy", "policy_generation", "No route with a policy was called since the process started.")
	}
	ages := l.series("policy_age_seconds", math.Max, nil, "source")
	stale := l.series("policy_stale_seconds", math.Max, nil, "source")
	var all []api.Check
	for _, part := range parts(loaded) {
		source := part[0]
		c := api.Check{Area: areaPolicy, Name: source, State: api.Good, Metric: namespace + "policy_age_seconds"}
		limit := l.files.maxStale[source]
		switch {
		case loaded[source] == 0:
			c.State, c.Metric, c.Text = api.Bad, namespace+"policy_generation", "The source never gave a policy, so every delivery that it decides about is answered 503."
			c.Do = "webhookctl policy check reads a directory as the edge does; the log says what is wrong."
		case limit > 0 && stale[source] >= limit:
			c.State, c.Metric = api.Bad, namespace+"policy_stale_seconds"
			c.Text = fmt.Sprintf("The source has given no policy for %s, longer than max_stale_seconds allows, so deliveries are answered 503.", span(stale[source]))
			c.Do = "Is the directory or the bundle server there? webhookctl policy check says what is wrong in a directory."
		case stale[source] > 900:
			c.State, c.Metric = api.Warn, namespace+"policy_stale_seconds"
			c.Text = fmt.Sprintf("The source has given no policy for %s; the last good one goes on.", span(stale[source]))
			c.Do = "Is the directory or the bundle server there? webhookctl policy check says what is wrong in a directory."
		default:
			c.Text = fmt.Sprintf("The policy was loaded %s ago, as number %.0f since the process started.", span(ages[source]), loaded[source])
		}
		all = append(all, c)
	}
	return append(all, candidate(l)...)
}

// candidate says how often another version of the policy decides otherwise.
func candidate(l *look) []api.Check {
	const metric = "policy_candidate_total"
	results := l.series(metric, add, nil, "result")
	asked := results["same"] + results["different"] + results["failed"]
	if asked == 0 {
		return nil
	}
	c := api.Check{Area: areaPolicy, Name: "candidate", State: api.Good, Metric: namespace + metric, Text: "The candidate decided " + count(asked, "event", "events") + " as the policy did."}
	if different, failed := results["different"], results["failed"]; different+failed > 0 {
		c.State = api.Warn
		c.Text = fmt.Sprintf("Of %s the candidate decided %.0f otherwise and failed at %.0f.", count(asked, "event", "events"), different, failed)
		c.Do = "Look at a delivery whose decisions differ before the candidate becomes the policy."
	}
	return []api.Check{c}
}

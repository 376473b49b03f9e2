package health

import (
	"cmp"
	"fmt"
	"time"

	"webhookedge/plugins/internal/ctl/inspector/api"
)

// kept is what the quarantine should have kept and did not.
func kept(l *look) []api.Check {
	const metric = "quarantine_records_total"
	results := l.series(metric, add, nil, "result")
	if len(results) == 0 {
		return l.unknown(areaQuarantine, "records", metric, "No route with a quarantine was called since the process started.")
	}
	c := api.Check{Area: areaQuarantine, Name: "records", State: api.Good, Metric: namespace + metric, Text: count(results["stored"], "delivery was", "deliveries were") + " kept since the process started."}
	why := map[string]string{
		"over_budget": "there were more refused deliveries than are worth keeping", "over_share": "one address sends them", "queue_full": "they came too fast",
		"stream_full": "the stream is full", "unreleasable": "nobody could release them", "failed": "NATS does not take them",
	}
	for _, result := range []string{"failed", "stream_full", "unreleasable", "queue_full", "over_share", "over_budget"} {
		n := results[result]
		rose := l.rises.rose(metric+result, n, l.now, 15*time.Minute)
		if n == 0 {
			continue
		}
		if c.Text = fmt.Sprintf("%s not kept since the process started: %s.", count(n, "delivery was", "deliveries were"), why[result]); rose {
			c.State, c.Do = api.Warn, "plugins/quarantine/README.md says what each of these results asks for."
			break
		}
	}
	return []api.Check{c}
}

// process is the plugin process itself.
func process(l *look) []api.Check {
	c := api.Check{Area: areaProcess, Name: "metrics", State: api.Good, Metric: namespace + "build_info"}
	up, ok := l.sum("build_info", nil)
	if !ok {
		all := l.unknown(areaProcess, "metrics", "build_info", "The metrics are not those of a plugin process.")
		if l.sources > 0 {
			all[0].State, all[0].Do = api.Bad, cmp.Or(all[0].Do, "Give the address that -telemetry-address of the process names.")
		}
		return all
	}
	c.Text = count(up, "plugin process tells its", "plugin processes tell their") + " metrics."
	if len(l.faults) > 0 {
		c.State, c.Text = api.Warn, l.faults[0]
		c.Do = "Is that process up, and can this machine reach its address?"
	}
	all := []api.Check{c}
	if n := l.most("misconfigured_routes"); n > 0 {
		all = append(all, api.Check{
			Area: areaProcess, Name: "routes", State: api.Bad, Metric: namespace + "misconfigured_routes",
			Text: count(n, "route refuses", "routes refuse") + " every delivery, since the config cannot be used.",
			Do:   "/readyz of the process names the routes and what is wrong; webhookctl check names it with file and line.",
		})
	}
	if n, rose := l.counter("log_lines_dropped_total", nil, 10*time.Minute); rose {
		all = append(all, api.Check{
			Area: areaProcess, Name: "log", State: api.Warn, Metric: namespace + "log_lines_dropped_total",
			Text: count(n, "line", "lines") + " of the plugin's log were dropped, since nobody read them in time.",
			Do:   "Is a worker of Kong stopped or busy, or the disk of its error log full?",
		})
	}
	return all
}

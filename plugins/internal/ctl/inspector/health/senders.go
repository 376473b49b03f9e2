package health

import (
	"fmt"
	"math"
	"time"

	"webhookedge/plugins/internal/ctl/inspector/api"
)

const (
	week = 7 * 24 * time.Hour
	// inUse is how lately a secret proved something to be one in use.
	inUse = 24 * time.Hour
)

func addresses(l *look) []api.Check {
	ages := l.series("ipallow_list_age_seconds", math.Max, nil, "list")
	if len(ages) == 0 {
		return l.unknown(areaAddresses, "lists", "ipallow_list_age_seconds", "No route with a published list of addresses was called since the process started.")
	}
	sizes := l.series("ipallow_list_prefixes", math.Min, nil, "list")
	fetched := l.series("ipallow_refreshes_total", add, nil, "list")
	refused := l.series("ipallow_refreshes_total", add, map[string]string{"result": "refused"}, "list")
	var all []api.Check
	for _, part := range parts(ages) {
		list := part[0]
		age := ages[list]
		c := api.Check{Area: areaAddresses, Name: list, State: api.Good, Metric: namespace + "ipallow_list_age_seconds"}
		refusedNow := l.rises.rose("ipallow_refreshes_total refused "+list, refused[list], l.now, time.Hour)
		switch {
		case sizes[list] == 0:
			c.State, c.Metric, c.Text = api.Bad, namespace+"ipallow_list_prefixes", "Nobody is on the list, so every delivery that it should allow is refused."
			c.Do = "Let the gateway out to the publisher, set ranges.mirror, put the list into ranges.dir, or set mode observe."
		case refusedNow:
			c.State, c.Metric, c.Text = api.Warn, namespace+"ipallow_refreshes_total", "The list that was published was refused; the last good one goes on."
			c.Do = "The log says why."
		case age > week.Seconds() && fetched[list] > 0:
			c.State, c.Text = api.Warn, "Nobody has confirmed the list for "+span(age)+"."
			c.Do = "Can the gateway reach the publisher, or ranges.mirror? The log has the error of every try."
		case age > week.Seconds():
			c.Text = fmt.Sprintf("%s, as they were shipped; the list is not fetched.", count(sizes[list], "network", "networks"))
			c.Do = "Compare it with the publisher's page now and then."
		default:
			c.Text = fmt.Sprintf("%s; the publisher confirmed the list %s ago.", count(sizes[list], "network", "networks"), span(age))
		}
		all = append(all, c)
	}
	return append(all, strangers(l)...)
}

// strangers are proved deliveries from addresses that are on no list.
func strangers(l *look) (all []api.Check) {
	const metric = "ipallow_stale_range_suspected_total"
	seen := l.series(metric, add, nil, "provider")
	for _, part := range parts(seen) {
		if provider := part[0]; l.rises.rose(metric+provider, seen[provider], l.now, time.Hour) {
			all = append(all, api.Check{
				Area: areaAddresses, Name: provider, State: api.Warn, Metric: namespace + metric,
				Text: "Proved deliveries come from addresses that are not on its list.",
				Do:   "The list is out of date, or the provider sends from elsewhere too. Put what is missing into allow, and do not enforce before.",
			})
		}
	}
	return all
}

func secrets(l *look) []api.Check {
	const metric = "verify_secret_matches_total"
	matches := l.series(metric, add, nil, "provider", "secret")
	if len(matches) == 0 {
		return l.unknown(areaSecrets, "secrets", metric, "No route was called since the process started.")
	}
	since, long := "since the process started", false
	if at := l.started(); !at.IsZero() {
		since = fmt.Sprintf("since the process started, %s ago", span(l.now.Sub(at).Seconds()))
		long = l.now.Sub(at) > inUse
	}
	var all []api.Check
	for _, part := range parts(matches) {
		provider, id := part[0], part[1]
		n := matches[provider+separator+id]
		at := l.rises.see(metric+provider+separator+id, n, l.now)
		c := api.Check{Area: areaSecrets, Name: provider + " " + id, State: api.Good, Metric: namespace + metric, Text: fmt.Sprintf("It proved %s %s.", count(n, "delivery", "deliveries"), since)}
		if !at.IsZero() {
			c.Since = &at
		}
		place, listed := l.files.secrets[provider][id]
		switch {
		case n == 0 && listed && place > 0:
			c.Text = fmt.Sprintf("It is not the newest and proved nothing %s.", since)
			c.Do = "Take it out of the list once the rotation is over."
		case n == 0 && !long:
			c.State, c.Text = api.Unknown, fmt.Sprintf("It proved nothing %s.", since)
		case n == 0:
			c.State, c.Text = api.Warn, fmt.Sprintf("It proved nothing %s.", since)
			c.Do = "Does the provider send, and with this secret? webhookctl explain tells of a refused delivery which is likely."
		case listed && place > 0 && !at.IsZero() && l.now.Sub(at) <= inUse:
			c.State, c.Text = api.Warn, fmt.Sprintf("It is not the newest and still in use; it proved %s %s.", count(n, "delivery", "deliveries"), since)
			c.Do = "The provider has not taken over the new secret everywhere: do not take this one out yet."
		}
		all = append(all, c)
	}
	return append(all, missingSecrets(l)...)
}

// missingSecrets are those without a value.
func missingSecrets(l *look) (all []api.Check) {
	const metric = "missing_secrets"
	for _, part := range parts(l.series(metric, math.Max, nil, "provider")) {
		provider := part[0]
		if n := l.series(metric, math.Max, nil, "provider")[provider]; n > 0 {
			all = append(all, api.Check{
				Area: areaSecrets, Name: provider, State: api.Warn, Metric: namespace + metric,
				Text: fmt.Sprintf("%s no value, so what is signed with it is refused.", count(n, "secret has", "secrets have")),
				Do:   "Its vault reference did not resolve: set the variable, or take the entry out. The log and /readyz name it.",
			})
		}
	}
	return all
}

// providers are the routes whose providers stop calling when deliveries go on failing.
func providers(l *look) []api.Check {
	const metric = "endpoint_budget_spent_ratio"
	spent := l.series(metric, math.Max, nil, "provider", "route")
	if len(spent) == 0 {
		return l.unknown(areaProviders, "providers", metric, "No route was called whose provider says in figures when it stops.")
	}
	var all []api.Check
	for _, part := range parts(spent) {
		provider, route := part[0], part[1]
		ratio := spent[provider+separator+route]
		c := api.Check{Area: areaProviders, Name: provider + " " + route, State: api.Good, Metric: namespace + metric, Text: fmt.Sprintf("%.0f %% of what makes the provider stop is used up.", 100*ratio)}
		switch {
		case ratio >= 1:
			c.State, c.Text = api.Bad, "The provider has most likely switched the endpoint off."
			c.Do = "Mend what makes deliveries fail, switch the endpoint on again at the provider, and have it send again what is missing."
		case ratio >= 0.5:
			c.State = api.Warn
			c.Do = "Mend what makes deliveries fail before the provider stops; webhookctl providers show has the figures."
		}
		all = append(all, c)
	}
	return all
}

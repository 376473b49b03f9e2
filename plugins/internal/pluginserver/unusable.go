package pluginserver

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"webhookedge/plugins/internal/telemetry"
)

const (
	// maxUnusable bounds how many configs /readyz names.
	maxUnusable = 8
	// maxWhy bounds what /readyz says of all of them, in bytes, which it cuts at 1 KiB. The
	// log has all of it.
	maxWhy = 900
)

// scope says in words what a plugin is set on. Kong tells an instance the ids alone; the
// name of a route comes with its first delivery.
func scope(routeID, serviceID string) string {
	switch {
	case routeID != "":
		return "route " + routeID
	case serviceID != "":
		return "service " + serviceID
	}
	return "every route"
}

// where is what i's plugin is set on, by the route's name where that is known.
func (i *instance) where() string {
	if known := i.known.Load(); i.ofRoute && known != nil && known.route != "" {
		return "route " + known.route
	}
	return i.scope
}

// unusable are the configs that no handler can be made of, a line each, which the instances
// of several workers share: of one that knows its route's name and one that has had no
// delivery, the name counts.
func (s *instances) unusable() []string {
	lines := map[[2]string]string{}
	for _, i := range *s.byID.Load() {
		id, cause := [2]string{i.plugin, i.scope}, i.handler.Value().cause
		if where := i.where(); cause != "" && (lines[id] == "" || where != i.scope) {
			lines[id] = fmt.Sprintf("%s (%s): %s", where, i.plugin, cause)
		}
	}
	return slices.Sorted(maps.Values(lines))
}

// ready reports, as a [telemetry.Degraded], the configs whose deliveries are all refused:
// the process serves the other routes.
func (s *instances) ready(context.Context) error {
	lines := s.unusable()
	if len(lines) == 0 {
		return nil
	}
	if more := len(lines) - maxUnusable; more > 0 {
		lines = append(lines[:maxUnusable], fmt.Sprintf("and %d more", more))
	}
	for i, line := range lines {
		lines[i] = shorten(line, maxWhy/len(lines))
	}
	return &telemetry.Degraded{Err: errors.New(strings.Join(lines, "; "))}
}

// shorten cuts a line that is too long, between two characters.
func shorten(line string, most int) string {
	if len(line) <= most {
		return line
	}
	return strings.ToValidUTF8(line[:most], "") + " ..."
}

// watchUnusable tells of configs that cannot be used in /readyz and in a gauge.
func (s *instances) watchUnusable(env Env) {
	env.Metrics.CountMisconfigured(func() int { return len(s.unusable()) })
	if env.Checks != nil {
		env.Checks.AddCheck("config", s.ready)
	}
}

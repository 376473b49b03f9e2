package kongyml

import (
	"fmt"

	"webhookedge/kong/local"
	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/ctl/delivery"
)

// Delivery returns a delivery as the sender of a route makes them: its row, its scheme,
// its settings, the newest secret that has a value, and the URL that it signs. Where the
// route has what verifies and not what signs, Secret is "" and signs says so.
func Delivery(r *local.RouteConfigs) (d delivery.Delivery, signs bool, err error) {
	label := Label(r)
	s, ok, err := Spec(Part(r, "verify"), chain.Server, "webhook-verify")
	if err != nil {
		return d, false, err
	}
	if !ok {
		return d, false, fmt.Errorf("route %s has no plugin that verifies", label)
	}
	if d.Row, err = s.Row(); err != nil {
		return d, false, fmt.Errorf("route %s: %w", label, err)
	}
	v := &s.Verify
	d.Scheme, d.RawKey, d.PublicURL, d.Settings = v.Scheme, v.RawKey, v.PublicURL, map[string]string{}
	for i := range v.Settings {
		d.Settings[v.Settings[i].Name] = v.Settings[i].Value.Reveal()
	}
	scheme, ok := d.Row.Scheme(d.Scheme)
	if !ok {
		return d, false, fmt.Errorf("route %s: %s has no scheme %q", label, d.Row.Name, d.Scheme)
	}
	if d.PublicURL == "" && d.Row.SignsURL(&scheme) {
		d.PublicURL = publicURL(r, v.PublicHosts)
	}
	if scheme.Keyless() || !scheme.SharesKey() {
		return d, false, nil
	}
	for i := range v.Secrets {
		if d.Secret = v.Secrets[i].Value.Reveal(); d.Secret != "" {
			return d, true, nil
		}
	}
	return d, false, nil
}

// publicURL is that of the first host that the route may be called by.
func publicURL(r *local.RouteConfigs, hosts []string) string {
	hosts = append(hosts, r.Hosts...)
	path, ok := Target(r)
	if len(hosts) == 0 || !ok {
		return ""
	}
	return "https://" + hosts[0] + path
}

// Target returns a path that leads to a route; ok is false for one of regular
// expressions alone.
func Target(r *local.RouteConfigs) (path string, ok bool) {
	for _, path := range r.Paths {
		if path[0] == '/' {
			return path, true
		}
	}
	return "/", len(r.Paths) == 0
}

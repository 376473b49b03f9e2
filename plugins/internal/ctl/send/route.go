package send

import (
	"errors"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/ctl/delivery"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/settings"
)

// routeFlags name a route of a kong.yml, which says what other flags say otherwise.
type routeFlags struct{ route, config, gateway string }

func (r *routeFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&r.route, "route", "", "`name` of a route in the kong.yml: its sender, also one of your own, its secret, settings and URL")
	f.StringVar(&r.config, "config", "", "the kong.yml, by default the repository's or the image's; its vault references are read from the environment")
	f.StringVar(&r.gateway, "gateway", "http://127.0.0.1:8000", "`URL` of the gateway, before the route's path")
	cmd.MarkFlagsMutuallyExclusive("route", "provider")
	cmd.MarkFlagsOneRequired("provider", "route")
	cmd.MarkFlagsMutuallyExclusive("gateway", "url")
}

// fill completes d with what the route says and no flag did, where a route is named.
// secretEnv names the secret where it is not that of the route.
func (r *routeFlags) fill(d *delivery.Delivery, w *waiter, secretEnv string) error {
	if r.route == "" {
		return nil
	}
	route, err := kongyml.Route(r.config, r.route)
	if err != nil {
		return err
	}
	of, signs, err := kongyml.Delivery(route)
	if err != nil {
		return err
	}
	if !signs && secretEnv == "" {
		if len(route.Unresolved) > 0 {
			return exit.Usagef("%s", route.Unresolved[0])
		}
		return exit.Usagef("route %s has what verifies and not what signs: name the key with --secret-env", r.route)
	}
	d.Row, d.Secret, d.RawKey = of.Row, of.Secret, d.RawKey || of.RawKey
	if d.Scheme == "" {
		d.Scheme = of.Scheme
	}
	if d.PublicURL == "" {
		d.PublicURL = of.PublicURL
	}
	for name, value := range d.Settings {
		of.Settings[name] = value
	}
	d.Settings = of.Settings
	if d.URL == "" {
		switch d.URL, d.Host, err = kongyml.Address(route, r.gateway); {
		case errors.Is(err, kongyml.ErrPattern):
			return exit.Usagef("route %s %w: give --url", r.route, err)
		case err != nil:
			return exit.Usagef("--gateway: %w", err)
		}
	}
	return w.where(func() (settings.Spec, bool, error) {
		return kongyml.Spec(kongyml.Part(route, "publish"), chain.Server, "webhook-publish")
	})
}

// where takes from a route where its events are, if they are waited for.
func (w *waiter) where(of func() (settings.Spec, bool, error)) error {
	if w.time == 0 {
		return nil
	}
	spec, ok, err := of()
	if ok && err == nil {
		w.of(&spec.Publish)
	}
	return err
}

package local

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"webhookedge/plugins/internal/ctl/kongyml"
)

const (
	// shippedLimit is the one of kong/kong.yml, and demoLimit what the demo lowers it
	// to: over what it sends to any route but the flooded one.
	shippedLimit = "{rate: 100-S, by: client_net}"
	demoLimit    = "{rate: 40-M, by: client_net}"
	flood        = 60 // deliveries, more than demoLimit

	refusedType = "github.issues"
	routedType  = "stripe.charge.dispute.created"
)

// demoTables are the tables of policies that the demo has instead of the shipped ones.
func demoTables() map[string][2]string {
	return map[string][2]string{
		"webhook/guard/data.yaml": {"  events: {}\n", "  events:\n    " + refusedType + ": nobody reads issues here\n"},
		"webhook/route/data.yaml": {"routes:\n", "routes:\n  " + routedType + ":\n    any:\n      then: {allow: true, rule: disputes, subject: [webhooks, disputes, stripe]}\n"},
	}
}

// demoFiles writes copies of the kong.yml and its policies, changed so that each stage is seen
// at work, and returns the variables that the file asks for.
func demoFiles(o *stackOptions, dir string) (env map[string]string, err error) {
	if o.config, err = kongyml.Path(o.config); err != nil {
		return nil, err
	}
	policies := filepath.Join(dir, "policies")
	if err := os.CopyFS(policies, os.DirFS(policiesBeside(o.config))); err != nil {
		return nil, fmt.Errorf("the policies beside %s: %w", o.config, err)
	}
	for name, change := range demoTables() {
		if err := rewrite(filepath.Join(policies, name), filepath.Join(policies, name), change); err != nil {
			return nil, err
		}
	}
	copied := filepath.Join(dir, "kong.yml")
	if err := rewrite(o.config, copied, [2]string{shippedLimit, demoLimit}); err != nil {
		return nil, err
	}
	o.config = copied
	return map[string]string{policiesVariable: policies}, nil
}

// rewrite copies a file with one change, which it must have a place for.
func rewrite(from, to string, change [2]string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if !strings.Contains(string(text), change[0]) {
		return fmt.Errorf("%s is not as shipped, and the demo is about that: it has no %q", from, strings.TrimSpace(change[0]))
	}
	return os.WriteFile(to, []byte(strings.Replace(string(text), change[0], change[1], 1)), 0o600) //nolint:gosec // a copy in a folder of the demo's own
}

// demoRoute is a route of kong/kong.yml with a secret made for this run.
type demoRoute struct {
	provider, path, variable, secret string
}

func demoRoutes() []demoRoute {
	var key [32]byte
	_, _ = rand.Read(key[:]) // never fails
	return []demoRoute{
		{"github", "/webhooks/github", "GITHUB_WEBHOOK_SECRET", rand.Text()},
		{"stripe", "/webhooks/stripe", "STRIPE_WEBHOOK_SECRET", "whsec_" + rand.Text()},
		{"slack", "/webhooks/slack", "SLACK_SIGNING_SECRET", rand.Text()},
		{"shopify", "/webhooks/shopify", "SHOPIFY_WEBHOOK_SECRET", rand.Text()},
		{"standard-webhooks", "/webhooks/standard", "STANDARD_WEBHOOKS_SECRET", "whsec_" + base64.StdEncoding.EncodeToString(key[:])},
	}
}

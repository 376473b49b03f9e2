package subject

import (
	"errors"
	"strings"
	"testing"

	"webhookedge/plugins/internal/ctl/ctltest"
	"webhookedge/plugins/internal/ctl/exit"
)

func TestSubject_printsWhatIsPublished(t *testing.T) {
	const stored = `{"specversion":"1.0","type":"stripe.charge.dispute.created","id":"1","source":"/webhooks/stripe/acct_1","provider":"stripe","action":"created","tenant":"acct_1","data":{}}`
	tests := map[string]struct {
		args  []string
		stdin string
		want  string
	}{
		"a name with levels":            {[]string{"stripe", "charge.dispute.created", "--tenant", "acct_1"}, "", "webhooks.stripe.acct_1.charge.dispute.created"},
		"a topic with a slash":          {[]string{"shopify", "orders/create", "--tenant", "octo.myshopify.com"}, "", "webhooks.shopify.octo%2Emyshopify%2Ecom.orders.create"},
		"the type of an event":          {[]string{"shopify", "orders.create"}, "", "webhooks.shopify._.orders.create"},
		"an action that stands apart":   {[]string{"github", "pull_request.opened", "--prefix", "hooks"}, "", "hooks.github._.pull_request.opened"},
		"every tenant":                  {[]string{"stripe", "charge.dispute.created", "--tenant", "*"}, "", "webhooks.stripe.*.charge.dispute.created"},
		"a sender of one's own":         {[]string{"acme", "order.paid"}, "", "webhooks.acme._.order%2Epaid"},
		"one with a separator":          {[]string{"acme", "order.paid", "--separator", "."}, "", "webhooks.acme._.order.paid"},
		"a wildcard in an event's name": {[]string{"stripe", "*.>"}, "", "webhooks.stripe._.%2A.%3E"},
		"an event":                      {[]string{"-"}, stored, "webhooks.stripe.acct_1.charge.dispute.created"},
		"JSON":                          {[]string{"github", "push", "--json"}, "", `{"subject":"webhooks.github._.push","every_tenant":"webhooks.github.*.push"}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			cmd := Command()
			cmd.SetIn(strings.NewReader(tt.stdin))
			out, err := ctltest.Run(t, cmd, tt.args...)
			if err != nil || strings.TrimSpace(out) != tt.want {
				t.Errorf("got %q, %v, want %q", out, err, tt.want)
			}
		})
	}
}

func TestSubject_parses(t *testing.T) {
	tests := map[string]struct {
		args []string
		want string
	}{
		"for people":       {[]string{"webhooks.shopify.octo%2Emyshopify%2Ecom.orders.create"}, "provider  shopify\ntenant    octo.myshopify.com\nevent     orders, create\n"},
		"without a tenant": {[]string{"webhooks.github._.push"}, "provider  github\ntenant    (none)\nevent     push\n"},
		"a control byte":   {[]string{"webhooks.github.a%1Bb.push"}, "provider  github\ntenant    \"a\\x1bb\"\nevent     push\n"},
		"for programs":     {[]string{"hooks.stripe.acct_1.charge.dispute.created", "--prefix", "hooks", "--json"}, "{\"provider\":\"stripe\",\"tenant\":\"acct_1\",\"levels\":[\"charge\",\"dispute\",\"created\"]}\n"},
		"a token cut short": {
			[]string{"webhooks.github._.abc%2D" + strings.Repeat("0", 32)},
			"provider  github\ntenant    (none)\nevent     abc\ncut       a value was too long for a token: this is its beginning\n",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			out, err := ctltest.Run(t, Command(), append([]string{"parse"}, tt.args...)...)
			if err != nil || out != tt.want {
				t.Errorf("got %q, %v, want %q", out, err, tt.want)
			}
		})
	}
}

func TestSubject_refuses(t *testing.T) {
	tests := map[string]struct {
		args  []string
		stdin string
		want  string
	}{
		"nothing":            {nil, "", "name a provider and an event"},
		"a provider alone":   {[]string{"stripe"}, "", "name a provider and an event"},
		"what is no event":   {[]string{"-"}, "{}", "not an event of the webhook edge"},
		"another prefix":     {[]string{"parse", "events.a.b.c"}, "", "does not begin with webhooks"},
		"a filter to parse":  {[]string{"parse", "webhooks.stripe.*.charge"}, "", "token 2 behind the prefix"},
		"a dead letter":      {[]string{"parse", "webhooks-dead.billing.webhooks.a.b.c"}, "", "does not begin with webhooks"},
		"too few of a parse": {[]string{"parse", "webhooks.stripe"}, "", "want a provider, a tenant and 1 to 5 levels"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			cmd := Command()
			cmd.SetIn(strings.NewReader(tt.stdin))
			if out, err := ctltest.Run(t, cmd, tt.args...); err == nil || !strings.Contains(err.Error(), tt.want) || out != "" {
				t.Errorf("got %q, %v, want %q", out, err, tt.want)
			}
		})
	}
}

func TestSubject_withoutAnEventIsMisuse(t *testing.T) {
	if out, err := ctltest.Run(t, Command()); !errors.Is(err, exit.ErrUsage) {
		t.Errorf("%v\n%s", err, out)
	}
}

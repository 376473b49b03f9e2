package providerdoc

import (
	"fmt"
	"strings"

	"webhookedge/plugins/provider"
)

// natsUser is the user that kong/kong.yml and kong/nats.conf name.
const natsUser = "webhooks"

// Example is a declarative file with one route for p.
func Example(p *provider.Provider) string {
	var b strings.Builder
	fmt.Fprintf(&b, "_format_version: \"3.0\"\n\nroutes:\n  - name: %[1]s\n    paths: [/webhooks/%[1]s]\n    protocols: [http, https]\n"+
		"    plugins:\n      - name: webhook-edge\n        config:\n          provider: %[1]s\n          respond: continue\n          verify:\n", p.Name)
	s := &p.Schemes[0]
	if s.Remote != nil {
		b.WriteString("            secrets: [] # the provider publishes its keys\n")
	} else {
		fmt.Fprintf(&b, "            secrets:\n              - value: \"{vault://env/%s-webhook-secret}\"\n", p.Name)
	}
	first := true
	for _, setting := range p.Settings {
		if setting.Default != "" || setting.Optional && !setting.Pins {
			continue
		}
		if first {
			b.WriteString("            settings:\n")
			first = false
		}
		fmt.Fprintf(&b, "              - name: %s\n                value: \"{vault://env/%s-%s}\"\n", setting.Name, p.Name, strings.ReplaceAll(setting.Name, "_", "-"))
	}
	if p.SignsURL(s) {
		fmt.Fprintf(&b, "            public_url: https://hooks.example.com/webhooks/%s\n", p.Name)
	}
	fmt.Fprintf(&b, "          publish:\n            servers: [\"{vault://env/nats-url}\"]\n            username: %s\n            password: \"{vault://env/nats-password}\"\n"+
		"            stream: {name: WEBHOOKS, ensure: create}\n      - name: request-termination\n        config: {status_code: 200}\n", natsUser)
	return b.String()
}

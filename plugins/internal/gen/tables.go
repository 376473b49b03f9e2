package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/providerdoc"
	"webhookedge/plugins/internal/settings"
	"webhookedge/plugins/ipallow"
	"webhookedge/plugins/provider/catalogue"
)

// table is a generated part of a file, between two comments that name it.
type table struct {
	file, name, text string
}

func tables() []table {
	return append(recordTables(),
		table{"README.md", "chain", chainTable()},
		table{"plugins/provider/README.md", "providers", providerTable()},
		table{"plugins/README.md", "codes", codeTable()},
		table{"plugins/README.md", "chain", chainTable()},
		table{"kong/kong.conf", "plugins", pluginSettings()},
		table{"kong/Dockerfile", "plugins", pluginDumps()},
		table{"plugins/README.md", "config", config.Table(settings.Config{})},
		table{"plugins/ipallow/README.md", "lists", listTable()},
		table{"plugins/ratelimit/README.md", "on429", on429Table()},
	)
}

// recordTables are the settings of each record of webhook-edge, for the README of its package.
func recordTables() (all []table) {
	for field, value := range reflect.ValueOf(settings.Config{}).Fields() {
		if name := field.Tag.Get("json"); name != "" {
			all = append(all, table{"plugins/" + name + "/README.md", "config", config.Table(value.Interface())})
		}
	}
	return all
}

// into puts the table between its marks.
func (t table) into(old []byte) ([]byte, error) {
	begin, end := "<!-- "+t.name+":begin -->\n", "<!-- "+t.name+":end -->"
	if filepath.Ext(t.file) != ".md" {
		begin, end = "# "+t.name+":begin (make generate)\n", "# "+t.name+":end"
	}
	head, rest, ok := strings.Cut(string(old), begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		return nil, fmt.Errorf("%s has no %s ... %s", t.file, strings.TrimSpace(begin), end)
	}
	return []byte(head + begin + strings.TrimSpace(t.text) + "\n" + end + tail), nil
}

func chainTable() string {
	var b strings.Builder
	b.WriteString("| stage | plugin by itself | priority | refuses with | why it stands there |\n|---|---|---|---|---|\n")
	for _, row := range chain.Rows() {
		stage, plugin, priority := "`"+row.Stage+"`", "", ""
		if row.Second {
			stage += ", second half"
		}
		if row.Plugin != "" {
			plugin, priority = "`"+row.Plugin+"`", fmt.Sprint(row.Priority)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", stage, plugin, priority, row.Refuses, row.Why)
	}
	return b.String()
}

func codeTable() string {
	var b strings.Builder
	b.WriteString("| code | status | sender should retry | meaning |\n|---|---|---|---|\n")
	for _, row := range pipeline.Codes() {
		retry := "no"
		if row.Retry {
			retry = "yes"
		}
		if row.RetryAfter > 0 {
			retry += fmt.Sprintf(", after %d s", row.RetryAfter)
		}
		if row.Status < 300 {
			retry = ""
		}
		fmt.Fprintf(&b, "| `%s` | %d | %s | %s |\n", row.Label, row.Status, retry, row.Meaning)
	}
	return b.String()
}

func providerTable() string {
	var b strings.Builder
	b.WriteString("| provider | name | signature | signed time | unsigned | waits | tries again |\n|---|---|---|---|---|---|---|\n")
	for _, p := range catalogue.All() {
		s := p.Schemes[0]
		at, waits := "no", "unknown"
		if s.ToleranceSeconds > 0 {
			at = "within " + providerdoc.Duration(s.Tolerance())
		}
		if p.Timeout > 0 {
			waits = providerdoc.Duration(p.Timeout)
		}
		fmt.Fprintf(&b, "| [%s](%s) | `%s` | `%s`: %s | %s | %s | %s | %s |\n",
			p.Title, p.Docs, p.Name, s.Signature, providerdoc.Proof(&s), at, providerdoc.Unsigned(p), waits, providerdoc.Retries(p.Retry))
	}
	return b.String()
}

// on429Table says what each provider does with a refusal by a limit. Where nothing
// is said of a 429 in particular, it is a failed delivery as any other.
func on429Table() string {
	var b strings.Builder
	b.WriteString("| provider | gets | and then |\n|---|---|---|\n")
	for _, p := range catalogue.All() {
		then := p.On429
		if then == "" {
			then = "A failed delivery. " + providerdoc.Retries(p.Retry)
		}
		fmt.Fprintf(&b, "| %s | %d | %s |\n", p.Title, providerdoc.OverLimit(p), then)
	}
	return b.String()
}

// listTable is the table of published address lists.
func listTable() string {
	var b strings.Builder
	b.WriteString("| list | providers | published at | snapshot |\n|---|---|---|---|\n")
	for _, l := range ipallow.Shipped(catalogue.All()) {
		at := "[page](" + l.Docs + "), never fetched"
		if l.URL != "" {
			at = "[" + l.URL + "](" + l.Docs + ")"
		}
		snapshot := "none: until the first fetch, which is at once, nobody is on it"
		if l.Prefixes > 0 {
			snapshot = fmt.Sprintf("%d networks of %s", l.Prefixes, l.At.Format(time.DateOnly))
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", l.Name, strings.Join(l.Providers, ", "), at, snapshot)
	}
	return b.String()
}

// telemetryPort is where the plugins' metrics are served.
const telemetryPort = 9542

// pluginNames are the plugins, webhook-edge first.
func pluginNames() (names []string) {
	for _, p := range chain.Plugins() {
		names = append(names, p.Name)
	}
	return names
}

// pluginSettings are the lines of kong.conf that tell Kong of the plugins, each with its
// reason. In the keys a name's hyphens are underscores (Kong 3.9, conf_loader/init.lua).
func pluginSettings() string {
	key := func(plugin string) string { return "pluginserver_" + strings.ReplaceAll(plugin, "-", "_") }
	names := pluginNames()
	var b strings.Builder
	fmt.Fprintf(&b, `# bundled keeps Kong's own plugins. Ours are the whole chain, and each stage alone.
plugins = bundled,%[1]s

# One process serves them all, with one pool of connections, one journal and one
# address for metrics. Kong starts the server of a name that has a start command or a
# binary of its own in /usr/local/bin: %[2]s alone.
pluginserver_names = %[1]s

# nginx hands no environment to plugin processes, so their settings are flags here.
# -telemetry-address without a host is loopback: for a Prometheus elsewhere name an
# interface that nobody else reaches. -wake calls a route once, so that its journal is
# published from after a start without waiting for a delivery; name a route for each
# journal directory. -log-output /path or unix:/path takes the plugins' lines out of
# Kong's error log.
%[3]s_start_cmd = /usr/local/bin/%[2]s -kong-prefix /usr/local/kong -telemetry-address 127.0.0.1:%[4]d -wake http://127.0.0.1:8000/webhooks/github

# The other names have neither, so Kong takes their server for one that somebody else
# runs, says so once as a warning ("assuming external process management"), asks it
# for the schema by the command and calls it at the socket.
`, strings.Join(names, ","), chain.Server, key(chain.Server), telemetryPort)
	for _, name := range names {
		if server, ok := chain.Servers()[name]; ok {
			fmt.Fprintf(&b, "%[1]s_query_cmd = /usr/local/bin/%[2]s -dump %[3]s\n%[1]s_socket = /usr/local/kong/%[2]s.socket\n", key(name), server, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(chain.Variables())) {
		fmt.Fprintf(&b, `
# What plugins ask of each request, in one reply instead of three: an injected directive
# of nginx. A gateway without this line works too, with a call more for each delivery.
nginx_location_set = $%s "%s"
`, name, chain.Variables()[name])
	}
	return b.String()
}

// pluginDumps is the step of the image that asks for every schema.
func pluginDumps() string {
	return fmt.Sprintf("RUN for plugin in %s; do %s -dump $plugin >/dev/null || exit 1; done", strings.Join(pluginNames(), " "), chain.Server)
}

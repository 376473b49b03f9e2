package chain

import (
	"slices"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/internal/pluginserver"
)

// everything is webhook-edge with every stage and every second half.
func everything(t *testing.T) string {
	return `{"provider":"github","ipallow":{"provider_ranges":true,"ranges":{"refresh":false}},
	  "ratelimit":{"limits":[{"rate":"10-S","by":"route"},{"rate":"10-S","by":"tenant"}]},
	  "verify":{"secrets":[{"value":"a-secret-of-a-test"}]},"policy":{"directory":"../../../policies"},
	  "publish":{"servers":["nats://127.0.0.1:1"],"journal":{"directory":"` + t.TempDir() + `"}}}`
}

// built are the stages of an instance, and what it is.
func built(t *testing.T, plugin, config string) (string, *Instance) {
	t.Helper()
	p, _ := opened(t)
	spec, err := Decode(plugin, []byte(config))
	if err != nil {
		t.Fatal(err)
	}
	i, err := p.Instance(spec, Variant{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(i.Close)
	var names []string
	for _, s := range i.Stages {
		names = append(names, s.Name())
	}
	return strings.Join(names, " "), i
}

// TestChain_isBuiltInTheOrderOfItsReasons says the order a second time: whoever moves a
// row has to move it here, and to look at why it stands there.
func TestChain_isBuiltInTheOrderOfItsReasons(t *testing.T) {
	const edge = "ipallow ratelimit body verify ipallow normalize ratelimit policy publish"
	const nats = `"servers":["nats://127.0.0.1:1"]`
	const secrets = `"secrets":[{"value":"a-secret-of-a-test"}]`
	tests := map[string]struct{ plugin, config, want string }{
		"webhook-edge with everything": {Server, everything(t), edge},
		"webhook-edge with what it must have": {
			Server, `{"provider":"github","verify":{` + secrets + `},"publish":{` + nats + `}}`, "body verify normalize publish",
		},
		"webhook-ipallow": {"webhook-ipallow", `{"provider":"github","provider_ranges":true,"ranges":{"refresh":false}}`, "ipallow"},
		"webhook-ratelimit": {
			"webhook-ratelimit", `{"provider":"github","limits":[{"rate":"10-S","by":"route"}]}`, "ratelimit",
		},
		"webhook-verify":  {"webhook-verify", `{"provider":"github",` + secrets + `}`, "body verify"},
		"webhook-policy":  {"webhook-policy", `{"provider":"github","directory":"../../../policies"}`, "body normalize policy"},
		"webhook-publish": {"webhook-publish", `{"provider":"github",` + nats + `}`, "body normalize publish"},
	}
	seen := map[string]bool{}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			seen[tc.plugin] = true
			if got, _ := built(t, tc.plugin, tc.config); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
	for _, p := range Plugins() {
		if !seen[p.Name] {
			t.Errorf("%s is not tested", p.Name)
		}
	}
	var rows []string
	for _, row := range Rows() {
		rows = append(rows, row.Stage)
	}
	if got := strings.Join(rows, " "); got != edge {
		t.Errorf("the rows are %s", got)
	}
}

// TestChain_secondHalvesBelongToTheFirst keeps a second half from standing in for the
// first, which has the same name.
func TestChain_secondHalvesBelongToTheFirst(t *testing.T) {
	_, i := built(t, Server, everything(t))
	for first, second := range map[int]int{0: 4, 1: 6} {
		if i.Stages[first] == i.Stages[second] || i.Stages[first].Name() != i.Stages[second].Name() {
			t.Errorf("stage %d and %d are the same half of %s", first, second, i.Stages[first].Name())
		}
	}
	for n, row := range Rows() {
		half := slices.IndexFunc(Rows(), func(r Row) bool { return r.Stage == row.Stage })
		if row.Second != (half != n) {
			t.Errorf("row %d: second half of %s: %v", n, row.Stage, row.Second)
		}
	}
}

// TestChain_everyRowHasItsReason keeps the table whole: it is what people read.
func TestChain_everyRowHasItsReason(t *testing.T) {
	before := 1000
	for _, row := range Rows() {
		if row.Why == "" || row.open == nil || row.Refuses == "" && !row.Second {
			t.Errorf("%s: the row is not whole: %+v", row.Stage, row)
		}
		if row.Plugin == "" {
			continue
		}
		if row.Plugin != "webhook-"+row.Stage || row.Priority >= before {
			t.Errorf("%s: plugin %s of priority %d after %d: Kong would run it in another order", row.Stage, row.Plugin, row.Priority, before)
		}
		before = row.Priority
	}
}

// TestChain_answersInTheProvidersTime builds an instance whose deadline is longer than
// the provider waits.
func TestChain_answersInTheProvidersTime(t *testing.T) {
	p, _ := opened(t)
	h, err := p.Build(Server, []byte(`{"provider":"slack","deadline_ms":50000,"verify":{"secrets":[{"value":"a-secret-of-a-test"}]},"publish":{"servers":["nats://127.0.0.1:1"]}}`))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if h.Deadline() != 2500*time.Millisecond {
		t.Errorf("Slack waits 3 s, the deadline is %s", h.Deadline())
	}
}

// TestChain_tellsWhatWasProved is how single plugins hand on what webhook-verify proved.
func TestChain_tellsWhatWasProved(t *testing.T) {
	p, _ := opened(t)
	for plugin, want := range map[string]struct{ share, take bool }{
		Server: {}, "webhook-ipallow": {}, "webhook-ratelimit": {},
		"webhook-verify": {share: true}, "webhook-policy": {take: true}, "webhook-publish": {take: true},
	} {
		config := strings.NewReplacer("%[1]s", "a-secret-of-the-tests", "%[2]s", "").Replace(parts()[plugin])
		if plugin == "webhook-ipallow" {
			config = `{"provider":"github","allow":["192.0.2.1"]}`
		}
		h, err := p.Build(plugin, []byte(config))
		if err != nil {
			t.Fatal(err)
		}
		if h.Share != want.share || h.Take != want.take {
			t.Errorf("%s shares: %v, takes: %v", plugin, h.Share, h.Take)
		}
		h.Close()
	}
}

// TestProgram_isOneProcess opens what all plugins share once, and serves each.
func TestProgram_isOneProcess(t *testing.T) {
	for plugin, server := range Servers() {
		if server != Program().Name {
			t.Errorf("%s is served by %s", plugin, server)
		}
	}
	for _, row := range Rows() {
		if alone := row.config.decode != nil; alone != (row.Plugin != "") {
			t.Errorf("%s: a config is %v, the plugin is %q", row.Stage, alone, row.Plugin)
		}
	}
	p, _ := opened(t)
	if _, err := p.Build("webhook-nothing", []byte(`{}`)); err == nil {
		t.Error("a plugin that is none is built")
	}
	var _ pluginserver.Builder = p
}

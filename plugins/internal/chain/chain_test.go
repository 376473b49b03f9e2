package chain

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/internal/pluginserver"
)

// everything is webhook-edge with every stage and every second half.
func everything(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "everything.json"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Replace(string(text), "JOURNAL", t.TempDir(), 1)
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

// order is the chain, said a second time: whoever moves a row has to move it here, and to
// look at why it stands there.
const order = "ipallow ratelimit body verify ipallow normalize ratelimit policy publish"

func TestChain_isBuiltInTheOrderOfItsReasons(t *testing.T) {
	var rows []string
	for _, row := range Rows() {
		rows = append(rows, row.Stage)
	}
	if got := strings.Join(rows, " "); got != order {
		t.Errorf("the rows are %s", got)
	}
	if got, _ := built(t, Server, everything(t)); got != order {
		t.Errorf("with everything webhook-edge has %s", got)
	}
	least := `{"provider":"github","verify":{"secrets":[{"value":"a-secret-of-a-test"}]},"publish":{"servers":["nats://127.0.0.1:1"]}}`
	if got, _ := built(t, Server, least); got != "body verify normalize publish" {
		t.Errorf("with what it must have webhook-edge has %s", got)
	}
	for plugin, s := range samples() {
		if got, _ := built(t, plugin, s.with("a-secret-of-the-tests", "")); got != s.stages {
			t.Errorf("%s has %s, want %s", plugin, got, s.stages)
		}
	}
}

// TestChain_secondHalvesBelongToTheFirst keeps a second half from standing in for the
// first, which has the same name.
func TestChain_secondHalvesBelongToTheFirst(t *testing.T) {
	_, i := built(t, Server, everything(t))
	for n, row := range Rows() {
		half := slices.IndexFunc(Rows(), func(r Row) bool { return r.Stage == row.Stage })
		if row.Second != (half != n) {
			t.Errorf("row %d: second half of %s: %v", n, row.Stage, row.Second)
		}
		if row.Second && (i.Stages[half] == i.Stages[n] || i.Stages[half].Name() != i.Stages[n].Name()) {
			t.Errorf("stages %d and %d are the same half of %s", half, n, row.Stage)
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
		h, err := p.Build(plugin, []byte(samples()[plugin].with("a-secret-of-the-tests", "")))
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

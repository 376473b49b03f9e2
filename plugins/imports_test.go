package plugins_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"webhookedge/plugins/internal/chain"
)

const module = "webhookedge/"

// inside is a path below the module's root.
func inside(path string) (string, bool) { return strings.CutPrefix(path, module) }

// mayImport says who may import whom inside the module; a name that ends with
// /... stands for a whole tree. What is not named may import nothing of it.
func mayImport() map[string][]string {
	stage := []string{"plugins/internal/pipeline", "plugins/internal/config", "plugins/internal/telemetry"}
	with := func(more ...string) []string { return append(slices.Clone(stage), more...) }
	// Groups of webhookctl's commands share these, and never import each other.
	shared := []string{"color", "exit", "natsflags", "pick", "table", "delivery", "kongyml"}
	withShared := func(more ...string) []string {
		all := slices.Clone(more)
		for _, name := range shared {
			all = append(all, "plugins/internal/ctl/"+name)
		}
		return all
	}
	rules := map[string][]string{
		"plugins/event":                nil,
		"plugins/internal/jsonscan":    nil,
		"plugins/internal/formscan":    nil,
		"plugins/internal/redact":      {"plugins/internal/jsonscan"},
		"plugins/internal/config":      {"plugins/internal/placeholder"},
		"plugins/internal/placeholder": nil,
		"plugins/internal/schemas":     nil,
		"plugins/internal/pipeline":    {"plugins/event"}, // the type of Delivery.Event
		"plugins/internal/telemetry":   {"plugins/internal/pipeline", "plugins/event"},
		// The language of senders: spec is the data of a row, which knows no other; each
		// package below provider/internal may use those named here; Go keeps all others out.
		"plugins/provider/spec":                {"plugins/internal/jsonscan", "plugins/internal/placeholder"},
		"plugins/provider/internal/place":      {"plugins/internal/formscan", "plugins/internal/jsonscan", "plugins/provider/spec"},
		"plugins/provider/internal/facts":      {"plugins/internal/jsonscan", "plugins/internal/redact", "plugins/provider/internal/place", "plugins/provider/spec"},
		"plugins/provider/internal/structured": nil, // a syntax of HTTP fields
		"plugins/provider/internal/signedtext": {"plugins/internal/formscan", "plugins/internal/jsonscan", "plugins/provider/internal/place", "plugins/provider/spec"},
		"plugins/provider/internal/keys":       {"plugins/internal/placeholder", "plugins/internal/text", "plugins/provider/internal/signedtext", "plugins/provider/spec"},
		"plugins/provider/internal/seal":       {"plugins/internal/jsonscan", "plugins/internal/placeholder", "plugins/provider/internal/keys", "plugins/provider/spec"},
		"plugins/provider/internal/handshake":  {"plugins/internal/jsonscan", "plugins/provider/internal/keys", "plugins/provider/internal/place", "plugins/provider/internal/signedtext", "plugins/provider/spec"},
		"plugins/provider/internal/scheme":     {"plugins/provider/internal/structured", "plugins/internal/jsonscan", "plugins/provider/internal/facts", "plugins/provider/internal/handshake", "plugins/provider/internal/keys", "plugins/provider/internal/place", "plugins/provider/internal/seal", "plugins/provider/internal/signedtext", "plugins/provider/spec"},
		"plugins/provider/internal/sign":       {"plugins/provider/internal/structured", "plugins/internal/jsonscan", "plugins/provider/internal/keys", "plugins/provider/internal/place", "plugins/provider/internal/seal", "plugins/provider/internal/scheme", "plugins/provider/internal/signedtext", "plugins/provider/spec"},
		"plugins/provider":                     {"plugins/internal/formscan", "plugins/provider/internal/...", "plugins/provider/spec"}, // which knows no row
		"plugins/provider/catalogue":           {"plugins/provider", "plugins/provider/spec"},
		"plugins/provider/custom":              {"plugins/internal/config", "plugins/provider", "plugins/provider/spec", "plugins/provider/catalogue"}, // whose names it may not have
		"plugins/internal/scaffold":            {"plugins/provider", "plugins/provider/spec", "plugins/provider/custom"},                               // writes files of the catalogue, on no delivery's way
		"plugins/internal/text":                nil,
		"plugins/internal/probe":               {"plugins/provider/spec"},
		"plugins/verify/keyring":               nil, // fetches what providers publish
		// On no delivery's way but a refused one's, a few times a minute: the edge
		// hands it to verify, and bounds it.
		"plugins/provider/explain": {"plugins/provider", "plugins/provider/spec", "plugins/provider/catalogue"},
		"plugins/provider/infer":   {"plugins/provider", "plugins/provider/spec", "plugins/provider/catalogue", "plugins/provider/custom", "plugins/provider/explain", "plugins/provider/internal/...", "plugins/internal/formscan"}, // a tool
		// A stage that needs no more than stage has no line here; others know their domain
		// package. normalize has two, since it turns a provider's delivery into an event.
		"plugins/ipallow":                with("plugins/provider/catalogue", "plugins/internal/pool", "plugins/provider", "plugins/provider/spec"),
		"plugins/ratelimit":              with("plugins/internal/pool"),
		"plugins/verify":                 {"plugins/internal/text", "plugins/provider/catalogue", "plugins/internal/pipeline", "plugins/internal/config", "plugins/provider", "plugins/provider/spec", "plugins/internal/probe"},
		"plugins/normalize":              with("plugins/provider/catalogue", "plugins/provider", "plugins/provider/spec", "plugins/event", "plugins/internal/jsonscan", "plugins/internal/redact", "plugins/internal/tojson", "plugins/internal/payloadschema", "plugins/internal/probe"),
		"plugins/internal/journal":       nil,
		"plugins/streams":                {"plugins/internal/text"},
		"plugins/publish":                with("plugins/internal/bound", "plugins/event", "plugins/streams", "plugins/internal/journal", "plugins/internal/jsonscan", "plugins/publish/jsconn", "plugins/publish/outbox", "plugins/internal/text"),
		"plugins/publish/outbox":         {"plugins/event", "plugins/streams", "plugins/streams/read", "plugins/internal/journal", "plugins/internal/telemetry", "plugins/publish/jsconn"},
		"plugins/publish/jsconn":         {"plugins/event", "plugins/streams", "plugins/internal/config", "plugins/internal/pool", "plugins/internal/telemetry", "plugins/internal/text"},
		"plugins/quarantine":             with("plugins/internal/redact", "plugins/internal/text", "plugins/provider/catalogue", "plugins/provider", "plugins/provider/spec", "plugins/streams/archive", "plugins/streams"), // no stage: it keeps what stages refuse
		"plugins/streams/archive":        {"plugins/event", "plugins/internal/text", "plugins/internal/pipeline", "plugins/internal/jsonscan", "plugins/internal/redact", "plugins/streams/read"},
		"plugins/streams/claimcheck":     {"plugins/event"},
		"plugins/streams/read":           nil,
		"plugins/streams/replay":         {"plugins/event", "plugins/internal/text", "plugins/streams/read"},
		"plugins/policy":                 with("plugins/internal/bound", "plugins/internal/cores", "plugins/provider/catalogue", "plugins/internal/pool", "plugins/internal/watch", "plugins/policy/engine", "plugins/provider", "plugins/event", "plugins/internal/redact"),
		"plugins/policy/engine":          {"plugins/event", "plugins/internal/pipeline", "plugins/internal/jsonscan", "plugins/internal/schemas"},
		"plugins/policy/author":          {"plugins/internal/config", "plugins/provider/catalogue", "plugins/policy/engine", "plugins/internal/redact", "plugins/normalize", "plugins/provider", "plugins/event", "plugins/internal/pipeline", "plugins/internal/schemas"}, // tools, on no delivery's way
		"policies":                       nil,
		"plugins/streams/deadletter":     {"plugins/event", "plugins/internal/text", "plugins/streams/read", "plugins/streams/replay"},
		"plugins/consumer":               {"plugins/event", "plugins/streams/claimcheck", "plugins/streams/deadletter", "plugins/streams/replay"}, // for services: nothing of the edge itself
		"plugins/consumer/examples/go":   nil,                                                                                                     // it shows how to do without this repository
		"plugins/internal/watch":         nil,
		"plugins/internal/pool":          nil,
		"plugins/internal/cores":         nil,
		"plugins/internal/bound":         nil,
		"plugins/internal/pluginserver":  with("plugins/internal/bound", "plugins/internal/cores", "plugins/internal/pool", "kong/wire"),
		"plugins/internal/release":       {"plugins/internal/settings", "plugins/internal/chain", "plugins/internal/config", "plugins/internal/pipeline", "plugins/internal/pluginserver", "plugins/publish", "plugins/quarantine", "plugins/streams/archive"},
		"plugins/internal/settings":      {"plugins/internal/config", "plugins/internal/pluginserver", "plugins/observe", "plugins/provider", "plugins/provider/catalogue", "plugins/provider/custom", "plugins/provider/spec", "plugins/quarantine"},             // and every stage
		"plugins/internal/stages":        with("plugins/internal/payloadschema", "plugins/internal/pluginserver", "plugins/internal/settings", "plugins/observe", "plugins/provider", "plugins/provider/explain", "plugins/quarantine", "plugins/verify/keyring"), // and every stage
		"plugins/internal/selfevent":     {"plugins/event", "plugins/internal/drift", "plugins/internal/endpoint", "plugins/internal/probe"},
		"plugins/internal/drift/readers": {"plugins/internal/drift", "plugins/internal/redact", "plugins/normalize", "plugins/policy/engine", "plugins/provider"},
		"plugins/internal/chain":         with("plugins/internal/drift", "plugins/internal/drift/learner", "plugins/internal/drift/readers", "plugins/internal/endpoint", "plugins/internal/pluginserver", "plugins/internal/selfevent", "plugins/internal/settings", "plugins/internal/stages", "plugins/observe", "plugins/provider", "plugins/provider/catalogue", "plugins/provider/spec", "plugins/publish/jsconn"),
		"plugins/internal/check":         {"kong/local/...", "plugins/internal/settings", "plugins/internal/chain", "plugins/internal/config", "plugins/internal/cores", "plugins/internal/pluginserver", "plugins/internal/telemetry", "plugins/policy/author", "plugins/provider/catalogue", "plugins/publish/jsconn", "plugins/quarantine", "plugins/streams", "plugins/internal/text"},
		"plugins/cmd/webhook-edge":       {"plugins/internal/chain", "plugins/internal/pluginserver"},
		"plugins/internal/observability": nil, // tests of kong/observability
		"plugins/observe":                with(),
		"plugins/internal/endpoint":      {"plugins/internal/telemetry", "plugins/provider/spec"},
		"plugins/internal/drift":         {"plugins/internal/jsonscan"},
		"plugins/internal/drift/bucket":  {"plugins/event", "plugins/internal/drift"},
		"plugins/internal/drift/learner": {"plugins/internal/drift", "plugins/internal/drift/bucket", "plugins/internal/pipeline", "plugins/internal/telemetry"}, // beside deliveries, on the way of none
		// The tool of users: a thin main, and a package for each group of commands.
		"plugins/cmd/webhookctl":          {"plugins/internal/ctl/root"},
		"plugins/internal/ctl/root":       {"plugins/internal/text", "plugins/internal/ctl/...", "plugins/internal/pipeline", "plugins/internal/pluginserver", "plugins/provider/catalogue"},
		"plugins/internal/ctl/exit":       nil,
		"plugins/internal/ctl/pick":       {"plugins/internal/ctl/exit"},
		"plugins/internal/ctl/table":      {"plugins/internal/ctl/color", "plugins/streams/archive"},
		"plugins/internal/ctl/delivery":   {"plugins/provider/catalogue", "plugins/provider", "plugins/provider/spec", "plugins/internal/ctl/exit", "plugins/internal/ctl/pick"},
		"plugins/internal/ctl/kongyml":    {"kong/local", "kong/local/declarative", "plugins/internal/config", "plugins/internal/settings", "plugins/internal/chain", "plugins/internal/module", "plugins/internal/ctl/delivery", "plugins/internal/ctl/exit", "plugins/internal/ctl/pick"},
		"plugins/internal/ctl/asyncapi":   withShared("plugins/event", "plugins/internal/payloadschema", "plugins/provider/catalogue", "plugins/provider/spec", "plugins/publish"),
		"plugins/internal/ctl/check":      withShared("plugins/internal/check"),
		"plugins/internal/ctl/stored":     withShared("plugins/event", "plugins/provider/catalogue", "plugins/streams/archive", "plugins/streams/claimcheck", "plugins/streams/read"),
		"plugins/internal/ctl/forward":    withShared("plugins/internal/ctl/stored", "plugins/internal/text", "plugins/provider", "plugins/provider/spec", "plugins/streams/archive", "plugins/streams/read"),
		"plugins/internal/ctl/tail":       withShared("plugins/internal/ctl/stored", "plugins/internal/text", "plugins/observe", "plugins/internal/pipeline", "plugins/provider/catalogue", "plugins/streams/archive"),
		"plugins/internal/ctl/eventtypes": withShared("plugins/internal/payloadschema", "plugins/internal/typegen", "plugins/provider/catalogue"),
		"plugins/internal/ctl/events":     withShared("plugins/internal/ctl/stored", "plugins/streams/archive"),
		"plugins/internal/ctl/natsflags":  {"plugins/internal/ctl/exit", "plugins/internal/ctl/pick"},
		"plugins/internal/ctl/color":      nil,
		"plugins/internal/ctl/dlq":        withShared("plugins/streams/deadletter"),
		"plugins/internal/ctl/doctor":     withShared("kong/local/process", "plugins/internal/settings", "plugins/internal/chain", "plugins/policy/author", "plugins/policy/engine", "plugins/publish", "plugins/streams", "plugins/internal/text"),
		"plugins/internal/ctl/drift":      withShared("kong/local", "plugins/internal/drift/readers", "plugins/internal/chain", "plugins/internal/drift", "plugins/internal/drift/bucket", "plugins/internal/redact", "plugins/policy/author", "plugins/streams/archive"),
		"plugins/internal/ctl/explain":    withShared("plugins/internal/text", "plugins/provider/catalogue", "plugins/provider/custom", "plugins/internal/config", "plugins/internal/pipeline", "plugins/provider", "plugins/provider/spec", "plugins/provider/explain", "plugins/provider/infer", "plugins/verify", "plugins/internal/ctl/capture"),
		"plugins/internal/ctl/capture":    {"plugins/provider", "plugins/provider/spec"},
		"plugins/internal/ctl/journal":    withShared("plugins/internal/config", "plugins/internal/journal", "plugins/publish"),
		"plugins/internal/ctl/local":      withShared("plugins/internal/ctl/inspector", "plugins/internal/ctl/inspector/site", "plugins/internal/pluginserver", "plugins/streams/archive", "plugins/internal/text", "plugins/internal/check", "plugins/provider/catalogue", "kong/local", "plugins/internal/chain", "plugins/internal/telemetry", "plugins/provider/spec", "plugins/streams/read", "plugins/internal/pipeline"),
		"plugins/internal/ctl/normalize":  withShared("plugins/provider/catalogue", "kong/local", "plugins/internal/config", "plugins/internal/pipeline", "plugins/normalize", "plugins/provider"),
		"plugins/internal/ctl/policy":     withShared("plugins/internal/watch", "plugins/event", "plugins/streams/read", "plugins/streams", "plugins/policy", "plugins/policy/author", "plugins/policy/engine"),
		"plugins/internal/ctl/providers":  withShared("plugins/internal/module", "plugins/internal/text", "plugins/internal/scaffold", "plugins/provider/catalogue", "plugins/internal/providerdoc", "plugins/provider"),
		"plugins/internal/ctl/probe":      withShared("kong/local", "plugins/internal/chain", "plugins/internal/probe", "plugins/provider/spec", "plugins/internal/text"),
		"plugins/internal/ctl/quarantine": withShared("plugins/internal/ctl/keyflags", "plugins/provider/catalogue", "kong/local", "plugins/internal/chain", "plugins/internal/pipeline", "plugins/internal/pluginserver", "plugins/internal/release", "plugins/internal/telemetry", "plugins/provider", "plugins/streams/archive", "plugins/internal/ctl/kept"),
		"plugins/internal/ctl/routes":     withShared("plugins/internal/ctl/topology"),
		"plugins/internal/ctl/topology":   withShared("kong/local", "plugins/event", "plugins/internal/chain", "plugins/policy", "plugins/policy/author", "plugins/policy/engine", "plugins/streams"),
		"plugins/internal/ctl/kept":       {"kong/local", "plugins/internal/chain", "plugins/internal/ctl/kongyml", "plugins/internal/pipeline", "plugins/internal/pluginserver", "plugins/internal/release", "plugins/internal/telemetry", "plugins/provider/catalogue", "plugins/streams/archive"},
		"plugins/internal/ctl/sample":     withShared("plugins/policy/author", "plugins/provider/catalogue"),
		"plugins/internal/ctl/replay":     withShared("plugins/event", "plugins/provider/catalogue", "plugins/streams/read", "plugins/streams/replay"),
		"plugins/internal/ctl/schema":     withShared("plugins/provider/catalogue", "plugins/internal/payloadschema", "plugins/provider", "plugins/internal/schemas"),
		"plugins/internal/ctl/send":       withShared("plugins/internal/ctl/stored", "plugins/internal/settings", "plugins/internal/chain", "plugins/provider/catalogue", "plugins/publish", "plugins/streams/read"),
		"plugins/internal/ctl/streams":    withShared("plugins/streams"),
		"plugins/internal/ctl/subject":    {"plugins/event", "plugins/internal/ctl/exit", "plugins/provider/catalogue", "plugins/provider/spec"},

		"plugins/internal/ctl/keyflags": {"plugins/internal/ctl/exit", "plugins/streams/archive"},

		"plugins/internal/ctl/inspect": withShared("plugins/internal/ctl/inspector", "plugins/internal/ctl/inspector/site", "plugins/internal/ctl/keyflags", "plugins/internal/pluginserver"),

		// The inspector: its parts know the installation that is looked at and never each
		// other; the server has them all.
		"plugins/internal/ctl/inspector/api":  {"plugins/observe", "plugins/policy/author"},
		"plugins/internal/ctl/inspector/site": {"plugins/internal/ctl/inspector/api", "plugins/observe", "plugins/streams/archive"},

		"plugins/internal/ctl/inspector": {"plugins/internal/ctl/delivery", "plugins/internal/ctl/inspector/..."},

		"plugins/internal/ctl/inspector/list": {"plugins/internal/ctl/inspector/api", "plugins/internal/ctl/inspector/site"},

		"plugins/internal/ctl/inspector/feed": {"plugins/internal/ctl/inspector/api", "plugins/internal/ctl/inspector/list", "plugins/internal/ctl/inspector/site", "plugins/internal/ctl/stored", "plugins/observe", "plugins/streams/archive", "plugins/streams/read"},

		"plugins/internal/ctl/inspector/detail": {
			"plugins/internal/text",
			"plugins/internal/ctl/inspector/api", "plugins/internal/ctl/inspector/site", "plugins/internal/ctl/kongyml", "plugins/internal/ctl/stored",
			"kong/local", "plugins/event", "plugins/internal/settings", "plugins/internal/chain", "plugins/internal/formscan", "plugins/internal/jsonscan", "plugins/internal/pipeline",
			"plugins/internal/redact", "plugins/normalize", "plugins/policy/author", "plugins/policy/engine", "plugins/provider", "plugins/provider/catalogue", "plugins/provider/spec",
			"plugins/streams/archive",
		},

		"plugins/internal/ctl/inspector/routing": {"plugins/internal/ctl/inspector/api", "plugins/internal/ctl/inspector/site", "plugins/internal/ctl/topology", "plugins/internal/chain"},

		"plugins/internal/ctl/inspector/health": {"plugins/internal/ctl/inspector/api", "plugins/internal/ctl/inspector/site", "plugins/internal/ctl/topology", "plugins/internal/ctl/kongyml", "plugins/internal/check", "plugins/streams", "kong/local"},

		"plugins/internal/ctl/inspector/act": {"plugins/internal/text", "kong/local", "plugins/event", "plugins/internal/ctl/delivery", "plugins/internal/ctl/inspector/api", "plugins/internal/ctl/inspector/site", "plugins/internal/ctl/kept", "plugins/internal/ctl/kongyml", "plugins/internal/ctl/pick", "plugins/internal/release", "plugins/provider", "plugins/provider/catalogue", "plugins/provider/spec", "plugins/streams/archive", "plugins/streams/deadletter", "plugins/streams/replay"},

		"plugins/internal/ctl/inspector/web": nil,

		// What writes generated files, for who works on this repository.
		"plugins/internal/gen":         with("plugins/provider/catalogue", "plugins/internal/scaffold", "plugins/internal/schemas", "plugins/internal/settings", "plugins/internal/chain", "plugins/internal/module", "plugins/internal/pluginserver", "plugins/internal/providerdoc", "plugins/ipallow", "plugins/provider"),
		"plugins/internal/module":      nil,
		"plugins/internal/providerdoc": {"plugins/internal/pipeline", "plugins/provider", "plugins/provider/spec"},

		// Kits of tests; see kits.
		"plugins/internal/natstest":    nil,
		"plugins/ratelimit/redistest":  nil,
		"plugins/internal/ctl/ctltest": {"plugins/event", "plugins/internal/natstest", "plugins/streams/read"},

		"kong":             {"kong/local/..."},
		"kong/kubernetes":  nil,
		"kong/local/...":   {"kong/local/...", "kong/wire"},
		"kong/wire":        nil, // Kong's protocol, for both ends
		"e2e":              {"kong/local/...", "kong/wire", "e2e/ackmodel", "plugins/ratelimit/redistest"},
		"e2e/benchreport":  nil,
		"e2e/ackmodel":     nil, // a model of the protocol, that knows none of the code
		"kong/cluster/...": nil, // tests of files

		// What normalize converts and validates with.
		"plugins/internal/tojson":        {"plugins/internal/formscan", "plugins/internal/jsonscan"},
		"plugins/internal/typegen":       {"plugins/internal/payloadschema"}, // for consumers
		"plugins/internal/payloadschema": {"plugins/internal/pool", "plugins/internal/watch", "plugins/internal/schemas"},
	}
	for _, name := range chain.Packages() {
		path := "plugins/" + name
		if _, ok := rules[path]; !ok {
			rules[path] = stage
		}
		for _, room := range []string{"plugins/internal/settings", "plugins/internal/stages"} {
			rules[room] = append(rules[room], path)
		}
	}
	return rules
}

// kits are packages that only tests and other kits may import.
func kits() []string {
	return []string{"plugins/internal/natstest", "plugins/ratelimit/redistest", "plugins/internal/ctl/ctltest", "kong/local/host/hosttest"}
}

// pure packages may use nothing of others but what is named here.
func pure() map[string][]string {
	json := []string{"github.com/go-json-experiment/json"}
	keccak := append(json, "golang.org/x/crypto/sha3", "golang.org/x/sys/cpu") // the standard library has SHA-3 alone
	return map[string][]string{
		"plugins/event":             json, // it escapes attributes
		"plugins/internal/pipeline": json, // through event
		"plugins/internal/formscan": nil,
		"plugins/internal/jsonscan": json,
		"plugins/internal/redact":   json,
		"plugins/provider/spec":     keccak,
		"plugins/provider":          append(keccak, "golang.org/x/crypto", "github.com/go-jose/go-jose/v4"),
	}
}

type listed struct {
	ImportPath                         string
	Standard                           bool
	Imports, TestImports, XTestImports []string
	Deps                               []string
}

func list(t *testing.T, args ...string) []listed {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list", "-json=ImportPath,Standard,Imports,TestImports,XTestImports,Deps"}, args...)...)
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var packages []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

func matches(pattern, path string) bool {
	tree, ok := strings.CutSuffix(pattern, "/...")
	return pattern == path || ok && (path == tree || strings.HasPrefix(path, tree+"/"))
}

func TestImports_followTheDesign(t *testing.T) {
	rules := mayImport()
	for _, p := range list(t, "./...") {
		path, _ := inside(p.ImportPath)
		var allowed []string
		known := false
		for pattern, may := range rules {
			if matches(pattern, path) {
				known, allowed = true, append(allowed, may...)
			}
		}
		if !known && path != "plugins" {
			t.Errorf("%s has no rule: say in mayImport what it may import", path)
		}
		imports := p.Imports
		if path == "e2e" { // its tests are what it is
			imports = slices.Concat(imports, p.TestImports, p.XTestImports)
		}
		for _, imported := range imports {
			own, ok := inside(imported)
			if ok && !slices.ContainsFunc(allowed, func(pattern string) bool { return matches(pattern, own) }) {
				t.Errorf("%s may not import %s", path, own)
			}
		}
	}
}

func TestImports_kitsAreForTests(t *testing.T) {
	isKit := func(path string) bool {
		return slices.ContainsFunc(kits(), func(pattern string) bool { return matches(pattern, path) })
	}
	found := 0
	for _, p := range list(t, "./...") {
		path, _ := inside(p.ImportPath)
		if isKit(path) {
			found++
			continue
		}
		for _, imported := range p.Imports {
			if own, ok := inside(imported); ok && isKit(own) {
				t.Errorf("%s imports %s, which is for tests", path, own)
			}
		}
	}
	if found < len(kits()) {
		t.Errorf("%d of %d kits are there", found, len(kits()))
	}
}

func TestImports_purePackagesStayPure(t *testing.T) {
	standard := map[string]bool{}
	for _, p := range list(t, "std") {
		standard[p.ImportPath] = true
	}
	for path, allowed := range pure() {
		for _, p := range list(t, "./"+path) {
			for _, dep := range p.Deps {
				first, _, _ := strings.Cut(dep, "/")
				own := strings.HasPrefix(dep, module) || standard[dep] || first == "vendor"
				if !own && !slices.ContainsFunc(allowed, func(prefix string) bool { return strings.HasPrefix(dep, prefix) }) {
					t.Errorf("%s depends on %s", path, dep)
				}
			}
		}
	}
}

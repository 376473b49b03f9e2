package kong_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"webhookedge/kong/local/declarative"
	"webhookedge/kong/local/schema"
	"webhookedge/kong/local/vault"
)

// bundled are the plugins that Kong 3.9.3 brings along (kong/constants.lua),
// without those that answer or change what a webhook's route must leave alone:
// whoever puts one of these into kong.yml has to say here that it may stand there.
func bundled() []string {
	return []string{
		"request-termination", "ip-restriction", "rate-limiting", "request-size-limiting", "bot-detection",
		"correlation-id", "prometheus", "opentelemetry", "file-log", "http-log", "syslog",
	}
}

func kongSchema(t *testing.T, plugin string) *schema.Schema {
	t.Helper()
	s, err := schema.Parse(dump(t, plugin).Schema)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// jsonSchema is the one that editors use.
func jsonSchema(t *testing.T, plugin string) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile(filepath.Join(root, "schemas", "config", plugin+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// kongYML is the file as it is shipped, after what Kong checks when it loads it.
func kongYML(t *testing.T) *declarative.File {
	t.Helper()
	file, err := declarative.Parse("kong.yml", []byte(read(t, "kong/kong.yml")))
	if err != nil {
		t.Fatal(err)
	}
	found := slices.Clone(file.Warnings)
	for _, p := range file.Plugins {
		switch {
		case slices.Contains(plugins(t), p.Name):
			_, faults := kongSchema(t, p.Name).Check(p.Config)
			for _, f := range faults {
				found = append(found, p.Problem(f.Path, schema.PathText(f.Path), f.Message))
			}
		case !slices.Contains(bundled(), p.Name):
			found = append(found, p.Problem([]any{"name"}, "name", "no such plugin"))
		}
	}
	for _, p := range found {
		t.Error(p)
	}
	return file
}

// ours are the plugins of the file that are not Kong's.
func ours(t *testing.T, file *declarative.File) []*declarative.Plugin {
	t.Helper()
	built := plugins(t)
	found := slices.DeleteFunc(slices.Clone(file.Plugins), func(p *declarative.Plugin) bool { return !slices.Contains(built, p.Name) })
	if len(found) == 0 {
		t.Fatal("none of our plugins is in kong.yml")
	}
	return found
}

func TestKongYml_isValidForKongAndForEditors(t *testing.T) {
	for _, p := range ours(t, kongYML(t)) {
		if err := jsonSchema(t, p.Name).Validate(p.Config); err != nil {
			t.Errorf("kong.yml:%d: %s: %v", p.Line, p.Name, err)
		}
	}
}

func TestKongYml_holdsReferencesInPlaceOfSecrets(t *testing.T) {
	found := 0
	for _, p := range ours(t, kongYML(t)) {
		secrets(configField(t, p.Name), p.Config, "config", func(path string, value any) {
			found++
			if !schema.IsReference(value) {
				t.Errorf("kong.yml:%d: %s of %s is not a vault reference", p.Line, path, p.Name)
			}
		})
	}
	if found < 5 {
		t.Errorf("only %d secrets found", found)
	}
}

// kongEnvironment is what the kong service gets when every variable of the env file has
// a value.
func kongEnvironment(t *testing.T) map[string]string {
	t.Helper()
	env := environment(t, project(t, passwords()), "kong")
	files := project(t, passwords()).Services["kong"].EnvFiles
	if len(files) != 1 || filepath.Base(files[0].Path) != "webhooks.env" || bool(files[0].Required) {
		t.Fatalf("env files %v", files)
	}
	for line := range strings.Lines(read(t, "kong/webhooks.env.example")) {
		name, value, assigned := strings.Cut(strings.TrimSpace(line), "=")
		if !assigned || strings.HasPrefix(line, "#") {
			continue
		}
		if _, twice := env[name]; twice || value != "" {
			t.Errorf("webhooks.env.example: %s has a value, here or in the compose file", name)
		}
		env[name] = "of-the-test"
	}
	for _, ignore := range []string{".gitignore", ".dockerignore"} {
		for _, name := range []string{"kong/webhooks.env", ".env"} {
			if !regexp.MustCompile(`(?m)^/?` + regexp.QuoteMeta(name) + `$`).MatchString(read(t, ignore)) {
				t.Errorf("%s does not keep %s out", ignore, name)
			}
		}
	}
	return env
}

// optional are variables that the compose file hands over for what users may turn on, and
// settings that differ in a container.
func optional() []string {
	return []string{"REDIS_URL", "REDIS_PASSWORD", "KONG_STATUS_LISTEN", "KONG_PLUGINSERVER_WEBHOOK_EDGE_START_CMD"}
}

func TestKongYml_agreesWithComposeOnVariables(t *testing.T) {
	env := kongEnvironment(t)
	file, used := kongYML(t), map[string]bool{}
	resolver := vault.Env{Prefixes: file.Vaults, Lookup: func(name string) (string, bool) {
		used[name] = true
		value, ok := env[name]
		return value, ok
	}}
	for _, p := range ours(t, file) {
		s := kongSchema(t, p.Name)
		config, _ := s.Check(p.Config)
		_, unresolved := s.Load(config, resolver.Resolve)
		for _, u := range unresolved {
			t.Errorf("kong.yml:%d: %s: the compose file hands no such variable to kong: %v", p.Line, schema.PathText(u.Path), u.Err)
		}
	}
	raw, err := os.ReadFile("kong.yml")
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw) // what stands there only as a comment counts as used
	known := conf(t)
	for _, name := range slices.Sorted(maps.Keys(env)) {
		if key, isSetting := settingOf(name); isSetting {
			if !knownKey(key, plugins(t)) {
				t.Errorf("the compose file sets %s, which is no setting of Kong's", name)
			}
			if _, both := known[key]; both && !slices.Contains(optional(), name) {
				t.Errorf("the compose file sets %s over kong.conf, where it has its reason", name)
			}
		} else if !used[name] && !slices.Contains(optional(), name) && !strings.Contains(text, "{vault://env/"+strings.ReplaceAll(strings.ToLower(name), "_", "-")+"}") {
			t.Errorf("the compose file hands %s to kong, and kong.yml does not use it", name)
		}
	}
}

func TestKongYml_servesProvidersOfTheCatalogue(t *testing.T) {
	served := map[string]int{}
	for _, p := range ours(t, kongYML(t)) {
		config, _ := p.Config.(map[string]any)
		name, _ := config["provider"].(string)
		if p.Route == nil || !p.Enabled || len(p.Route.Paths) == 0 {
			t.Errorf("kong.yml:%d: %s stands on no route of its own", p.Line, p.Name)
			continue
		}
		served[name]++
		if !slices.Contains(p.Route.Protocols, "https") {
			t.Errorf("kong.yml:%d: route %s does not take https", p.Line, p.Route.Name)
		}
	}
	for _, plugin := range plugins(t) {
		field, ok := configField(t, plugin).sub("provider")
		if !ok || len(field.OneOf) == 0 {
			t.Fatalf("%s does not say which providers it knows", plugin)
		}
		for name := range served {
			if !slices.Contains(field.OneOf, name) {
				t.Errorf("%s does not know %s", plugin, name)
			}
		}
	}
	if len(served) < 5 {
		t.Errorf("only %d providers have a route", len(served))
	}
}

// terminates says whether request-termination answers 200 where p lets pass.
func terminates(file *declarative.File, p *declarative.Plugin) bool {
	return slices.ContainsFunc(file.Plugins, func(other *declarative.Plugin) bool {
		config, _ := other.Config.(map[string]any)
		return other.Name == "request-termination" && other.Enabled && config["status_code"] == int64(200) &&
			other.Route == p.Route && other.Service == p.Service
	})
}

func TestKongYml_answersWhatItLetsPass(t *testing.T) {
	file := kongYML(t)
	for _, p := range ours(t, file) {
		config, _ := p.Config.(map[string]any)
		proxied := p.Service != nil || p.Route != nil && p.Route.Service != nil
		switch goesOn := config["respond"] == "continue"; {
		case goesOn && !proxied && !terminates(file, p):
			t.Errorf("kong.yml:%d: nothing answers after %s: Kong would say 503 of a stored event", p.Line, p.Name)
		case !goesOn && terminates(file, p):
			t.Errorf("kong.yml:%d: %s answers by itself, request-termination never runs", p.Line, p.Name)
		}
	}
}

func TestKongYml_usesTheUserOfNATS(t *testing.T) {
	opts, _ := natsOptions(t, "of-the-test")
	for _, p := range ours(t, kongYML(t)) {
		config, _ := p.Config.(map[string]any)
		publish, _ := config["publish"].(map[string]any)
		if publish != nil && publish["username"] != opts.Users[0].Username {
			t.Errorf("kong.yml:%d: user %v, nats.conf has %s", p.Line, publish["username"], opts.Users[0].Username)
		}
	}
}

//go:build !race

package kubernetes_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/kong/local/declarative"
	"webhookedge/kong/local/schema"
	"webhookedge/plugins/streams"
)

// edgeSchema is webhook-edge's, as -dump says it and a test of the chain holds it.
func edgeSchema(t *testing.T) *schema.Schema {
	t.Helper()
	var dump struct {
		Plugins []struct{ Schema json.RawMessage }
	}
	if err := json.Unmarshal(read(t, "../../plugins/internal/chain/testdata/webhook-edge.dump.json"), &dump); err != nil {
		t.Fatal(err)
	}
	s, err := schema.Parse(dump.Plugins[0].Schema)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// checked are the configs of webhook-edge in a declarative file, valid for Kong.
func checked(t *testing.T, name string, text []byte) []*declarative.Plugin {
	t.Helper()
	file, err := declarative.Parse(name, text)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range file.Warnings {
		t.Error(w)
	}
	var found []*declarative.Plugin
	for _, p := range file.Plugins {
		switch p.Name {
		case "webhook-edge":
			_, faults := edgeSchema(t).Check(p.Config)
			for _, f := range faults {
				t.Error(p.Problem(f.Path, schema.PathText(f.Path), f.Message))
			}
			found = append(found, p)
		case "request-termination":
		default:
			t.Errorf("%s: no plugin %s is in the image", name, p.Name)
		}
	}
	return found
}

func TestKongYml_isValidForKong(t *testing.T) {
	if found := checked(t, "kong.yml", read(t, "kong.yml")); len(found) < 2 {
		t.Errorf("%d routes", len(found))
	}
}

var reference = regexp.MustCompile(`\{vault://env/([a-z0-9-]+)\}`)

// references are the variables that a file refers to.
func references(text []byte) []string {
	names := map[string]bool{}
	for _, m := range reference.FindAllSubmatch(text, -1) {
		names[strings.ToUpper(strings.ReplaceAll(string(m[1]), "-", "_"))] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// secretNames are the keys of the Secret, none of which the example gives a password.
func secretNames(t *testing.T) []string {
	t.Helper()
	var names []string
	for line := range strings.Lines(string(read(t, "secret.env.example"))) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		if value != "" && !strings.HasSuffix(name, "_URL") {
			t.Errorf("%s has a value in the example", name)
		}
		names = append(names, name)
	}
	return names
}

// TestSecret_hasWhatTheRoutesReferTo: Secret -> environment of Kong -> vault reference.
func TestSecret_hasWhatTheRoutesReferTo(t *testing.T) {
	c := manifests(t)
	kong := container(t, c.set.Spec.Template.Spec, "kong")
	if len(kong.EnvFrom) != 1 || kong.EnvFrom[0].SecretRef == nil || kong.EnvFrom[0].SecretRef.Name != "webhook-edge" {
		t.Fatalf("Kong has its variables from %v", kong.EnvFrom)
	}
	given := append(secretNames(t), "WEBHOOK_JOURNAL_DIR")
	slices.Sort(given)
	if got := references(read(t, "kong.yml")); !slices.Equal(got, given) {
		t.Errorf("kong.yml refers to %v,\nthere are %v", got, given)
	}
	for _, name := range references(read(t, "ingress-controller.yml")) {
		if !slices.Contains(given, name) {
			t.Errorf("ingress-controller.yml refers to %s, which nothing sets", name)
		}
	}
	for _, one := range containers(c.set.Spec.Template.Spec) {
		if one.Name != "kong" && len(one.EnvFrom)+len(one.Env) > 0 {
			t.Errorf("%s has secrets in its environment, which it does not need", one.Name)
		}
	}
	for _, v := range c.drain.Spec.Containers[0].Env {
		if v.ValueFrom == nil || v.ValueFrom.SecretKeyRef.Name != "webhook-edge" || !slices.Contains(given, v.ValueFrom.SecretKeyRef.Key) {
			t.Errorf("drain.yml: %s is not a key of the Secret", v.Name)
		}
	}
}

func TestStreams_haveThreeReplicas(t *testing.T) {
	specs, err := streams.Load("streams.yml")
	if err != nil || len(specs) < 3 {
		t.Fatalf("%d streams: %v", len(specs), err)
	}
	shipped, err := streams.Load("../streams.yml")
	if err != nil {
		t.Fatal(err)
	}
	for i := range specs {
		if specs[i].Replicas != 3 {
			t.Errorf("%s has %d replicas", specs[i].Name, specs[i].Replicas)
		}
		specs[i].Replicas = shipped[i].Replicas
	}
	if diff := cmp.Diff(shipped, specs); diff != "" {
		t.Errorf("streams.yml differs from kong/streams.yml in more than its replicas:\n%s", diff)
	}
	// The file stands where kong.yml says.
	mounts := container(t, manifests(t).set.Spec.Template.Spec, "plugins").VolumeMounts
	for _, p := range checked(t, "kong.yml", read(t, "kong.yml")) {
		publish, _ := p.Config.(map[string]any)["publish"].(map[string]any)
		stream, _ := publish["stream"].(map[string]any)
		file, _ := stream["file"].(string)
		found := false
		for _, m := range mounts {
			found = found || m.Name == "streams" && file == m.MountPath+"/streams.yml"
		}
		if !found {
			t.Errorf("no volume has %q", file)
		}
	}
}

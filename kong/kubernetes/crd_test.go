//go:build !race

package kubernetes_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	kyaml "sigs.k8s.io/yaml"
)

// crd compiles the schema that Kong publishes for KongClusterPlugin. Its rules in CEL,
// that no two sources of a config are given at once, are not run: there is one here.
func crd(t *testing.T) *jsonschema.Schema {
	t.Helper()
	var schema any
	if err := yaml.Unmarshal(read(t, "testdata/kongclusterplugin.crd.yml"), &schema); err != nil {
		t.Fatal(err)
	}
	closed(schema)
	c := jsonschema.NewCompiler()
	if err := c.AddResource("crd.json", schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("crd.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// closed forbids properties that a schema does not name, unless it keeps them: the API
// server drops them without a word, or refuses them under strict validation.
func closed(schema any) {
	switch s := schema.(type) {
	case map[string]any:
		_, named := s["properties"].(map[string]any)
		if keeps, _ := s["x-kubernetes-preserve-unknown-fields"].(bool); named && !keeps {
			s["additionalProperties"] = false
		}
		for _, inner := range s {
			closed(inner)
		}
	case []any:
		for _, inner := range s {
			closed(inner)
		}
	}
}

// withoutMetadata leaves metadata to the API server, as a CRD does.
func withoutMetadata(t *testing.T, text []byte) any {
	t.Helper()
	asJSON, err := kyaml.YAMLToJSONStrict(text)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	value.(map[string]any)["metadata"] = map[string]any{}
	return value
}

// clusterPlugin is what these tests ask of a KongClusterPlugin.
type clusterPlugin struct {
	Metadata struct {
		Name        string            `json:"name"`
		Annotations map[string]string `json:"annotations"`
	} `json:"metadata"`
	Plugin string         `json:"plugin"`
	Config map[string]any `json:"config"`
}

func TestCRD_refusesWhatItDoesNotKnow(t *testing.T) {
	schema := crd(t)
	for name, text := range map[string]string{
		"an unknown key":      "{plugin: webhook-edge, configs: {}}",
		"no plugin":           "{config: {}}",
		"a config as text":    "{plugin: webhook-edge, config: x}",
		"a protocol of today": "{plugin: webhook-edge, protocols: [quic]}",
	} {
		if schema.Validate(withoutMetadata(t, []byte(text))) == nil {
			t.Errorf("%s passes", name)
		}
	}
}

func TestIngressController_resourcesAreValid(t *testing.T) {
	schema := crd(t)
	plugins, services, ingresses := map[string]clusterPlugin{}, map[string]bool{}, []networkingv1.Ingress{}
	kinds, texts := documents(t, "ingress-controller.yml")
	for i, kind := range kinds {
		switch kind {
		case "KongClusterPlugin":
			if err := schema.Validate(withoutMetadata(t, texts[i])); err != nil {
				t.Error(err)
			}
			var p clusterPlugin
			if err := kyaml.Unmarshal(texts[i], &p); err != nil {
				t.Fatal(err)
			}
			if p.Metadata.Annotations["kubernetes.io/ingress.class"] != "kong" {
				t.Errorf("no controller takes %s", p.Metadata.Name)
			}
			plugins[p.Metadata.Name] = p
		case "Ingress":
			var in networkingv1.Ingress
			strictly(t, "ingress-controller.yml", texts[i], &in)
			ingresses = append(ingresses, in)
		case "Service":
			var s corev1.Service
			strictly(t, "ingress-controller.yml", texts[i], &s)
			services[s.Name] = true
		default:
			t.Errorf("no test knows the kind %q", kind)
		}
	}
	used := map[string]bool{}
	for _, in := range ingresses {
		for name := range strings.SplitSeq(in.Annotations["konghq.com/plugins"], ",") {
			used[name] = true
			if _, ok := plugins[name]; !ok {
				t.Errorf("the Ingress %s has no plugin %q", in.Name, name)
			}
		}
		backend := in.Spec.Rules[0].HTTP.Paths[0].Backend.Service
		if backend == nil || !services[backend.Name] {
			t.Errorf("the Ingress %s has no Service: %v", in.Name, backend)
		}
	}
	for name, p := range plugins {
		if !used[name] {
			t.Errorf("no Ingress has the plugin %s", name)
		}
		asKongYml(t, p)
	}
}

// asKongYml checks the config as Kong would, when the controller sends it.
func asKongYml(t *testing.T, p clusterPlugin) {
	t.Helper()
	text, err := json.Marshal(map[string]any{
		"_format_version": "3.0",
		"routes": []any{map[string]any{
			"name": p.Metadata.Name, "paths": []string{"/x"},
			"plugins": []any{map[string]any{"name": p.Plugin, "config": p.Config}},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := checked(t, p.Metadata.Name, text); len(got) == 0 && p.Plugin != "request-termination" {
		t.Errorf("%s has the plugin %s", p.Metadata.Name, p.Plugin)
	}
}

//go:build !race

package kubernetes_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	kyaml "sigs.k8s.io/yaml"
)

// values are what these tests read of the Helm values, in the types of Kubernetes where
// the chart hands them on as they are.
type values struct {
	FullnameOverride string `json:"fullnameOverride"`
	Image            struct {
		Repository string `json:"repository"`
		Tag        string `json:"tag"`
	} `json:"image"`
	DBLess struct {
		ConfigMap string `json:"configMap"`
	} `json:"dblessConfig"`
	EnvFrom    []corev1.EnvFromSource `json:"envFrom"`
	CustomEnv  map[string]string      `json:"customEnv"`
	Env        map[string]string      `json:"env"`
	Deployment struct {
		InitContainers     []corev1.Container `json:"initContainers"`
		UserDefinedVolumes []corev1.Volume    `json:"userDefinedVolumes"`
	} `json:"deployment"`
	SecurityContext corev1.PodSecurityContext   `json:"securityContext"`
	PodLabels       map[string]string           `json:"podLabels"`
	Resources       corev1.ResourceRequirements `json:"resources"`
	Grace           int64                       `json:"terminationGracePeriodSeconds"`
	Autoscaling     struct {
		MinReplicas int32                                          `json:"minReplicas"`
		MaxReplicas int32                                          `json:"maxReplicas"`
		Metrics     []autoscalingv2.MetricSpec                     `json:"metrics"`
		Behavior    *autoscalingv2.HorizontalPodAutoscalerBehavior `json:"behavior"`
	} `json:"autoscaling"`
}

// part decodes one value strictly, as the API server will where the chart puts it.
func part(t *testing.T, all map[string]any, path string, into any) {
	t.Helper()
	var value any = all
	for key := range strings.SplitSeq(path, ".") {
		value = value.(map[string]any)[key]
	}
	text, err := json.Marshal(value)
	if err != nil || value == nil {
		t.Fatalf("values.yml has no %s: %v", path, err)
	}
	strictly(t, "values.yml: "+path, text, into)
}

func helm(t *testing.T) values {
	t.Helper()
	var v values
	var all map[string]any
	text := read(t, "values.yml")
	if err := kyaml.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	if err := kyaml.UnmarshalStrict(text, &all); err != nil { // keys given twice
		t.Fatal(err)
	}
	part(t, all, "envFrom", &v.EnvFrom)
	part(t, all, "deployment.initContainers", &v.Deployment.InitContainers)
	part(t, all, "deployment.userDefinedVolumes", &v.Deployment.UserDefinedVolumes)
	part(t, all, "securityContext", &v.SecurityContext)
	part(t, all, "resources", &v.Resources)
	part(t, all, "autoscaling.metrics", &v.Autoscaling.Metrics)
	part(t, all, "autoscaling.behavior", &v.Autoscaling.Behavior)
	return v
}

// open are values that the chart hands on whole, whatever is in them.
func open() []string {
	return []string{
		"env", "customEnv", "envFrom", "deployment.initContainers", "deployment.userDefinedVolumes", "securityContext",
		"podLabels", "podAnnotations", "resources", "autoscaling.metrics", "autoscaling.behavior",
	}
}

func TestValues_areKnownToTheChart(t *testing.T) {
	known := strings.Fields(string(read(t, "testdata/chart-kong-3.4.1.txt")))
	var walk func(file, path string, value any)
	walk = func(file, path string, value any) {
		inner, isMap := value.(map[string]any)
		if !isMap || slices.Contains(open(), path) {
			if !slices.Contains(known, path) && !slices.Contains(open(), path) {
				t.Errorf("%s: the chart does not know %s", file, path)
			}
			return
		}
		for key, one := range inner {
			walk(file, strings.TrimPrefix(path+"."+key, "."), one)
		}
	}
	for _, path := range open() {
		if !slices.ContainsFunc(known, func(k string) bool { return k == path || strings.HasPrefix(k, path+".") }) {
			t.Errorf("the chart does not know %s", path)
		}
	}
	for _, file := range []string{"values.yml", "values-ingress-controller.yml"} {
		var all map[string]any
		strictly(t, file, read(t, file), &all)
		walk(file, "", all)
	}
}

// TestValues_areTheStatefulSet compares what both of them say.
func TestValues_areTheStatefulSet(t *testing.T) {
	v, c := helm(t), manifests(t)
	p := c.set.Spec.Template.Spec
	want, got := container(t, p, "plugins"), v.Deployment.InitContainers[0]
	image := kustomized(t).Images[0]
	if v.Image.Repository != image.NewName || v.Image.Tag != image.NewTag || got.Image != image.NewName+":"+image.NewTag {
		t.Errorf("images %s:%s and %s", v.Image.Repository, v.Image.Tag, got.Image)
	}
	// The chart names its volumes after itself, and has the user in each container.
	prefix := map[string]string{"prefix": v.FullnameOverride + "-prefix-dir", "tmp": v.FullnameOverride + "-tmp"}
	for i, m := range want.VolumeMounts {
		if name, ok := prefix[m.Name]; ok {
			want.VolumeMounts[i].Name = name
		}
	}
	byName := func(a, b corev1.VolumeMount) int { return strings.Compare(a.MountPath, b.MountPath) }
	slices.SortFunc(want.VolumeMounts, byName)
	slices.SortFunc(got.VolumeMounts, byName)
	want.Image = got.Image
	s := p.SecurityContext
	want.SecurityContext.RunAsUser, want.SecurityContext.RunAsGroup, want.SecurityContext.RunAsNonRoot = s.RunAsUser, s.RunAsGroup, s.RunAsNonRoot
	if diff := cmp.Diff(asJSON(t, want), asJSON(t, got)); diff != "" {
		t.Errorf("the sidecar (-statefulset.yml +values.yml):\n%s", diff)
	}
	kong := container(t, p, "kong")
	same := map[string][2]any{
		"envFrom":     {kong.EnvFrom, v.EnvFrom},
		"resources":   {kong.Resources, v.Resources},
		"metrics":     {c.scaler.Spec.Metrics, v.Autoscaling.Metrics},
		"behavior":    {c.scaler.Spec.Behavior, v.Autoscaling.Behavior},
		"minReplicas": {c.scaler.Spec.MinReplicas, v.Autoscaling.MinReplicas},
		"maxReplicas": {c.scaler.Spec.MaxReplicas, v.Autoscaling.MaxReplicas},
		"fsGroup":     {p.SecurityContext.FSGroup, v.SecurityContext.FSGroup},
		"grace":       {p.TerminationGracePeriodSeconds, v.Grace},
		"the journal": {variables(kong)["WEBHOOK_JOURNAL_DIR"], v.CustomEnv["webhook_journal_dir"]},
	}
	for name, pair := range same {
		if diff := cmp.Diff(asJSON(t, pair[0]), asJSON(t, pair[1])); diff != "" {
			t.Errorf("%s (-manifests +values.yml):\n%s", name, diff)
		}
	}
	if !selects(c.policy.Spec.PodSelector.MatchLabels, v.PodLabels) {
		t.Errorf("the NetworkPolicy does not select %v", v.PodLabels)
	}
	if v.DBLess.ConfigMap != kustomized(t).ConfigMapGenerator[0].Name {
		t.Errorf("kong.yml is in %q", v.DBLess.ConfigMap)
	}
}

// TestValues_setKongAsTheStatefulSetDoes compares Kong's settings by their names in the
// environment; the chart itself sets the rest.
func TestValues_setKongAsTheStatefulSetDoes(t *testing.T) {
	chart := []string{"KONG_PREFIX", "KONG_NGINX_WORKER_PROCESSES", "KONG_STATUS_LISTEN", "KONG_ROUTER_FLAVOR"}
	want := variables(container(t, manifests(t).set.Spec.Template.Spec, "kong"))
	got := map[string]string{}
	for name, value := range helm(t).Env {
		got["KONG_"+strings.ToUpper(name)] = value
	}
	for _, m := range []map[string]string{want, got} {
		maps.DeleteFunc(m, func(name, _ string) bool { return !strings.HasPrefix(name, "KONG_") || slices.Contains(chart, name) })
	}
	if diff := cmp.Diff(want, got); diff != "" || len(want) < 4 {
		t.Errorf("(-statefulset.yml +values.yml):\n%s", diff)
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

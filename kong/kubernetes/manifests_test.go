//go:build !race

package kubernetes_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	kyaml "sigs.k8s.io/yaml"
)

func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.FromSlash(name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// strictly decodes one object as the API server does with fieldValidation: Strict.
func strictly(t *testing.T, name string, text []byte, into any) {
	t.Helper()
	if err := kyaml.UnmarshalStrict(text, into); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

// documents are the objects of a file, each by its kind.
func documents(t *testing.T, name string) (kinds []string, texts [][]byte) {
	t.Helper()
	dec := yaml.NewDecoder(bytes.NewReader(read(t, name)))
	for {
		var doc map[string]any
		if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
			return kinds, texts
		} else if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		text, err := yaml.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		kind, _ := doc["kind"].(string)
		kinds, texts = append(kinds, kind), append(texts, text)
	}
}

// kustomization is what kustomization.yml uses of sigs.k8s.io/kustomize/api/types.
type kustomization struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace"`
	Labels     []struct {
		Pairs map[string]string `json:"pairs"`
	} `json:"labels"`
	Resources []string `json:"resources"`
	Images    []struct {
		Name    string `json:"name"`
		NewName string `json:"newName"`
		NewTag  string `json:"newTag"`
	} `json:"images"`
	ConfigMapGenerator []configMap `json:"configMapGenerator"`
}

type configMap struct {
	Name  string   `json:"name"`
	Files []string `json:"files"`
}

func kustomized(t *testing.T) kustomization {
	t.Helper()
	var k kustomization
	strictly(t, "kustomization.yml", read(t, "kustomization.yml"), &k)
	return k
}

// cluster is what kubectl apply -k makes, and the pod of drain.yml.
type cluster struct {
	set        appsv1.StatefulSet
	services   map[string]corev1.Service
	policy     networkingv1.NetworkPolicy
	disruption policyv1.PodDisruptionBudget
	scaler     autoscalingv2.HorizontalPodAutoscaler
	namespace  corev1.Namespace
	drain      corev1.Pod
}

func manifests(t *testing.T) cluster {
	t.Helper()
	c := cluster{services: map[string]corev1.Service{}}
	for _, name := range append(kustomized(t).Resources, "drain.yml") {
		kinds, texts := documents(t, name)
		for i, kind := range kinds {
			switch kind {
			case "StatefulSet":
				strictly(t, name, texts[i], &c.set)
			case "Service":
				var s corev1.Service
				strictly(t, name, texts[i], &s)
				c.services[s.Name] = s
			case "NetworkPolicy":
				strictly(t, name, texts[i], &c.policy)
			case "PodDisruptionBudget":
				strictly(t, name, texts[i], &c.disruption)
			case "HorizontalPodAutoscaler":
				strictly(t, name, texts[i], &c.scaler)
			case "Namespace":
				strictly(t, name, texts[i], &c.namespace)
			case "Pod":
				strictly(t, name, texts[i], &c.drain)
			default:
				t.Errorf("%s: no test knows the kind %q", name, kind)
			}
		}
	}
	return c
}

func TestManifests_fileIsUsedOrExplained(t *testing.T) {
	k := kustomized(t)
	used := append(slices.Clone(k.Resources), "kustomization.yml")
	for _, m := range k.ConfigMapGenerator {
		used = append(used, m.Files...)
	}
	readme := string(read(t, "README.md"))
	files, err := filepath.Glob("*.yml")
	if err != nil || len(files) < len(used) {
		t.Fatalf("%v: %v", files, err)
	}
	for _, file := range files {
		if !slices.Contains(used, file) && !strings.Contains(readme, "("+file+")") {
			t.Errorf("%s is neither in kustomization.yml nor in the README", file)
		}
	}
}

// containers are all of a pod, sidecars included.
func containers(p corev1.PodSpec) []corev1.Container {
	return slices.Concat(p.InitContainers, p.Containers)
}

// restricted holds a pod to the Pod Security Standard "restricted" and to more: a
// read-only root file system, no token of the API server, bounded memory.
func restricted(t *testing.T, name string, p corev1.PodSpec) {
	t.Helper()
	s := p.SecurityContext
	if s == nil || s.RunAsNonRoot == nil || !*s.RunAsNonRoot || s.RunAsUser == nil || *s.RunAsUser == 0 ||
		s.SeccompProfile == nil || s.SeccompProfile.Type != corev1.SeccompProfileTypeRuntimeDefault {
		t.Errorf("%s: the pod may be root, or has no seccomp profile", name)
	}
	if p.AutomountServiceAccountToken == nil || *p.AutomountServiceAccountToken {
		t.Errorf("%s: the pod gets a token of the API server", name)
	}
	for _, c := range containers(p) {
		confined(t, name, c)
	}
	for _, v := range p.Volumes {
		if v.HostPath != nil || v.EmptyDir != nil && v.EmptyDir.SizeLimit == nil {
			t.Errorf("%s: the volume %s is the node's, or has no bound", name, v.Name)
		}
	}
}

func confined(t *testing.T, name string, c corev1.Container) {
	t.Helper()
	s := c.SecurityContext
	if s == nil || s.AllowPrivilegeEscalation == nil || *s.AllowPrivilegeEscalation || s.Capabilities == nil ||
		!slices.Equal(s.Capabilities.Drop, []corev1.Capability{"ALL"}) || len(s.Capabilities.Add) > 0 {
		t.Errorf("%s: %s keeps capabilities, or can gain privileges", name, c.Name)
	} else if s.ReadOnlyRootFilesystem == nil || !*s.ReadOnlyRootFilesystem {
		t.Errorf("%s: %s can write its root file system", name, c.Name)
	}
	if c.Resources.Limits.Memory().IsZero() || c.Resources.Requests.Cpu().IsZero() || c.Resources.Requests.Memory().IsZero() {
		t.Errorf("%s: %s has no bound on memory, or asks for nothing", name, c.Name)
	}
}

func TestManifests_podsAreConfined(t *testing.T) {
	c := manifests(t)
	restricted(t, "statefulset.yml", c.set.Spec.Template.Spec)
	restricted(t, "drain.yml", c.drain.Spec)
	if c.namespace.Labels["pod-security.kubernetes.io/enforce"] != "restricted" || c.namespace.Name != kustomized(t).Namespace {
		t.Errorf("namespace %s, labels %v", c.namespace.Name, c.namespace.Labels)
	}
}

func TestManifests_imagesArePinned(t *testing.T) {
	k, c := kustomized(t), manifests(t)
	if len(k.Images) != 1 || k.Images[0].NewTag == "" || k.Images[0].NewTag == "latest" {
		t.Fatalf("images %v", k.Images)
	}
	for _, one := range containers(c.set.Spec.Template.Spec) {
		if one.Image != k.Images[0].Name {
			t.Errorf("%s has the image %s, which kustomization.yml does not know", one.Name, one.Image)
		}
	}
	if got, want := c.drain.Spec.Containers[0].Image, k.Images[0].NewName+":"+k.Images[0].NewTag; got != want {
		t.Errorf("drain.yml has the image %s, want %s", got, want)
	}
}

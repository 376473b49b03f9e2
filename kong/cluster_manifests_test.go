package kong_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// manifest is what these tests read of a Kubernetes object.
type manifest struct {
	Kind     string
	Metadata struct{ Name string }
	Data     map[string]string
	Spec     struct {
		Replicas int
		Template struct {
			Spec struct {
				Containers []struct {
					Name, Image string
					Env         []struct {
						Name, Value string
						ValueFrom   map[string]struct {
							Key       string
							FieldPath string `yaml:"fieldPath"`
						} `yaml:"valueFrom"`
					}
				}
			}
		}
	}
}

func manifests(t *testing.T, file string) map[string]manifest {
	t.Helper()
	all := map[string]manifest{}
	for dec := yaml.NewDecoder(bytes.NewReader([]byte(read(t, "kong/cluster/kubernetes/"+file)))); ; {
		var m manifest
		if err := dec.Decode(&m); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all[m.Kind+"/"+m.Metadata.Name] = m
	}
}

// TestClusterManifests_haveTheFiles holds the ConfigMaps against the files, and the
// images against those of compose.yml.
func TestClusterManifests_haveTheFiles(t *testing.T) {
	project := clusterProject(t)
	for file, kinds := range map[string]map[string]int{"nats.yaml": {"nats": 3}, "redis.yaml": {"redis": 2, "sentinel": 3}} {
		all := manifests(t, file)
		for name, replicas := range kinds {
			set := all["StatefulSet/"+name]
			if set.Spec.Replicas != replicas || set.Spec.Template.Spec.Containers[0].Image != project.Services[name+"-1"].Image {
				t.Errorf("%d of %s, of %s", set.Spec.Replicas, name, set.Spec.Template.Spec.Containers[0].Image)
			}
			for _, kind := range []string{"Service/", "PodDisruptionBudget/"} {
				if _, is := all[kind+name]; !is {
					t.Errorf("no %s%s", kind, name)
				}
			}
		}
		found := 0
		for name, text := range all["ConfigMap/"+strings.TrimSuffix(file, ".yaml")].Data {
			found++
			if diff := cmp.Diff(read(t, "kong/cluster/"+name), text); diff != "" {
				t.Errorf("%s has another %s (-file +manifest):\n%s", file, name, diff)
			}
		}
		if _, is := all["NetworkPolicy/"+strings.TrimSuffix(file, ".yaml")]; found == 0 || !is {
			t.Errorf("%s has %d files, and a network policy: %v", file, found, is)
		}
	}
}

// expand replaces $(NAME) as the kubelet does.
func expand(value string, env map[string]string) string {
	return regexp.MustCompile(`\$\((\w+)\)`).ReplaceAllStringFunc(value, func(ref string) string { return env[ref[2:len(ref)-1]] })
}

func TestClusterManifests_nodesOfNATSFindEachOther(t *testing.T) {
	set := manifests(t, "nats.yaml")["StatefulSet/nats"]
	for i := range set.Spec.Replicas {
		pod, env := fmt.Sprint("nats-", i), map[string]string{}
		for _, v := range set.Spec.Template.Spec.Containers[0].Env {
			env[v.Name] = expand(v.Value, env)
			for kind, from := range v.ValueFrom {
				if kind == "fieldRef" && from.FieldPath == "metadata.name" {
					env[v.Name] = pod
				} else {
					env[v.Name] = "secret-" + from.Key
				}
			}
		}
		o := clusterNode(t, env)
		if o.ServerName != pod || len(o.Routes) != set.Spec.Replicas {
			t.Errorf("%s is called %s and has %d routes", pod, o.ServerName, len(o.Routes))
		}
		for k, r := range o.Routes {
			if password, _ := r.User.Password(); r.Host != fmt.Sprintf("nats-%d.nats:%d", k, o.Cluster.Port) || password != o.Cluster.Password {
				t.Errorf("%s: route to %s", pod, r.Redacted())
			}
		}
		if len(o.Users) != 3 || o.Users[1].Password != "secret-nats-edge" {
			t.Errorf("%d users", len(o.Users))
		}
	}
}

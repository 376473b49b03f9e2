//go:build !race

package kubernetes_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// container returns one of a pod by its name.
func container(t *testing.T, p corev1.PodSpec, name string) corev1.Container {
	t.Helper()
	for _, c := range containers(p) {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("the pod has no container %s", name)
	return corev1.Container{}
}

// variables are those of a container that stand in the manifest.
func variables(c corev1.Container) map[string]string {
	all := map[string]string{}
	for _, v := range c.Env {
		all[v.Name] = v.Value
	}
	return all
}

// selects says whether every label that is asked for is there.
func selects(want, have map[string]string) bool {
	for key, value := range want {
		if have[key] != value {
			return false
		}
	}
	return len(want) > 0
}

func TestManifests_selectThePodsOfTheGateway(t *testing.T) {
	c := manifests(t)
	labels := c.set.Spec.Template.Labels
	selectors := map[string]map[string]string{
		"the StatefulSet":         c.set.Spec.Selector.MatchLabels,
		"the NetworkPolicy":       c.policy.Spec.PodSelector.MatchLabels,
		"the PodDisruptionBudget": c.disruption.Spec.Selector.MatchLabels,
	}
	for name, s := range c.services {
		selectors["the Service "+name] = s.Spec.Selector
	}
	for name, selector := range selectors {
		if !selects(selector, labels) {
			t.Errorf("%s selects %v, the pods have %v", name, selector, labels)
		}
	}
	if !selects(c.policy.Spec.PodSelector.MatchLabels, c.drain.Labels) {
		t.Error("no NetworkPolicy lets the pod of drain.yml reach NATS")
	}
	if s, ok := c.services[c.set.Spec.ServiceName]; !ok || s.Spec.ClusterIP != corev1.ClusterIPNone {
		t.Errorf("%q is no headless Service", c.set.Spec.ServiceName)
	}
	if ref := c.scaler.Spec.ScaleTargetRef; ref.Kind != c.set.Kind || ref.Name != c.set.Name || ref.APIVersion != c.set.APIVersion {
		t.Errorf("the autoscaler scales %v", ref)
	}
}

// ports are those of a pod by their names.
func ports(p corev1.PodSpec) map[string]int32 {
	all := map[string]int32{}
	for _, c := range containers(p) {
		for _, port := range c.Ports {
			all[port.Name] = port.ContainerPort
		}
	}
	return all
}

func TestManifests_portsAreOpenToWhoNeedsThem(t *testing.T) {
	c := manifests(t)
	open := ports(c.set.Spec.Template.Spec)
	admitted := map[int32]bool{} // whether to everybody
	for _, rule := range c.policy.Spec.Ingress {
		for _, port := range rule.Ports {
			admitted[port.Port.IntVal] = len(rule.From) == 0
		}
	}
	for name, s := range c.services {
		for _, port := range s.Spec.Ports {
			if _, there := open[port.TargetPort.StrVal]; !there {
				t.Errorf("no container has the port %s of the Service %s", port.TargetPort.String(), name)
			}
			if s.Spec.Type == corev1.ServiceTypeLoadBalancer && (port.TargetPort.StrVal != "https" || !admitted[open["https"]]) {
				t.Errorf("the port %s of %s is open to everybody, or https is not", port.Name, name)
			}
		}
	}
	for _, name := range []string{"metrics", "status"} {
		if everybody, listed := admitted[open[name]]; everybody || !listed {
			t.Errorf("the port %s is admitted: %v, to everybody: %v", name, listed, everybody)
		}
	}
}

func TestManifests_probesAskWhatAnswers(t *testing.T) {
	p := manifests(t).set.Spec.Template.Spec
	probes := map[string]*corev1.Probe{
		"plugins metrics /healthz started": container(t, p, "plugins").StartupProbe,
		"plugins metrics /healthz":         container(t, p, "plugins").LivenessProbe,
		"plugins metrics /readyz":          container(t, p, "plugins").ReadinessProbe,
		"kong status /status":              container(t, p, "kong").LivenessProbe,
		"kong status /status/ready":        container(t, p, "kong").ReadinessProbe,
	}
	for name, probe := range probes {
		words := strings.Fields(name)
		if probe == nil || probe.HTTPGet == nil || probe.HTTPGet.Port != intstr.FromString(words[1]) || probe.HTTPGet.Path != words[2] {
			t.Errorf("%s: %+v", name, probe)
		}
	}
	open := ports(p)
	if got := variables(container(t, p, "kong"))["KONG_STATUS_LISTEN"]; got != "0.0.0.0:8100" || open["status"] != 8100 {
		t.Errorf("Kong's status is on %q, its port is %d", got, open["status"])
	}
	if args := container(t, p, "plugins").Args; !slices.Contains(args, "-telemetry-address=0.0.0.0:9542") || open["metrics"] != 9542 {
		t.Errorf("the plugins are started with %q, their port is %d", args, open["metrics"])
	}
	for _, port := range container(t, p, "kong").Ports {
		if want := map[string]int32{"http": 8000, "https": 8443, "status": 8100}[port.Name]; port.ContainerPort != want {
			t.Errorf("port %s is %d: proxy_listen of kong.conf is %d", port.Name, port.ContainerPort, want)
		}
	}
}

// TestManifests_sidecarServesKong wants a sidecar that is there before Kong and that
// Kong finds at its socket, without starting a plugin server of its own.
func TestManifests_sidecarServesKong(t *testing.T) {
	p := manifests(t).set.Spec.Template.Spec
	plugins, kong := container(t, p, "plugins"), container(t, p, "kong")
	if len(p.InitContainers) != 1 || plugins.RestartPolicy == nil || *plugins.RestartPolicy != corev1.ContainerRestartPolicyAlways {
		t.Errorf("the plugins are no sidecar: %v", plugins.RestartPolicy)
	}
	env := variables(kong)
	prefix := env["KONG_PREFIX"]
	name := env["KONG_PLUGINSERVER_NAMES"]
	socket := env["KONG_PLUGINSERVER_"+strings.ToUpper(name)+"_SOCKET"]
	if !slices.Contains(plugins.Args, "-kong-prefix="+prefix) || socket != prefix+"/webhook-edge.socket" {
		t.Errorf("Kong calls %s, the plugins are started with %q", socket, plugins.Args)
	}
	if strings.HasPrefix(name, "webhook") || env["KONG_PLUGINSERVER_"+strings.ToUpper(name)+"_START_CMD"] != "" {
		t.Errorf("Kong starts a server for %q, too", name) // its default is a binary of that name
	}
	if got := env["KONG_PLUGINSERVER_"+strings.ToUpper(name)+"_QUERY_CMD"]; got != "/usr/local/bin/webhook-edge -dump webhook-edge" {
		t.Errorf("Kong asks for the schema by %q", got)
	}
	for _, c := range []corev1.Container{plugins, kong} {
		if !slices.ContainsFunc(c.VolumeMounts, func(m corev1.VolumeMount) bool { return m.MountPath == prefix && !m.ReadOnly }) {
			t.Errorf("%s has no %s, where the socket and large bodies are", c.Name, prefix)
		}
		if c.SecurityContext.RunAsUser != nil {
			t.Errorf("%s runs as a user of its own and cannot read the other's files", c.Name)
		}
	}
}

func TestManifests_mountWhatIsThere(t *testing.T) {
	c := manifests(t)
	spec := c.set.Spec
	volumes := map[string]bool{}
	for _, v := range spec.Template.Spec.Volumes {
		volumes[v.Name] = true
		made := func(m configMap) bool { return m.Name == v.ConfigMap.Name }
		if v.ConfigMap != nil && !slices.ContainsFunc(kustomized(t).ConfigMapGenerator, made) {
			t.Errorf("nothing makes the ConfigMap %s", v.ConfigMap.Name)
		}
	}
	for _, claim := range spec.VolumeClaimTemplates {
		volumes[claim.Name] = true
	}
	used := map[string]bool{}
	for _, one := range containers(spec.Template.Spec) {
		for _, m := range one.VolumeMounts {
			used[m.Name] = true
		}
	}
	if !maps.Equal(volumes, used) {
		t.Errorf("there are the volumes %v, mounted are %v", volumes, used)
	}
}

func TestManifests_keepTheJournal(t *testing.T) {
	c := manifests(t)
	p := c.set.Spec.Template.Spec
	dir := variables(container(t, p, "kong"))["WEBHOOK_JOURNAL_DIR"]
	claims := c.set.Spec.VolumeClaimTemplates
	if len(claims) != 1 || claims[0].Name != "journal" || claims[0].Spec.Resources.Requests.Storage().Value() <= 4<<30 {
		t.Fatalf("claims %v: publish.journal.max_bytes is 4 GiB by default", claims)
	}
	mounts := container(t, p, "plugins").VolumeMounts
	if !slices.ContainsFunc(mounts, func(m corev1.VolumeMount) bool { return m.Name == "journal" && m.MountPath == dir && !m.ReadOnly }) {
		t.Errorf("the journal is in %s, mounted are %v", dir, mounts)
	}
	keep := c.set.Spec.PersistentVolumeClaimRetentionPolicy
	if keep == nil || keep.WhenDeleted != "Retain" || keep.WhenScaled != "Retain" {
		t.Errorf("claims are deleted with their pods: %v", keep)
	}
	drain := c.drain.Spec
	if got := drain.Volumes[0].PersistentVolumeClaim; got == nil || !strings.HasPrefix(got.ClaimName, "journal-"+c.set.Name+"-") {
		t.Errorf("drain.yml mounts %v", got)
	}
	if !slices.Contains(drain.Containers[0].Command, drain.Containers[0].VolumeMounts[0].MountPath) {
		t.Errorf("drain.yml drains %q", drain.Containers[0].Command)
	}
}

// TestManifests_giveTimeToStop adds up what happens between the order to stop and the
// kill: Kong's preStop and its quit, then the plugins' drain.
func TestManifests_giveTimeToStop(t *testing.T) {
	p := manifests(t).set.Spec.Template.Spec
	stop := container(t, p, "kong").Lifecycle
	if stop == nil || stop.PreStop == nil || !slices.Equal(stop.PreStop.Exec.Command, []string{"kong", "quit", "--wait=15"}) {
		t.Fatalf("Kong stops by %+v", stop)
	}
	const quit, drain = 10, 10 // the defaults of kong quit --timeout and of -drain-timeout
	if grace := p.TerminationGracePeriodSeconds; grace == nil || *grace <= 15+quit+drain {
		t.Errorf("Kubernetes kills after %v s", grace)
	}
}

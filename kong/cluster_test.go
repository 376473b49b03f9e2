package kong_test

import (
	"fmt"
	"maps"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats-server/v2/server"

	"webhookedge/kong/local/declarative"
	"webhookedge/kong/local/schema"
	"webhookedge/kong/local/vault"
)

// clusterSecrets is what somebody must choose before the cluster starts.
func clusterSecrets() types.Mapping {
	env := types.Mapping{}
	for _, name := range []string{"NATS_ADMIN_PASSWORD", "NATS_EDGE_PASSWORD", "NATS_CONSUMERS_PASSWORD", "NATS_ROUTE_PASSWORD", "REDIS_PASSWORD"} {
		env[name] = "of-the-test-" + strings.ToLower(name)
	}
	return env
}

// loadCluster reads kong/cluster/compose.yml with an environment and no other.
func loadCluster(t *testing.T, env types.Mapping) (*types.Project, error) {
	t.Helper()
	dir, err := filepath.Abs("cluster")
	if err != nil {
		t.Fatal(err)
	}
	return loader.LoadWithContext(t.Context(), types.ConfigDetails{
		WorkingDir:  dir,
		ConfigFiles: []types.ConfigFile{{Filename: filepath.Join(dir, "compose.yml"), Content: []byte(read(t, "kong/cluster/compose.yml"))}},
		Environment: env,
	})
}

func clusterProject(t *testing.T) *types.Project {
	t.Helper()
	p, err := loadCluster(t, clusterSecrets())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestCluster_needsEveryPassword(t *testing.T) {
	for name := range clusterSecrets() {
		env := clusterSecrets()
		env[name] = ""
		if _, err := loadCluster(t, env); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: %v", name, err)
		}
	}
}

// TestCluster_hasEverythingTwice wants of each part as many as the page says, each
// with a volume of its own.
func TestCluster_hasEverythingTwice(t *testing.T) {
	p := clusterProject(t)
	count, owner := map[string]int{}, map[string]string{}
	for name, s := range p.Services {
		kind, _, _ := strings.Cut(name, "-")
		count[kind]++
		for _, v := range s.Volumes {
			if v.Type != types.VolumeTypeVolume {
				continue
			}
			if other, shared := owner[v.Source]; shared {
				t.Errorf("%s and %s share %s", name, other, v.Source)
			}
			owner[v.Source] = name
		}
	}
	want := map[string]int{"balancer": 1, "kong": 2, "nats": 3, "redis": 2, "sentinel": 3, "streams": 1}
	if diff := cmp.Diff(want, count); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(owner) != 2+3+2+3 {
		t.Errorf("volumes of %v", slices.Sorted(maps.Values(owner)))
	}
}

func TestCluster_servicesAreConfined(t *testing.T) {
	pinned := regexp.MustCompile(`:\d+\.\d+\.\d+(-[a-z0-9.]+)?$`)
	for name, s := range clusterProject(t).Services {
		if !slices.Equal(s.CapDrop, []string{"ALL"}) || !slices.Contains(s.SecurityOpt, "no-new-privileges:true") {
			t.Errorf("%s keeps %v %v", name, s.CapDrop, s.SecurityOpt)
		}
		if s.Build == nil && !pinned.MatchString(s.Image) {
			t.Errorf("the image %s of %s is not of one version", s.Image, name)
		}
		if s.HealthCheck == nil && name != "streams" {
			t.Errorf("%s has no health check", name)
		}
		for _, v := range s.Volumes {
			if v.Type == types.VolumeTypeBind && (!v.ReadOnly || !exists(t, strings.TrimPrefix(v.Source, mustAbs(t, root)))) {
				t.Errorf("%s mounts %s", name, v.Source)
			}
		}
		for other, d := range s.DependsOn {
			if d.Condition == types.ServiceConditionStarted {
				t.Errorf("%s does not wait until %s is healthy", name, other)
			}
		}
		if len(s.Ports) > 0 && name != "balancer" {
			t.Errorf("%s is open to everybody", name)
		}
	}
}

func mustAbs(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}

// TestCluster_kongIsToldEverything resolves kong.yml with what compose.yml hands over,
// and holds its settings against the schemas.
func TestCluster_kongIsToldEverything(t *testing.T) {
	file, err := declarative.Parse("kong.yml", []byte(read(t, "kong/cluster/kong.yml")))
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range file.Warnings {
		t.Error(w)
	}
	project := clusterProject(t)
	for _, name := range []string{"kong-1", "kong-2"} {
		env := environment(t, project, name)
		for key := range env {
			if setting, is := settingOf(key); is && !knownKey(setting, plugins(t)) {
				t.Errorf("%s of %s is no setting of Kong's", key, name)
			}
		}
		for _, s := range []string{"GITHUB_WEBHOOK_SECRET", "STRIPE_WEBHOOK_SECRET"} {
			env[s] = "of-the-test-for-kong"
		}
		resolver := vault.Env{Prefixes: file.Vaults, Lookup: func(name string) (string, bool) { v, ok := env[name]; return v, ok }}
		for _, p := range ours(t, file) {
			s := kongSchema(t, p.Name)
			checked, faults := s.Check(p.Config)
			for _, f := range faults {
				t.Error(p.Problem(f.Path, schema.PathText(f.Path), f.Message))
			}
			_, unresolved := s.Load(checked, resolver.Resolve)
			for _, u := range unresolved {
				t.Errorf("%s: kong.yml:%d: %s: %v", name, p.Line, schema.PathText(u.Path), u.Err)
			}
			if err := jsonSchema(t, p.Name).Validate(p.Config); err != nil {
				t.Errorf("kong.yml:%d: %v", p.Line, err)
			}
			secrets(configField(t, p.Name), p.Config, "config", func(path string, value any) {
				if !schema.IsReference(value) {
					t.Errorf("kong.yml:%d: %s is not a vault reference", p.Line, path)
				}
			})
		}
	}
}

// TestCluster_balancerChecksWhatListens compares haproxy.cfg with the gateways.
func TestCluster_balancerChecksWhatListens(t *testing.T) {
	text, project := read(t, "kong/cluster/haproxy.cfg"), clusterProject(t)
	for _, name := range []string{"kong-1", "kong-2"} {
		env := environment(t, project, name)
		for _, port := range []string{"8000", "8443"} {
			if !strings.Contains(text, fmt.Sprintf("server %[1]s %[1]s:%[2]s\n", name, port)) || !regexp.MustCompile(`0\.0\.0\.0:`+port+` [^,]*proxy_protocol`).MatchString(env["KONG_PROXY_LISTEN"]) {
				t.Errorf("%s does not take connections on %s, or with PROXY protocol", name, port)
			}
		}
		subnet := project.Networks["default"].Ipam.Config[0].Subnet
		if env["KONG_TRUSTED_IPS"] != subnet || env["KONG_REAL_IP_HEADER"] != "proxy_protocol" {
			t.Errorf("%s believes %s, and the balancer is in %s", name, env["KONG_TRUSTED_IPS"], subnet)
		}
		if command := env["KONG_PLUGINSERVER_WEBHOOK_EDGE_START_CMD"]; !strings.HasSuffix(command, "-telemetry-address 0.0.0.0:9542") || !strings.Contains(text, "check port 9542 ") {
			t.Errorf("the balancer does not ask where %s answers", command)
		}
	}
	if !strings.Contains(text, "uri /readyz\n") || !strings.Contains(text, " send-proxy-v2") {
		t.Error("the balancer neither asks for readiness nor says who called")
	}
}

// clusterNode reads nats.conf as a container or pod of that environment does.
func clusterNode(t *testing.T, env map[string]string) *server.Options {
	t.Helper()
	for name, value := range env {
		t.Setenv(name, value)
	}
	o, err := server.ProcessConfigFile(filepath.Join("cluster", "nats.conf"))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestCluster_nodesOfNATSFindEachOther(t *testing.T) {
	project, names := clusterProject(t), map[string]bool{}
	secrets := clusterSecrets()
	for _, name := range []string{"nats-1", "nats-2", "nats-3"} {
		o := clusterNode(t, environment(t, project, name))
		names[o.ServerName] = true
		if o.Cluster.Password != secrets["NATS_ROUTE_PASSWORD"] || len(o.Routes) != 3 || !o.SyncAlways || !o.JetStream {
			t.Errorf("%s: %d routes, sync always %v", name, len(o.Routes), o.SyncAlways)
		}
		for _, r := range o.Routes {
			password, _ := r.User.Password()
			if _, is := project.Services[r.Hostname()]; !is || password != o.Cluster.Password || r.User.Username() != o.Cluster.Username || r.Port() != fmt.Sprint(o.Cluster.Port) {
				t.Errorf("%s does not reach %s", name, r.Redacted())
			}
		}
		for _, u := range o.Users {
			if u.Password != secrets["NATS_"+strings.ToUpper(u.Username)+"_PASSWORD"] {
				t.Errorf("%s has another password for %s", name, u.Username)
			}
			if u.Username != "admin" && (u.Permissions == nil || u.Permissions.Publish == nil || u.Permissions.Subscribe == nil) {
				t.Errorf("%s may do everything", u.Username)
			}
		}
	}
	if len(names) != 3 {
		t.Errorf("the nodes are called %v", names)
	}
	if u, err := url.Parse(environment(t, project, "kong-1")["NATS_URL_2"]); err != nil || project.Services[u.Hostname()].Name == "" {
		t.Errorf("no service at %v: %v", u, err)
	}
}

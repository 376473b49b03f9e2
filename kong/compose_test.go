package kong_test

import (
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"go.yaml.in/yaml/v3"
)

// load reads docker-compose.yml with the environment that is given and no other, that of a
// webhooks.env included.
func load(t *testing.T, env types.Mapping) (*types.Project, error) {
	t.Helper()
	top, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	return loader.LoadWithContext(t.Context(), types.ConfigDetails{
		WorkingDir:  top,
		ConfigFiles: []types.ConfigFile{{Filename: filepath.Join(top, "docker-compose.yml"), Content: []byte(read(t, "docker-compose.yml"))}},
		Environment: env,
	}, func(o *loader.Options) { o.SkipResolveEnvironment = true })
}

func project(t *testing.T, env types.Mapping) *types.Project {
	t.Helper()
	p, err := load(t, env)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// environment is what a container gets; a variable without a value is "".
func environment(t *testing.T, p *types.Project, service string) map[string]string {
	t.Helper()
	s, ok := p.Services[service]
	if !ok {
		t.Fatalf("there is no service %s", service)
	}
	env := map[string]string{}
	for name, value := range s.Environment {
		env[name] = ""
		if value != nil {
			env[name] = *value
		}
	}
	return env
}

// passwords is the least that the file can be started with.
func passwords() types.Mapping {
	all := types.Mapping{}
	for _, name := range []string{"NATS_PASSWORD", "NATS_CONSUMER_PASSWORD", "NATS_OPERATOR_PASSWORD", "REDIS_PASSWORD"} {
		all[name] = "of-the-test"
	}
	return all
}

func TestCompose_needsEveryPassword(t *testing.T) {
	for name := range passwords() {
		for how, change := range map[string]func(types.Mapping){
			"not set": func(env types.Mapping) { delete(env, name) },
			"empty":   func(env types.Mapping) { env[name] = "" },
		} {
			t.Run(name+" "+how, func(t *testing.T) {
				env := passwords()
				change(env)
				if _, err := load(t, env); err == nil || !strings.Contains(err.Error(), name) {
					t.Errorf("error %v", err)
				}
			})
		}
	}
	project(t, passwords())
}

var secretName = regexp.MustCompile(`PASSWORD|SECRET|TOKEN|KEY|SEED|CREDENTIAL`)

// interpolated is one variable, required or empty by default, and in NATS's own
// quotes where it goes into its configuration.
var interpolated = regexp.MustCompile(`^'?\$\{([A-Z_]+)(:\?[^}]*|:?-)?\}'?$`)

func TestCompose_holdsNoSecret(t *testing.T) {
	var file struct {
		Services map[string]struct {
			Environment map[string]string `yaml:"environment"`
		} `yaml:"services"`
	}
	if err := yaml.Unmarshal([]byte(read(t, "docker-compose.yml")), &file); err != nil {
		t.Fatal(err)
	}
	found := 0
	for service, s := range file.Services {
		for name, value := range s.Environment {
			if !secretName.MatchString(name) {
				continue
			}
			found++
			if m := interpolated.FindStringSubmatch(value); m == nil || m[1] != name {
				t.Errorf("%s: %s is not just ${%s}", service, name, name)
			}
		}
	}
	if found == 0 {
		t.Fatal("no secrets at all")
	}
	for name, value := range environment(t, project(t, passwords()), "kong") {
		if _, given := passwords()[name]; secretName.MatchString(name) && !given && value != "" {
			t.Errorf("%s has a value although nobody gave one", name)
		}
	}
}

func TestCompose_namesWhatExists(t *testing.T) {
	for name, s := range project(t, passwords()).Services {
		if s.Build != nil {
			for _, path := range []string{s.Build.Context, filepath.Join(s.Build.Context, s.Build.Dockerfile)} {
				if _, err := os.Stat(path); err != nil {
					t.Errorf("%s is built of %v", name, err)
				}
			}
		}
		for _, v := range s.Volumes {
			if v.Type != types.VolumeTypeBind {
				continue
			}
			// Docker makes a directory of a source that is not there.
			if info, err := os.Stat(v.Source); err != nil || info.IsDir() != (filepath.Ext(v.Target) == "") {
				t.Errorf("%s mounts %s on %s: %v", name, v.Source, v.Target, err)
			}
			if !v.ReadOnly {
				t.Errorf("%s can write %s", name, v.Source)
			}
		}
	}
}

// pinned is an image with a tag of a full version.
var pinned = regexp.MustCompile(`:\d+\.\d+\.\d+(-[a-z0-9.]+)?(@sha256:[0-9a-f]{64})?$`)

func TestCompose_servicesAreConfined(t *testing.T) {
	for name, s := range project(t, passwords()).Services {
		if !slices.Equal(s.CapDrop, []string{"ALL"}) || len(s.CapAdd) > 0 || s.Privileged || !slices.Contains(s.SecurityOpt, "no-new-privileges:true") {
			t.Errorf("%s keeps capabilities, or can gain privileges", name)
		}
		if !s.ReadOnly && name != "kong" {
			t.Errorf("%s can write its root file system", name)
		}
	}
}

func TestCompose_servicesAreHealthCheckedAndPinned(t *testing.T) {
	p := project(t, passwords())
	for name, s := range p.Services {
		if s.HealthCheck == nil || s.HealthCheck.Disable || len(s.HealthCheck.Test) < 2 {
			t.Errorf("%s has no health check", name)
		}
		for other, d := range s.DependsOn {
			if d.Condition != types.ServiceConditionHealthy || p.Services[other].HealthCheck == nil {
				t.Errorf("%s starts when %s is %s, not when it is healthy", name, other, d.Condition)
			}
		}
		if s.Build == nil && !pinned.MatchString(s.Image) {
			t.Errorf("the image %q of %s is not pinned to a full version", s.Image, name)
		}
	}
	if _, waits := p.Services["kong"].DependsOn["nats"]; !waits {
		t.Error("kong does not wait for nats")
	}
}

// published are a service's ports; each must be the same inside and outside.
func published(t *testing.T, s types.ServiceConfig) (open, loopback []int) {
	t.Helper()
	for _, p := range s.Ports {
		if p.Published != strconv.FormatUint(uint64(p.Target), 10) {
			t.Errorf("port %d is published as %s", p.Target, p.Published)
		}
		if ip := net.ParseIP(p.HostIP); ip != nil && ip.IsLoopback() {
			loopback = append(loopback, int(p.Target))
		} else {
			open = append(open, int(p.Target))
		}
	}
	slices.Sort(open)
	return open, loopback
}

func TestCompose_publishesWhatKongListensOn(t *testing.T) {
	c, services := conf(t), project(t, passwords()).Services
	open, loopback := published(t, services["kong"])
	proxy, _ := listens(t, c["proxy_listen"])
	slices.Sort(proxy)
	if !slices.Equal(open, proxy) {
		t.Errorf("published to everybody are %v, proxy_listen is %v", open, proxy)
	}
	status, _ := listens(t, c["status_listen"])
	want := append(status, telemetry(t, c))
	slices.Sort(loopback)
	slices.Sort(want)
	if !slices.Equal(loopback, want) {
		t.Errorf("published to this machine are %v, metrics and status are on %v", loopback, want)
	}
	for name, s := range services {
		if open, _ := published(t, s); name != "kong" && len(open) > 0 {
			t.Errorf("%s is open to everybody on %v", name, open)
		}
	}
}

// TestCompose_listensInsideTheContainer: on the loopback address of a container nobody
// reaches metrics and status, whatever is published. All else is as in kong.conf.
func TestCompose_listensInsideTheContainer(t *testing.T) {
	c, env := conf(t), environment(t, project(t, passwords()), "kong")
	host := regexp.MustCompile(`(-telemetry-address |^)[^ :]+:`)
	for name, key := range map[string]string{
		"KONG_STATUS_LISTEN":                       "status_listen",
		"KONG_PLUGINSERVER_WEBHOOK_EDGE_START_CMD": "pluginserver_webhook_edge_start_cmd",
	} {
		if want := host.ReplaceAllString(c[key], "${1}0.0.0.0:"); env[name] != want {
			t.Errorf("%s is %q, want %q", name, env[name], want)
		}
	}
}

func TestCompose_mountsPoliciesWhereTheImageHasThem(t *testing.T) {
	for _, v := range project(t, passwords()).Services["kong"].Volumes {
		if filepath.Base(v.Source) == "policies" && strings.Contains(read(t, "kong/Dockerfile"), "COPY policies "+v.Target+"\n") {
			return
		}
	}
	t.Error("policies are not mounted over those of the image")
}

func TestCompose_mountsKongYmlWhereKongReadsIt(t *testing.T) {
	for _, v := range project(t, passwords()).Services["kong"].Volumes {
		if filepath.Base(v.Source) == "kong.yml" && v.Target == conf(t)["declarative_config"] {
			return
		}
	}
	t.Error("kong.yml is not mounted at declarative_config")
}

// TestCompose_mountsThePolicies wants them where kong.yml's reference leads, so that a
// change is taken without building the image anew.
func TestCompose_mountsThePolicies(t *testing.T) {
	p := project(t, passwords())
	dir := environment(t, p, "kong")["WEBHOOK_POLICIES_DIR"]
	mounted := slices.ContainsFunc(p.Services["kong"].Volumes, func(v types.ServiceVolumeConfig) bool {
		return filepath.Base(v.Source) == "policies" && v.Target == dir && v.ReadOnly
	})
	if !mounted || !strings.Contains(read(t, "kong/Dockerfile"), "ENV WEBHOOK_POLICIES_DIR="+dir+"\n") {
		t.Errorf("the policies are not at %q", dir)
	}
}

func TestCompose_givesKongTimeToDrain(t *testing.T) {
	grace := project(t, passwords()).Services["kong"].StopGracePeriod
	drain := regexp.MustCompile(`default (\w+)`)
	command := startCommand(conf(t))
	text := ""
	if i := slices.Index(command, "-drain-timeout"); i >= 0 {
		text = command[i+1]
	} else if m := drain.FindStringSubmatch(flags(t)["-drain-timeout"]); m != nil {
		text = m[1]
	}
	wait, err := time.ParseDuration(text)
	if err != nil || grace == nil || time.Duration(*grace) <= wait {
		t.Errorf("Docker kills after %v, and the plugins drain for %q: %v", grace, text, err)
	}
}

// TestCompose_keepsTheJournal wants a volume where kong.yml's journal is, and a
// directory of Kong's user under it in the image.
func TestCompose_keepsTheJournal(t *testing.T) {
	p := project(t, passwords())
	dir := environment(t, p, "kong")["WEBHOOK_JOURNAL_DIR"]
	if !filepath.IsAbs(dir) || !strings.Contains(read(t, "kong/kong.yml"), `directory: "{vault://env/webhook-journal-dir}"`) {
		t.Errorf("the journal's directory is %q", dir)
	}
	kept := slices.ContainsFunc(p.Services["kong"].Volumes, func(v types.ServiceVolumeConfig) bool {
		return v.Type == types.VolumeTypeVolume && v.Target == dir && !v.ReadOnly
	})
	if !kept {
		t.Errorf("no volume is mounted on %s", dir)
	}
	if !strings.Contains(read(t, "kong/Dockerfile"), "install -d -o kong -g kong -m 0700 "+dir) {
		t.Errorf("the image has no %s of Kong's user", dir)
	}
}

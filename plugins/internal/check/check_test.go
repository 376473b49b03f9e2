package check_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/check"
)

// environment has what the files of these tests refer to.
func environment(name string) (string, bool) {
	value, ok := map[string]string{
		"ORDERS_SECRET": "0123456789abcdef0123456789abcdef", "GITHUB_WEBHOOK_SECRET": "0123456789abcdef",
		"STRIPE_WEBHOOK_SECRET": "whsec_0123456789abcdef", "SLACK_SIGNING_SECRET": "0123456789abcdef0123456789abcdef",
		"SHOPIFY_WEBHOOK_SECRET": "0123456789abcdef", "STANDARD_WEBHOOKS_SECRET": "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
		"NATS_URL": "nats://127.0.0.1:1", "NATS_PASSWORD": "hush", "WEBHOOK_JOURNAL_DIR": "/var/lib/journal", "REDIS_URL": "redis://127.0.0.1:1",
		"WEBHOOK_POLICIES_DIR": "../../../policies",
	}[name]
	return value, ok
}

func run(t *testing.T, o check.Options) *check.Report {
	t.Helper()
	if o.Env == nil {
		o.Env = environment
	}
	r, err := check.Run(o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// lines are the findings as severity:line:path, with a word of each message.
func lines(r *check.Report) []string {
	var all []string
	for _, f := range r.Findings {
		all = append(all, fmt.Sprintf("%s %s:%d %s", f.Severity, filepath.Base(f.File), f.Line, f.Path))
	}
	return all
}

func TestRun_namesEveryFaultOnceAndAtItsLine(t *testing.T) {
	t.Setenv("STRIPE_WEBHOOK_SECRET", "of the test")
	r := run(t, check.Options{File: "testdata/faults.yml", Conf: "../../../kong/kong.conf", Streams: "../../../kong/streams.yml"})
	want := []string{
		"error faults.yml:11 verify.secrets[0]",
		"error faults.yml:14 ratelimit.limits[0].rate",
		"error faults.yml:14 ratelimit.limits[0].by",
		"error faults.yml:16 publish.servers[0]",
		"error faults.yml:22 provider",
		"error faults.yml:25 verify.secrets[0].value",
		"error faults.yml:26 ipallow.allow[0]",
		"error faults.yml:35 verify.secrets[0].value",
		"error faults.yml:37 normalize.redact[0].path",
		"error faults.yml:39 publish.subject_prefix",
		"error faults.yml:46 custom",
		"error faults.yml:53 custom.schemes",
		"error faults.yml:59 publish.journal.directory",
		"error faults.yml:60 routes[3].plugins[1].name",
		"error main.rego:3 ",
	}
	if diff := cmp.Diff(want, lines(r)); diff != "" {
		t.Errorf("(-want +got):\n%s\n%s", diff, r.Text())
	}
	said := strings.Join(strings.Fields(r.Text()), " ")
	for _, part := range []string{"did you mean stripe?", "did you mean STRIPE_WEBHOOK_SECRET", "{timestap}", "input.evnt", "the 8 that the scheme needs", "15 errors, 0 warnings in 4 routes"} {
		if !strings.Contains(said, part) {
			t.Errorf("it does not say %q:\n%s", part, said)
		}
	}
	for line := range strings.Lines(r.Text()) {
		if len(line) > 81 && strings.Contains(strings.TrimSpace(line), " ") {
			t.Errorf("a line of more than 80 columns: %s", line)
		}
	}
}

func TestRun_findsNothingInWhatIsShipped(t *testing.T) {
	r := run(t, check.Options{File: "../../../kong/kong.yml"})
	if len(r.Findings) > 0 || !r.ConfChecked || r.Routes == 0 {
		t.Error(r.Text())
	}
}

func TestRun_tellsNoSecret(t *testing.T) {
	secret := "sh0rt"
	r := run(t, check.Options{File: "../../../kong/kong.yml", Env: func(name string) (string, bool) {
		if strings.HasPrefix(name, "KONG_") {
			return "", false
		}
		if name == "WEBHOOK_POLICIES_DIR" { // no secret, and told where it is wrong
			return "../../../policies", true
		}
		return secret, true
	}})
	if errs, _ := r.Count(); errs == 0 || strings.Contains(r.Text(), secret) {
		t.Error(r.Text())
	}
}

func TestRun_unsetVariables(t *testing.T) {
	unset := func(string) (string, bool) { return "", false }
	r := run(t, check.Options{File: "../../../kong/kong.yml", Env: unset})
	errs, warnings := r.Count()
	// The five secrets, the policies, the URL and the password are needed; the journal may be off.
	if errs != 8 || warnings != 1 {
		t.Errorf("%d errors, %d warnings:\n%s", errs, warnings, r.Text())
	}
	if i := slices.IndexFunc(r.Findings, func(f check.Finding) bool { return f.Path == "publish.password" }); i < 0 || len(r.Findings[i].Routes) != r.Routes {
		t.Errorf("what routes share is not one finding of all:\n%s", r.Text())
	}
	r = run(t, check.Options{File: "../../../kong/kong.yml", Env: unset, AllowUnset: true})
	if errs, warnings := r.Count(); errs != 0 || warnings != 9 {
		t.Errorf("with unset ones allowed %d errors, %d warnings:\n%s", errs, warnings, r.Text())
	}
}

// write writes a kong.yml whose only route has a plugin with these lines of config.
func write(t *testing.T, routes ...string) string {
	t.Helper()
	text := "_format_version: \"3.0\"\nroutes:\n"
	for i, config := range routes {
		text += fmt.Sprintf("- name: r%d\n  paths: [/r%d]\n  plugins:\n  - name: webhook-edge\n    config:\n", i, i)
		text += "      provider: github\n      verify: {secrets: [{value: \"{vault://env/github-webhook-secret}\"}]}\n"
		for line := range strings.SplitSeq(config, "\n") {
			text += "      " + line + "\n"
		}
	}
	path := filepath.Join(t.TempDir(), "kong.yml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRun_streams(t *testing.T) {
	const shipped = "../../../kong/streams.yml"
	tests := map[string]struct {
		routes  []string
		streams string
		want    string // part of the only message, "" for none
	}{
		"those that are shipped":           {[]string{"publish: {}"}, shipped, ""},
		"a prefix that the stream lacks":   {[]string{"publish: {subject_prefix: events}"}, shipped, "takes webhooks.>, not events.>"},
		"a quarantine of another prefix":   {[]string{"quarantine: {subject_prefix: refused}"}, shipped, "takes webhooks-rejected.>, not refused.>"},
		"a stream that nothing makes":      {[]string{"publish: {stream: {name: ORDERS}, subject_prefix: orders}"}, shipped, "has no stream ORDERS"},
		"a created stream":                 {[]string{"publish: {stream: {name: ORDERS, ensure: create}, subject_prefix: orders}"}, shipped, ""},
		"two prefixes of a created stream": {[]string{"publish: {stream: {ensure: create}}", "publish: {stream: {ensure: create}, subject_prefix: events}"}, "", "is created for webhooks.>"},
		"streams of the same subjects":     {[]string{"publish: {stream: {name: A, ensure: create}}", "publish: {stream: {name: B, ensure: create}}"}, "", "would take the same subjects"},
		"a file of its own":                {[]string{"publish: {subject_prefix: events, stream: {ensure: create, file: " + abs(t, shipped) + "}}"}, "", "takes webhooks.>, not events.>"},
		"a file that is not there":         {[]string{"publish: {stream: {ensure: create, file: /nowhere/streams.yml}}"}, "", "no such file"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := run(t, check.Options{File: write(t, tt.routes...), Streams: tt.streams})
			switch {
			case tt.want == "" && len(r.Findings) > 0, tt.want != "" && (len(r.Findings) != 1 || !strings.Contains(r.Findings[0].Message, tt.want)):
				t.Errorf("want %q, got\n%s", tt.want, r.Text())
			}
		})
	}
}

func abs(t *testing.T, path string) string {
	t.Helper()
	all, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestRun_conf takes lines out of the shipped kong.conf, or changes them.
func TestRun_conf(t *testing.T) {
	text, err := os.ReadFile("../../../kong/kong.conf")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		line, instead, want string
		severity            string
	}{
		"a plugin that is not enabled": {"plugins = bundled,webhook-edge,", "plugins = bundled,", "plugins = bundled,webhook-ipallow,webhook-ratelimit,webhook-verify,webhook-policy,webhook-publish,webhook-edge", check.Error},
		"a server that is not named":   {"pluginserver_names = webhook-edge,", "pluginserver_names = ", "pluginserver_names = webhook-ipallow", check.Error},
		"another prefix":               {"database = off", "database = off\nprefix = /opt/kong", "pluginserver_webhook_edge_socket = /opt/kong/webhook-edge.socket", check.Error},
		"no variable of nginx":         {"nginx_location_set =", "# ", "nginx_location_set = $webhook_edge \"$remote_addr ", check.Warning},
		"lines that Kong drops":        {"log_level = info", "log_level = notice", "log_level = info", check.Warning},
		"a database":                   {"database = off", "", "database = off", check.Warning},
		"small bodies":                 {"client_max_body_size = 26m", "client_max_body_size = 1m", "nginx_http_client_max_body_size = 26m", check.Warning},
		"PROXY protocol":               {"proxy_listen = 0.0.0.0:8000", "proxy_listen = 0.0.0.0:8000 proxy_protocol", "real_ip_header = proxy_protocol", check.Error},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			conf := filepath.Join(t.TempDir(), "kong.conf")
			changed := strings.Replace(string(text), tt.line, tt.instead, 1)
			if err := os.WriteFile(conf, []byte(changed), 0o600); err != nil || changed == string(text) {
				t.Fatalf("%v, changed: %v", err, changed != string(text))
			}
			r := run(t, check.Options{File: write(t, "publish: {}"), Conf: conf})
			if !slices.ContainsFunc(r.Findings, func(f check.Finding) bool { return f.Severity == tt.severity && strings.Contains(f.Message, tt.want) }) {
				t.Errorf("want %q, got\n%s", tt.want, r.Text())
			}
		})
	}
}

// TestRun_secretInTheAccessLog changes the log of the shipped kong.conf.
func TestRun_secretInTheAccessLog(t *testing.T) {
	text, err := os.ReadFile("../../../kong/kong.conf")
	if err != nil {
		t.Fatal(err)
	}
	const shipped = "proxy_access_log = /dev/stdout webhook_edge"
	for name, tt := range map[string]struct {
		provider, from, to string
		warned             bool
	}{
		"as shipped":                      {"docker-hub", shipped, shipped, false},
		"Kong's own format":               {"docker-hub", shipped, "proxy_access_log = /dev/stdout", true},
		"a format of another name":        {"docker-hub", shipped, "proxy_access_log = /dev/stdout kong_combined", true},
		"a format with the request":       {"docker-hub", "$request_method $uri", "$request", true},
		"a format with the target":        {"docker-hub", "$request_method $uri", "$request_method $request_uri", true},
		"no access log":                   {"docker-hub", shipped, "proxy_access_log = off", false},
		"a sender with a signature":       {"github", shipped, "proxy_access_log = /dev/stdout", false},
		"a signature in the query":        {"pandadoc", shipped, "proxy_access_log = /dev/stdout", false},
		"the setting is not there at all": {"docker-hub", shipped, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			conf := filepath.Join(t.TempDir(), "kong.conf")
			if err := os.WriteFile(conf, []byte(strings.Replace(string(text), tt.from, tt.to, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			file := write(t, "publish: {}")
			yml, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(strings.Replace(string(yml), "provider: github", "provider: "+tt.provider, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			r := run(t, check.Options{File: file, Conf: conf})
			if got := slices.ContainsFunc(r.Findings, func(f check.Finding) bool { return f.Path == "proxy_access_log" }); got != tt.warned {
				t.Errorf("warned: %v\n%s", got, r.Text())
			}
		})
	}
}

func TestRun_saysWhatItCannotRead(t *testing.T) {
	for name, o := range map[string]check.Options{
		"no kong.yml":  {File: "testdata/nowhere.yml"},
		"no kong.conf": {File: "testdata/faults.yml", Conf: "testdata/nowhere.conf"},
		"no streams":   {File: "testdata/faults.yml", Streams: "testdata/nowhere.yml"},
	} {
		if _, err := check.Run(o); err == nil || !strings.Contains(err.Error(), "nowhere") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

package kong_test

import (
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/kong/local/process"
)

// setting is a line of kong.conf. Reason says that prose stands above it or above
// the block of settings that it belongs to.
type setting struct {
	key, value string
	line       int
	reason     bool
}

// settings reads kong.conf. Its syntax is Kong's: key = value, comments behind #.
func settings(t *testing.T) []setting {
	t.Helper()
	commentedOut := regexp.MustCompile(`^# [a-z_]+ = `)
	var all []setting
	reason := false
	for i, line := range strings.Split(read(t, "kong/kong.conf"), "\n") {
		key, value, assigned := strings.Cut(line, "=")
		switch {
		case line == "" || strings.HasPrefix(line, "# ----"):
			reason = false
		case commentedOut.MatchString(line): // neither a setting nor a reason
		case strings.HasPrefix(line, "# "):
			reason = true
		case !assigned:
			t.Errorf("kong.conf:%d: neither a comment nor a setting", i+1)
		default:
			s := setting{strings.TrimSpace(key), strings.TrimSpace(value), i + 1, reason}
			if strings.Contains(s.value, "#") {
				t.Errorf("kong.conf:%d: Kong cuts the value at #", s.line)
			}
			all = append(all, s)
		}
	}
	return all
}

// conf are the settings by key.
func conf(t *testing.T) map[string]string {
	t.Helper()
	values := map[string]string{}
	for _, s := range settings(t) {
		if _, twice := values[s.key]; twice {
			t.Errorf("kong.conf:%d: %s is set twice", s.line, s.key)
		}
		values[s.key] = s.value
	}
	return values
}

func words(list string) []string {
	all := strings.Split(list, ",")
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	return all
}

// knownKeys were compared with kong.conf.default of Kong 3.9.3, which has each
// of them. Kong takes an unknown key without a word.
func knownKeys() []string {
	return []string{
		"plugins", "pluginserver_names",
		"database", "declarative_config",
		"proxy_listen", "admin_listen", "status_listen",
		"ssl_cert", "ssl_cert_key", "ssl_cipher_suite",
		"trusted_ips", "real_ip_header", "real_ip_recursive",
		"log_level", "proxy_error_log", "proxy_access_log",
		"headers", "anonymous_reports", "nginx_worker_processes",
	}
}

func knownKey(key string, plugins []string) bool {
	directive := strings.HasPrefix(key, "nginx_http_") || strings.HasPrefix(key, "nginx_location_") || strings.HasPrefix(key, "nginx_proxy_") || strings.HasPrefix(key, "nginx_main_")
	if directive || slices.Contains(knownKeys(), key) {
		return true
	}
	for _, name := range plugins {
		rest, ok := strings.CutPrefix(key, "pluginserver_"+strings.ReplaceAll(name, "-", "_"))
		if ok && slices.Contains([]string{"_socket", "_start_cmd", "_query_cmd"}, rest) {
			return true
		}
	}
	return false
}

// TestKongConf_setsTheVariableThatPluginsAskFor reads the line as nginx does.
func TestKongConf_setsTheVariableThatPluginsAskFor(t *testing.T) {
	want := map[string]string{"webhook_edge": "$remote_addr $kong_request_id $request_method $request_uri"}
	if diff := cmp.Diff(want, process.Variables(read(t, "kong/kong.conf"))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestKongConf_everySettingIsKnownAndHasAReason(t *testing.T) {
	names := plugins(t)
	for _, s := range settings(t) {
		if !knownKey(s.key, names) {
			t.Errorf("kong.conf:%d: Kong does not know %s", s.line, s.key)
		}
		if !s.reason {
			t.Errorf("kong.conf:%d: no comment above %s says why", s.line, s.key)
		}
	}
	// What is commented out is there to be turned on.
	for _, m := range regexp.MustCompile(`(?m)^# ([a-z_]+) = `).FindAllStringSubmatch(read(t, "kong/kong.conf"), -1) {
		if !knownKey(m[1], names) {
			t.Errorf("kong.conf: Kong does not know %s, which is commented out", m[1])
		}
	}
}

func TestKongConf_namesThePluginsThatAreBuilt(t *testing.T) {
	c, built := conf(t), plugins(t)
	servers, names := words(c["pluginserver_names"]), words(c["plugins"])
	slices.Sort(servers)
	if !slices.Equal(servers, built) {
		t.Errorf("pluginserver_names are %v, there are schemas of %v", servers, built)
	}
	if !slices.Contains(names, "bundled") {
		t.Error("plugins lacks bundled, so request-termination is not there")
	}
	names = slices.DeleteFunc(names, func(name string) bool { return name == "bundled" })
	slices.Sort(names)
	if !slices.Equal(names, built) {
		t.Errorf("plugins are %v, there are schemas of %v", names, built)
	}
	for _, name := range built {
		if got := dump(t, name).Name; got != name {
			t.Errorf("asked for %s, the server says it is %s", name, got)
		}
	}
}

// TestKongConf_startsOneProcess is what Kong does with the lines (conf_loader/init.lua,
// 3.9): it starts a server for each name with a start command or a binary of its name,
// and reaches a plugin at its name's socket.
func TestKongConf_startsOneProcess(t *testing.T) {
	c := conf(t)
	commands, err := os.ReadDir(filepath.Join(root, "plugins", "cmd"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range words(c["pluginserver_names"]) {
		key := "pluginserver_" + strings.ReplaceAll(name, "-", "_")
		_, started := c[key+"_start_cmd"]
		started = started || slices.ContainsFunc(commands, func(e os.DirEntry) bool { return e.Name() == name })
		if started != (name == edgeServer) {
			t.Errorf("Kong starts a process for %s: %v", name, started)
		}
		if name == edgeServer {
			continue
		}
		if got, want := c[key+"_socket"], "/usr/local/kong/"+edgeServer+".socket"; got != want {
			t.Errorf("%s is called at %q, want %q", name, got, want)
		}
		if got, want := c[key+"_query_cmd"], "/usr/local/bin/"+edgeServer+" -dump "+name; got != want {
			t.Errorf("%s is asked by %q, want %q", name, got, want)
		}
	}
}

func startCommand(c map[string]string) []string {
	return strings.Fields(c["pluginserver_"+strings.ReplaceAll(edgeServer, "-", "_")+"_start_cmd"])
}

func TestKongConf_startCommandHasFlagsThatExist(t *testing.T) {
	command := startCommand(conf(t))
	if len(command) == 0 || command[0] != path.Join("/usr/local/bin", edgeServer) {
		t.Fatalf("the start command is %q", command)
	}
	known := flags(t)
	// Kong's own default, since kong.conf sets no prefix.
	if i := slices.Index(command, "-kong-prefix"); i < 0 || i+1 == len(command) || command[i+1] != "/usr/local/kong" {
		t.Errorf("it makes its socket elsewhere than Kong looks for it: %q", command)
	}
	for i := 1; i < len(command); i += 2 {
		if known[command[i]] == "" || i+1 == len(command) {
			t.Errorf("there is no flag %s, or it lacks its value", command[i])
		}
	}
}

// telemetry is the port of the metrics.
func telemetry(t *testing.T, c map[string]string) int {
	t.Helper()
	command := startCommand(c)
	i := slices.Index(command, "-telemetry-address")
	if i < 0 || i+1 == len(command) {
		t.Fatal("the plugins have no telemetry address")
	}
	return port(t, command[i+1])
}

func port(t *testing.T, address string) int {
	t.Helper()
	n, err := strconv.Atoi(address[strings.LastIndexByte(address, ':')+1:])
	if err != nil || n <= 0 {
		t.Errorf("%q has no port", address)
	}
	return n
}

// listens are the ports of a listen setting, and those of them with TLS.
func listens(t *testing.T, value string) (all, tls []int) {
	t.Helper()
	if value == "off" {
		return nil, nil
	}
	for _, one := range words(value) {
		parts := strings.Fields(one)
		all = append(all, port(t, parts[0]))
		if slices.Contains(parts, "ssl") {
			tls = append(tls, all[len(all)-1])
		}
	}
	return all, tls
}

func TestKongConf_listenersHavePortsOfTheirOwn(t *testing.T) {
	c := conf(t)
	ports := []int{telemetry(t, c)}
	for _, key := range []string{"proxy_listen", "admin_listen", "status_listen"} {
		all, tls := listens(t, c[key])
		ports = append(ports, all...)
		if key == "proxy_listen" && len(tls) == 0 {
			t.Error("proxy_listen has no TLS")
		}
	}
	slices.Sort(ports)
	if unique := slices.Compact(slices.Clone(ports)); len(unique) != len(ports) {
		t.Errorf("ports %v", ports)
	}
}

// TestKongConf_accessLogHasNoArguments looks for the variables of nginx that hold the
// query of a request, or a header that may.
func TestKongConf_accessLogHasNoArguments(t *testing.T) {
	c := conf(t)
	name, format, _ := strings.Cut(c["nginx_http_log_format"], " ")
	if place := strings.Fields(c["proxy_access_log"]); name == "" || len(place) != 2 || place[1] != name {
		t.Errorf("proxy_access_log = %s does not use the format %q", c["proxy_access_log"], name)
	}
	if !strings.HasPrefix(format, "'") || !strings.HasSuffix(format, "'") || strings.Count(format, "'") != 2 {
		t.Errorf("the format is not one text in quotes: %s", format)
	}
	secrets := []string{"request", "request_uri", "args", "query_string", "is_args", "http_referer", "http_authorization", "http_cookie", "request_body", "remote_user", "upstream_uri"}
	for _, m := range regexp.MustCompile(`\$(\w+)`).FindAllStringSubmatch(format, -1) {
		if slices.Contains(secrets, m[1]) || strings.HasPrefix(m[1], "arg_") {
			t.Errorf("the access log has $%s", m[1])
		}
	}
}

func TestKongConf_listensOnLoopbackForOperators(t *testing.T) {
	c := conf(t)
	command := startCommand(c)
	address := command[slices.Index(command, "-telemetry-address")+1]
	for what, listen := range map[string]string{"telemetry": address, "status_listen": c["status_listen"], "admin_listen": c["admin_listen"]} {
		host, _, _ := strings.Cut(listen, ":")
		if listen != "off" && host != "127.0.0.1" && host != "" {
			t.Errorf("%s listens on %s", what, listen)
		}
	}
}

// TestKongConf_wakesARoute reads -wake as Kong would route it.
func TestKongConf_wakesARoute(t *testing.T) {
	c := conf(t)
	command := startCommand(c)
	u, err := url.Parse(command[slices.Index(command, "-wake")+1])
	if err != nil {
		t.Fatal(err)
	}
	ports, tls := listens(t, c["proxy_listen"])
	if at := port(t, u.Host); !slices.Contains(ports, at) || slices.Contains(tls, at) {
		t.Errorf("nothing listens for http on %s", u.Host)
	}
	if !strings.Contains(read(t, "kong/kong.yml"), "paths: ["+u.Path+"]") {
		t.Errorf("kong.yml has no route %s", u.Path)
	}
}

func TestKongConf_letsPluginLinesAndEventsThrough(t *testing.T) {
	c := conf(t)
	if !slices.Contains(startCommand(c), "-log-output") && !slices.Contains([]string{"debug", "info"}, c["log_level"]) {
		t.Errorf("log_level %s swallows the plugins' lines, which arrive at info", c["log_level"])
	}
	if c["database"] != "off" {
		t.Errorf("database = %s, but kong.yml is what is configured", c["database"])
	}
	if c["admin_listen"] != "off" {
		t.Errorf("admin_listen = %s is open to whoever reaches it", c["admin_listen"])
	}
	limit, ok := strings.CutSuffix(c["nginx_http_client_max_body_size"], "m")
	n, err := strconv.ParseFloat(limit, 64)
	if !ok || err != nil {
		t.Fatalf("client_max_body_size %q is not in megabytes", limit)
	}
	for _, name := range plugins(t) {
		body, _ := configField(t, name).sub("max_body_bytes")
		if largest, ok := body.Default.(float64); !ok || n*(1<<20) <= largest {
			t.Errorf("client_max_body_size %sm is not above the %v bytes of %s, so nginx answers in place of the plugin", limit, body.Default, name)
		}
	}
}

// settingOf is the setting that an environment variable stands for.
func settingOf(variable string) (key string, ok bool) {
	key, ok = strings.CutPrefix(variable, "KONG_")
	return strings.ToLower(key), ok
}

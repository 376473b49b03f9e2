package check

import (
	"cmp"
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"webhookedge/kong/local"
	"webhookedge/kong/local/declarative"
	"webhookedge/plugins/internal/chain"
)

// kongPrefix is Kong's own prefix, under which a plugin's binary and socket are found by
// their names.
const kongPrefix = "/usr/local/kong"

// conf is a kong.conf. A variable KONG_<NAME> goes before its lines.
type conf struct {
	*checker
	file   string
	values map[string]string
	lines  map[string]int
	used   []string // our plugins that kong.yml has, webhook-edge first
}

// conf says which settings the edge needs and kong.conf lacks.
func (c *checker) conf(in *local.Inspection) error {
	file := cmp.Or(c.Conf, c.beside("kong.conf"))
	if file == "" {
		return nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	k := &conf{checker: c, file: file, values: map[string]string{}, lines: map[string]int{}}
	k.read(string(text))
	for _, p := range in.Plugins {
		if p.Known {
			k.used = append(k.used, p.Name)
		}
	}
	slices.Sort(k.used) // webhook-edge is before the others
	k.used = slices.Compact(k.used)
	c.ConfChecked = true
	k.enabled(in)
	if len(k.used) > 0 {
		k.served()
		k.bounds()
	}
	return nil
}

// read takes the lines as Kong does: # begins a comment, the last line of a key counts.
func (k *conf) read(text string) {
	line := 0
	for one := range strings.Lines(text) {
		line++
		one, _, _ = strings.Cut(one, "#")
		if key, value, ok := strings.Cut(one, "="); ok {
			key = strings.TrimSpace(key)
			k.values[key], k.lines[key] = strings.TrimSpace(value), line
		}
	}
}

func (k *conf) get(key string) string {
	if value, ok := k.Env("KONG_" + strings.ToUpper(key)); ok {
		return value
	}
	return k.values[key]
}

func (k *conf) list(key, otherwise string) []string {
	var all []string
	for one := range strings.SplitSeq(cmp.Or(k.get(key), otherwise), ",") {
		all = append(all, strings.TrimSpace(one))
	}
	return all
}

// tell says what is wrong with a key and what to write.
func (k *conf) tell(severity, key, why, write string) {
	at := declarative.Problem{File: k.file, Path: key, Message: why + "; write\n" + write}
	if at.Line = k.lines[key]; at.Line > 0 {
		at.Column = 1
	}
	k.add(severity, at, nil, "")
}

// enabled says which plugins of kong.yml Kong would not know.
func (k *conf) enabled(in *local.Inspection) {
	names := k.list("plugins", "bundled")
	lacks := func(name string) bool { return !slices.Contains(names, name) }
	var missing []string
	for _, name := range k.used {
		if lacks(name) {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		k.tell(Error, "plugins", "it lacks "+strings.Join(missing, ", ")+", so Kong refuses kong.yml", "plugins = "+strings.Join(slices.Concat(names, missing), ","))
	}
	for i := range in.Plugins {
		p := &in.Plugins[i]
		bundled := p.Bundled && !lacks("bundled")
		if !p.Known && !bundled && lacks(p.Name) {
			k.add(Error, p.AtName(fmt.Sprintf("Kong does not know the plugin %s: the setting plugins in %s lacks it", p.Name, k.file)), p.Routes, p.Name)
		}
	}
}

// served says which plugins Kong could not reach, or not ask for their schema.
func (k *conf) served() {
	names := k.list("pluginserver_names", "")
	var missing []string
	for _, name := range k.used {
		if !slices.Contains(names, name) {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		all := slices.DeleteFunc(slices.Concat(names, missing), func(s string) bool { return s == "" })
		k.tell(Error, "pluginserver_names", "it lacks "+strings.Join(missing, ", ")+", so Kong does not find the plugin", "pluginserver_names = "+strings.Join(all, ","))
	}
	prefix := cmp.Or(k.get("prefix"), kongPrefix)
	socket := path.Join(prefix, chain.Server+".socket")
	server := "pluginserver_" + strings.ReplaceAll(chain.Server, "-", "_")
	k.socket(server, socket, prefix)
	start := strings.Fields(k.get(server + "_start_cmd"))
	if i := slices.Index(start, "-kong-prefix"); prefix != kongPrefix && (i < 0 || i+1 == len(start) || start[i+1] != prefix) {
		k.tell(Error, server+"_start_cmd", "the prefix is "+prefix+", and the plugin makes its socket elsewhere", fmt.Sprintf("%s_start_cmd = /usr/local/bin/%s -kong-prefix %s", server, chain.Server, prefix))
	}
	for _, name := range k.used {
		key := "pluginserver_" + strings.ReplaceAll(name, "-", "_")
		if name == chain.Server {
			continue
		}
		k.socket(key, socket, "")
		if query := k.get(key + "_query_cmd"); !strings.HasSuffix(query, " -dump "+name) {
			k.tell(Error, key+"_query_cmd", "Kong cannot ask for the schema of "+name, fmt.Sprintf("%s_query_cmd = /usr/local/bin/%s -dump %s", key, chain.Server, name))
		}
	}
	if k.get("nginx_location_set") == "" {
		for name, value := range chain.Variables() {
			k.tell(Warning, "nginx_location_set", "each delivery costs calls to Kong that one variable of nginx saves", fmt.Sprintf("nginx_location_set = $%s \"%s\"", name, value))
		}
	}
}

// socket says where a plugin is called at another socket than it listens on. Without a
// setting Kong takes one under its own prefix.
func (k *conf) socket(server, socket, prefix string) {
	have := k.get(server + "_socket")
	if have == socket || have == "" && prefix == kongPrefix {
		return
	}
	why := "the plugin listens on " + socket
	if have == "" {
		why = "Kong looks elsewhere; " + why
	}
	k.tell(Error, server+"_socket", why, server+"_socket = "+socket)
}

// bounds says what else would take deliveries amiss.
func (k *conf) bounds() {
	level := cmp.Or(k.get("log_level"), "notice")
	command := k.get("pluginserver_" + strings.ReplaceAll(chain.Server, "-", "_") + "_start_cmd")
	elsewhere := slices.ContainsFunc(strings.Fields(command), func(flag string) bool {
		return strings.HasPrefix(flag, "-log-") && !strings.HasPrefix(flag, "-log-level")
	})
	if level != "info" && level != "debug" && !elsewhere {
		k.tell(Warning, "log_level", "at "+level+" Kong drops the plugins' lines, errors included", "log_level = info")
	}
	if k.get("database") != "off" {
		k.tell(Warning, "database", "Kong reads no kong.yml unless it has no database", "database = off")
	} else if k.get("declarative_config") == "" {
		k.tell(Warning, "declarative_config", "Kong starts without a kong.yml", "declarative_config = /usr/local/kong/declarative/kong.yml")
	}
	if k.get("nginx_http_client_body_buffer_size") == "" {
		k.tell(Warning, "nginx_http_client_body_buffer_size", "bodies over 8 KiB go through a file", "nginx_http_client_body_buffer_size = 64k")
	}
	if n, ok := size(k.get("nginx_http_client_max_body_size")); ok && n > 0 && n < k.largest {
		k.tell(Warning, "nginx_http_client_max_body_size", fmt.Sprintf("nginx refuses bodies by itself that max_body_bytes allows, %d bytes", k.largest), fmt.Sprintf("nginx_http_client_max_body_size = %dm", k.largest>>20+1))
	}
	if k.inQuery && k.logsQuery() {
		k.tell(Warning, "proxy_access_log", "the access log has the query, where a sender of this kong.yml has its secret",
			"proxy_access_log = /dev/stdout webhook_edge\nand nginx_http_log_format as in kong/kong.conf")
	}
	proxied := slices.Contains(strings.Fields(strings.ReplaceAll(k.get("proxy_listen"), ",", " ")), "proxy_protocol")
	if proxied && k.get("real_ip_header") != "proxy_protocol" {
		k.tell(Error, "real_ip_header", "proxy_listen has proxy_protocol, and every client would have the address of the balancer", "real_ip_header = proxy_protocol")
	}
}

// queryVariable is one of nginx that holds a query.
var queryVariable = regexp.MustCompile(`\$(request|request_uri|args|query_string|http_referer|arg_\w+)\b`)

// logsQuery says whether the access log has queries, as it has in the formats of Kong and
// nginx.
func (k *conf) logsQuery() bool {
	place := strings.Fields(k.get("proxy_access_log"))
	if len(place) > 0 && place[0] == "off" {
		return false
	}
	name, format, _ := strings.Cut(k.get("nginx_http_log_format"), " ")
	return len(place) < 2 || place[1] != name || queryVariable.MatchString(format)
}

// size reads a size of nginx, in bytes.
func size(text string) (int, bool) {
	text = strings.ToLower(text)
	unit := 1
	for suffix, n := range map[string]int{"k": 1 << 10, "m": 1 << 20, "g": 1 << 30} {
		if rest, ok := strings.CutSuffix(text, suffix); ok {
			text, unit = rest, n
		}
	}
	n, err := strconv.Atoi(text)
	return n * unit, err == nil
}

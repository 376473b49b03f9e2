package doctor

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"webhookedge/kong/local/process"
	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/settings"
	"webhookedge/plugins/policy/author"
	"webhookedge/plugins/policy/engine"
)

const (
	inImage = "/etc/kong/kong.conf"
	prefix  = "/usr/local/kong" // Kong's own default
)

// kongConf holds kong.conf against what the plugins need of it.
func (d *doctor) kongConf() {
	if d.conf == "" {
		d.conf = inImage
		if _, err := os.Stat(d.conf); err != nil {
			d.conf = filepath.Join(filepath.Dir(d.config), "kong.conf")
		}
	}
	text, err := os.ReadFile(d.conf)
	if err != nil {
		d.add(Open, "kong.conf", oneLine(err), "name it with --kong-conf")
		return
	}
	conf := string(text)
	d.settings = process.Settings(conf)
	before := len(d.found)
	if missing := without(names(), d.settings["plugins"]); len(missing) > 0 {
		d.add(Change, "kong.conf", "plugins does not name "+strings.Join(missing, ", "), "take the part between plugins:begin and plugins:end of kong/kong.conf")
	}
	if got := process.Servers(conf); !maps.Equal(got, chain.Servers()) {
		d.add(Change, "kong.conf", "plugins of single stages have sockets of their own, which nobody serves", "take the part between plugins:begin and plugins:end of kong/kong.conf")
	}
	for name, value := range chain.Variables() {
		if got := process.Variables(conf)[name]; got != value {
			d.add(Change, "kong.conf", "nginx_location_set does not set $"+name+", which costs a call for each delivery", fmt.Sprintf("nginx_location_set = $%s %q", name, value))
		}
	}
	for name, why := range map[string]string{
		"nginx_http_client_max_body_size":    "bodies of any size fill the disk",
		"nginx_http_client_body_buffer_size": "bodies over 8 KB go through a file",
	} {
		if d.settings[name] == "" {
			d.add(Change, "kong.conf", name+" is not set: "+why, "take it from kong/kong.conf")
		}
	}
	if admin := d.settings["admin_listen"]; admin != "off" && !strings.HasPrefix(admin, "127.0.0.1") {
		d.add(Change, "kong.conf", "the Admin API, which can change every route, listens on "+admin, "admin_listen = off")
	}
	if len(d.found) == before {
		d.add(Fine, "kong.conf", d.conf+" has what the plugins need", "")
	}
}

func names() (all []string) {
	for _, p := range chain.Plugins() {
		all = append(all, p.Name)
	}
	return all
}

// without are the names that a list with commas lacks.
func without(names []string, list string) []string {
	var there []string
	for name := range strings.SplitSeq(list, ",") {
		there = append(there, strings.TrimSpace(name))
	}
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(there, name) })
}

// site is a plugin of a route with its settings.
type site struct {
	route string
	settings.Spec
}

// kongYML reads the routes. This is the one place that looks at the file itself: what
// `webhookctl check` finds belongs here, in place of these few faults.
func (d *doctor) kongYML() (sites []site) {
	routes, err := kongyml.Routes(d.config)
	if d.fault("kong.yml", err, "mend the file; webhookctl check names all faults") {
		return nil
	}
	before, told := len(d.found), map[int]bool{} // an anchor of YAML is one place for many routes
	for i := range routes {
		r := &routes[i]
		for _, problem := range r.Unresolved {
			if told[problem.Line] {
				continue
			}
			told[problem.Line] = true
			d.add(Change, "kong.yml", "route "+kongyml.Label(r)+": "+problem.String(), "set the variable in Kong's environment, and restart Kong")
		}
		for _, name := range slices.Sorted(maps.Keys(r.Plugins)) {
			spec, err := chain.Decode(name, r.Plugins[name])
			if len(r.Unresolved) == 0 {
				d.fault("kong.yml", wrapped(kongyml.Label(r)+", "+name, err), "mend the setting; webhookctl check names all faults")
			}
			sites = append(sites, site{kongyml.Label(r), spec})
		}
	}
	if len(d.found) == before {
		d.add(Fine, "kong.yml", fmt.Sprintf("%s has %d routes, and every reference leads somewhere", d.config, len(routes)), "")
	}
	return sites
}

// policies compiles every directory once.
func (d *doctor) policies(sites []site) {
	for _, dir := range distinct(sites, func(s *site) string { return s.Policy.Directory }) {
		found, err := author.Check(dir, author.CheckOptions{Options: engine.Options{Decision: sitesOf(sites, dir).Policy.Decision}})
		if err == nil {
			found = slices.DeleteFunc(found, func(f author.Finding) bool { return f.Warning })
			if _, serr := os.Stat(dir); serr != nil {
				err = serr
			}
		}
		switch {
		case err != nil:
			d.add(Change, "policy", oneLine(err), "mount the directory that policy.directory names")
		case len(found) > 0:
			d.add(Change, "policy", oneLine(errors.New(found[0].String())), fmt.Sprintf("mend it (one of %d); the last good policy goes on", len(found)))
		default:
			d.add(Fine, "policy", dir+" compiles", "")
		}
	}
}

// sitesOf is the first site with a directory of policies.
func sitesOf(sites []site, dir string) *site {
	return &sites[slices.IndexFunc(sites, func(s site) bool { return s.Policy.Directory == dir })]
}

// startFlag is a flag of the plugin's start command in kong.conf.
func (d *doctor) startFlag(name string) string {
	words := strings.Fields(d.settings["pluginserver_"+strings.ReplaceAll(chain.Server, "-", "_")+"_start_cmd"])
	if i := slices.Index(words, name); i >= 0 && i+1 < len(words) {
		return words[i+1]
	}
	return ""
}

// socket looks at the one over which Kong calls the plugins.
func (d *doctor) socket() {
	dir := d.startFlag("-kong-prefix")
	if dir == "" {
		dir = prefix
	}
	path := filepath.Join(dir, chain.Server+".socket")
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.add(Change, "socket", path+" is not there: no plugin process runs on this machine", "start Kong, or look into its error log; run doctor where Kong runs")
		return
	case err != nil:
		d.add(Open, "socket", oneLine(err), "run doctor as Kong's user")
		return
	case info.Mode().Type() != fs.ModeSocket:
		d.add(Change, "socket", path+" is no socket", "remove it, and restart Kong")
		return
	}
	if info.Mode().Perm()&0o002 != 0 {
		d.add(Change, "socket", path+" may be written by everybody, who can then say what Kong says", "umask 007 for Kong, and restart it")
	}
	conn, err := (&net.Dialer{Timeout: 2 * time.Second}).Dial("unix", path)
	if d.fault("socket", err, "restart Kong: nobody listens, or not for this user") {
		return
	}
	_ = conn.Close() // nothing was written
	d.add(Fine, "socket", path+" answers", "")
}

// journals looks at the directories that must outlive the process.
func (d *doctor) journals(sites []site) {
	for _, dir := range distinct(sites, func(s *site) string { return s.Publish.Journal.Directory }) {
		info, err := os.Stat(dir)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			_, perr := os.Stat(filepath.Dir(dir))
			if !d.fault("journal", perr, "mount a volume there, for Kong's user") {
				d.add(Fine, "journal", dir+" is made with the first delivery", "")
			}
		case err != nil:
			d.add(Open, "journal", oneLine(err), "run doctor as Kong's user")
		case !info.IsDir():
			d.add(Change, "journal", dir+" is no directory", "remove it")
		case info.Mode().Perm()&0o077 != 0:
			d.add(Change, "journal", fmt.Sprintf("%s, which holds payloads, is open to others (%v)", dir, info.Mode().Perm()), "chmod 700 "+dir)
		default:
			d.add(Fine, "journal", dir+" is its owner's alone", "")
		}
	}
	for i := range sites {
		if s := &sites[i]; len(s.Publish.Servers) > 0 && s.Publish.Journal.Directory == "" {
			d.add(Change, "journal", "route "+s.route+" has none: senders get 503 while NATS is away, and a power cut of NATS can cost events", "set publish.journal.directory, on a disk that outlives the container")
		}
	}
}

// distinct are the values of sites that are not empty, each once.
func distinct(sites []site, of func(*site) string) []string {
	var all []string
	for i := range sites {
		if v := of(&sites[i]); v != "" && !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	return all
}

func wrapped(where string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("route %s: %w", where, err)
}

// oneLine is an error in one line.
func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

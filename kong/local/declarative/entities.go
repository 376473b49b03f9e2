package declarative

import (
	"cmp"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxTimeout is Kong's largest time-out, in milliseconds.
const maxTimeout = math.MaxInt32 - 1

func (p *parser) service(o *object) {
	s := &Service{}
	s.Name = o.text("name")
	id := o.text("id")
	s.Protocol, s.Host, s.BasePath = o.text("protocol"), o.text("host"), o.text("path")
	s.Port = o.integer("port", 0, 0, math.MaxUint16)
	p.url(o, s)
	s.Retries = o.integer("retries", 5, 0, math.MaxInt16)
	s.ConnectTimeout = o.integer("connect_timeout", 60000, 1, maxTimeout)
	s.WriteTimeout = o.integer("write_timeout", 60000, 1, maxTimeout)
	s.ReadTimeout = o.integer("read_timeout", 60000, 1, maxTimeout)
	s.Tags = o.texts("tags", checkTag)
	s.Enabled = o.boolean("enabled", true)
	o.boolean("tls_verify", false)
	o.allow("created_at", "updated_at")
	for _, other := range []string{"client_certificate", "ca_certificates", "tls_verify_depth"} {
		if o.take(other) != nil {
			p.warn(o.at(other), join(o.path, other), "NOT RUN HERE: local mode ignores %s", other)
		}
	}
	p.checkService(o, s)
	s.ID = p.identify(o, "services", id, s.Name)
	p.file.Services = append(p.file.Services, s)
	p.services[s.Name], p.services[s.ID] = s, s
	o.each("routes", func(e *object) { p.route(e, s) })
	o.each("plugins", func(e *object) { p.plugin(e, nil, s) })
	o.end()
}

// url is a shorthand for protocol, host, port and path.
func (p *parser) url(o *object, s *Service) {
	text := o.text("url")
	if text == "" {
		return
	}
	for _, other := range []string{"protocol", "host", "port", "path"} {
		if o.keys[other] != nil {
			o.fault("url", "cannot be set together with %q: url is a shorthand for it", other)
			return
		}
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		o.fault("url", "expected a URL such as http://host:80/path, got %q", text)
		return
	}
	s.Protocol, s.Host, s.BasePath = u.Scheme, u.Hostname(), u.EscapedPath()
	s.Port, _ = strconv.Atoi(u.Port())
	if s.Port == 0 && s.Protocol == "https" {
		s.Port = 443
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		o.fault("url", "Kong drops user, query and fragment of a service's URL")
	}
}

func (p *parser) checkService(o *object, s *Service) {
	if s.Host == "" {
		o.fault("host", "required field missing (or give url)")
	} else if strings.ContainsAny(s.Host, ":/ ") && !strings.HasPrefix(s.Host, "[") {
		o.fault("host", "invalid value: %s (a host has no port and no path)", s.Host)
	}
	switch s.Protocol {
	case "":
		s.Protocol = "http"
	default:
		if msg := checkProtocol(s.Protocol); msg != "" {
			o.fault("protocol", "%s", msg)
		}
	}
	if s.Port == 0 {
		s.Port = 80
	}
	if s.BasePath != "" {
		if msg := checkPath(s.BasePath); msg != "" {
			o.fault("path", "%s", msg)
		}
	}
}

func (p *parser) route(o *object, s *Service) {
	r := &Route{Service: s}
	r.Name = o.text("name")
	id := o.text("id")
	if r.Protocols = o.texts("protocols", checkProtocol); r.Protocols == nil {
		r.Protocols = []string{"http", "https"}
	}
	r.Methods = o.texts("methods", checkMethod)
	r.Hosts = o.texts("hosts", checkHost)
	r.Paths = o.texts("paths", checkRoutePath)
	r.Headers = p.headers(o)
	r.Tags = o.texts("tags", checkTag)
	r.RegexPriority = o.integer("regex_priority", 0, math.MinInt32, math.MaxInt32)
	r.StripPath = o.boolean("strip_path", true)
	r.PreserveHost = o.boolean("preserve_host", false)
	o.boolean("request_buffering", true)
	o.boolean("response_buffering", true)
	r.HTTPSRedirectStatusCode = o.integer("https_redirect_status_code", 426, 301, 426)
	if c := r.HTTPSRedirectStatusCode; c != 426 && c != 301 && c != 302 && c != 307 && c != 308 {
		o.fault("https_redirect_status_code", "expected one of: 426, 301, 302, 307, 308")
	}
	if v := o.text("path_handling"); v != "" && v != "v0" {
		o.fault("path_handling", "only v0 is run here, as in Kong's own router flavours since 3.0")
	}
	o.allow("created_at", "updated_at")
	for _, other := range []string{"snis", "sources", "destinations", "expression", "priority"} {
		if o.take(other) != nil {
			o.fault(other, "is not run here: routes match by methods, hosts, paths and headers")
		}
	}
	if len(r.Methods)+len(r.Hosts)+len(r.Paths)+len(r.Headers) == 0 {
		o.fault("", "must set one of 'methods', 'hosts', 'headers', 'paths'")
	}
	p.bind(o, r)
	r.ID = p.identify(o, "routes", id, r.Name)
	p.file.Routes = append(p.file.Routes, r)
	p.routes[r.Name], p.routes[r.ID] = r, r
	o.each("plugins", func(e *object) { p.plugin(e, r, nil) })
	o.end()
}

// bind reads the service of a route that does not stand inside one.
func (p *parser) bind(o *object, r *Route) {
	name := p.reference(o, "service")
	if name == "" {
		return
	}
	if r.Service != nil {
		o.fault("service", "the route already belongs to the service that it is nested in")
		return
	}
	p.bound = append(p.bound, routeRef{r, name, o})
}

// reference reads a name, or the mapping {name: ...} or {id: ...}.
func (p *parser) reference(o *object, key string) string {
	n := o.values[key]
	if n == nil || deref(n).Kind != yaml.MappingNode {
		return o.text(key)
	}
	o.take(key)
	inner := p.object(n, join(o.path, key))
	name, id := inner.text("name"), inner.text("id")
	inner.end()
	return name + id
}

func (p *parser) headers(o *object) map[string][]string {
	n := o.take("headers")
	if n == nil {
		return nil
	}
	inner := p.object(n, join(o.path, "headers"))
	out := map[string][]string{}
	for name, v := range inner.values {
		if strings.EqualFold(name, "host") {
			inner.fault(name, "cannot contain 'host' header, which must be specified in the 'hosts' attribute")
			continue
		}
		out[name] = p.texts(deref(v), join(inner.path, name), func(string) string { return "" })
	}
	return out
}

func (p *parser) plugin(o *object, r *Route, s *Service) {
	pl := &Plugin{Pos: Pos{o.node.Line, o.node.Column}, Path: o.path, Route: r, Service: s, file: p.reader.file, node: o.node}
	pl.Name = o.text("name")
	if pl.Name == "" && o.values["name"] == nil {
		o.fault("name", "required field missing")
	}
	id := o.text("id")
	route, service := p.reference(o, "route"), p.reference(o, "service")
	if route != "" && r != nil || service != "" && (r != nil || s != nil) {
		o.fault("", "a plugin inside a route or a service cannot name another route or service")
	}
	if n := p.reference(o, "consumer"); n != "" {
		o.fault("consumer", "is not run here: there are no consumers in local mode")
	}
	pl.Enabled = o.boolean("enabled", true)
	pl.Protocols = o.texts("protocols", checkProtocol)
	o.texts("tags", checkTag)
	if n := o.take("config"); n != nil {
		pl.Config = p.value(n, join(o.path, "config"), 0)
	}
	o.allow("instance_name", "created_at", "updated_at")
	if o.take("ordering") != nil {
		o.fault("ordering", "belongs to Kong's enterprise edition")
	}
	o.end()
	p.loose = append(p.loose, looseRef{pl, route, service, o})
	pl.ID = id
	if id == "" {
		pl.ID = pluginID(pl, route, service)
	}
	if r != nil {
		route = r.Label()
	}
	if s != nil {
		service = cmp.Or(s.Name, s.ID)
	}
	p.unique(o, "name", "plugins", fmt.Sprintf("%s for route %q and service %q", pl.Name, route, service))
	p.file.Plugins = append(p.file.Plugins, pl)
}

// Package router picks the route of a request as Kong's router of the flavour
// "traditional_compatible" does: more kinds of attributes first, then hosts
// without a wildcard, more headers, regular expressions by their priority, and
// of prefixes the longest.
//
// Source: Kong 3.9.3, kong/router/transform.lua (priorities) and
// kong/router/utils.lua (the path towards a service). Routes by SNI, source or
// destination address are not known here, nor are expressions.
package router

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// Route is what routing needs of a route.
type Route struct {
	ID            string // a UUID; the last word between equal routes
	Methods       []string
	Hosts         []string // with a wildcard at one end, with a port or without
	Paths         []string // prefixes, or regular expressions behind "~"
	Headers       map[string][]string
	RegexPriority int
}

// Query is what routing needs of a request.
type Query struct {
	Method string
	Host   string // the Host header
	Port   int    // that the request came in on
	Path   string // normalised
	// Header returns all values of a header, by its lower-case name.
	Header func(name string) []string
}

// Match is a route that was found.
type Match struct {
	Index int // of the route in New's list
	// Path is the part of the path that matched, "" for a route without paths.
	Path     string
	Captures []string // groups of a regular expression, the first first
	Names    []string // of the groups; "" for one without a name
}

// Router is immutable and safe for concurrent use.
type Router struct{ rules []rule }

// splitSpace is Kong's namespace for the ids of routes that it splits.
var splitSpace = uuid.MustParse("7f145bf9-0dce-4f91-98eb-debbce4b9f6b")

// rule is a route, or the part of one whose paths are of one length.
type rule struct {
	index    int
	id       string
	priority uint64
	methods  []string
	hosts    []hostRule
	prefixes []string
	regexes  []*regexp.Regexp
	headers  []headerRule
}

type hostRule struct {
	text           string
	prefix, suffix bool
	port           int
}

type headerRule struct {
	name    string
	values  []string
	regexes []*regexp.Regexp
}

// New builds a router. The error names the route's id and the regular
// expression that does not compile.
func New(routes []Route) (*Router, error) {
	r := &Router{}
	for i, route := range routes {
		for _, part := range split(route) {
			ru, err := build(i, part)
			if err != nil {
				return nil, err
			}
			r.rules = append(r.rules, ru)
		}
	}
	slices.SortStableFunc(r.rules, func(a, b rule) int {
		return cmp.Or(cmp.Compare(b.priority, a.priority), strings.Compare(b.id, a.id))
	})
	return r, nil
}

// split makes a route for each length of prefix and one for all regular
// expressions.
func split(r Route) []Route {
	var keys []int
	groups := map[int][]string{}
	for _, p := range r.Paths {
		key := len(p)
		if strings.HasPrefix(p, "~") {
			key = 0
		}
		if groups[key] == nil {
			keys = append(keys, key)
		}
		groups[key] = append(groups[key], p)
	}
	if len(keys) < 2 {
		return []Route{r}
	}
	out := make([]Route, len(keys))
	for i, key := range keys {
		out[i] = r
		out[i].Paths = groups[key]
		out[i].ID = uuid.NewSHA1(splitSpace, []byte(r.ID+"#"+strconv.Itoa(i+1))).String()
	}
	return out
}

func build(index int, r Route) (rule, error) {
	ru := rule{index: index, id: r.ID, priority: priority(r), methods: r.Methods}
	for _, h := range r.Hosts {
		ru.hosts = append(ru.hosts, buildHost(h))
	}
	for _, p := range r.Paths {
		text, isRegex := strings.CutPrefix(p, "~")
		if !isRegex {
			ru.prefixes = append(ru.prefixes, p)
			continue
		}
		re, err := Compile(text)
		if err != nil {
			return rule{}, fmt.Errorf("route %s: path %q: %w", r.ID, p, err)
		}
		ru.regexes = append(ru.regexes, re)
	}
	for name, values := range r.Headers {
		h := headerRule{name: strings.ToLower(strings.ReplaceAll(name, "_", "-"))}
		for _, v := range values {
			text, isRegex := strings.CutPrefix(strings.ToLower(v), "~*")
			if !isRegex {
				h.values = append(h.values, text)
				continue
			}
			re, err := regexp.Compile(text)
			if err != nil {
				return rule{}, fmt.Errorf("route %s: header %s: %w", r.ID, name, err)
			}
			h.regexes = append(h.regexes, re)
		}
		ru.headers = append(ru.headers, h)
	}
	return ru, nil
}

// Compile compiles the regular expression of a path, which is anchored at the
// path's start. Kong's router has RE2's syntax, like Go.
func Compile(text string) (*regexp.Regexp, error) { return regexp.Compile("^(?:" + text + ")") }

func buildHost(h string) hostRule {
	out := hostRule{text: h}
	if name, port, found := strings.Cut(h, ":"); found {
		if n, err := strconv.Atoi(port); err == nil {
			out.text, out.port = name, n
		}
	}
	switch {
	case strings.HasPrefix(out.text, "*"):
		out.text, out.suffix = out.text[1:], true
	case strings.HasSuffix(out.text, "*"):
		out.text, out.prefix = out.text[:len(out.text)-1], true
	}
	return out
}

// Bits of a priority, from the most important: the number of kinds of
// attributes, hosts without a wildcard, the number of headers, a regular
// expression, its priority, the length of the prefix.
const (
	weightShift   = 61
	plainHostBit  = 1 << 60
	headersShift  = 52
	regexBit      = 1 << 51
	regexShift    = 19
	maxLengthMask = 1<<19 - 1
	maxHeaders    = 255
)

func priority(r Route) uint64 {
	var p uint64
	for _, set := range []bool{len(r.Methods) > 0, len(r.Hosts) > 0, len(r.Headers) > 0, len(r.Paths) > 0} {
		if set {
			p += 1 << weightShift
		}
	}
	if len(r.Hosts) > 0 && !slices.ContainsFunc(r.Hosts, func(h string) bool { return strings.Contains(h, "*") }) {
		p |= plainHostBit
	}
	p |= uint64(min(len(r.Headers), maxHeaders)) << headersShift
	if len(r.Paths) == 0 {
		return p
	}
	if strings.HasPrefix(r.Paths[0], "~") {
		return p | regexBit | uint64(uint32(r.RegexPriority))<<regexShift
	}
	return p | uint64(len(r.Paths[0]))&maxLengthMask
}

// Match returns the route of a request, and false when there is none.
func (r *Router) Match(q Query) (Match, bool) {
	for i := range r.rules {
		if m, ok := r.rules[i].match(q); ok {
			return m, true
		}
	}
	return Match{}, false
}

func (r *rule) match(q Query) (Match, bool) {
	m := Match{Index: r.index}
	if len(r.methods) > 0 && !slices.Contains(r.methods, q.Method) {
		return m, false
	}
	if len(r.hosts) > 0 && !slices.ContainsFunc(r.hosts, func(h hostRule) bool { return h.matches(q) }) {
		return m, false
	}
	for _, h := range r.headers {
		if !slices.ContainsFunc(q.Header(h.name), h.matches) {
			return m, false
		}
	}
	if len(r.prefixes) == 0 && len(r.regexes) == 0 {
		return m, true
	}
	for _, p := range r.prefixes {
		if strings.HasPrefix(q.Path, p) {
			m.Path = p
			return m, true
		}
	}
	for _, re := range r.regexes {
		if groups := re.FindStringSubmatch(q.Path); groups != nil {
			m.Path, m.Captures, m.Names = groups[0], groups[1:], re.SubexpNames()[1:]
			return m, true
		}
	}
	return m, false
}

func (h hostRule) matches(q Query) bool {
	host, _, _ := strings.Cut(q.Host, ":")
	if h.port != 0 && h.port != q.Port {
		return false
	}
	switch {
	case h.prefix:
		return strings.HasPrefix(host, h.text)
	case h.suffix:
		return strings.HasSuffix(host, h.text)
	}
	return host == h.text
}

func (h headerRule) matches(value string) bool {
	value = strings.ToLower(value)
	return slices.Contains(h.values, value) ||
		slices.ContainsFunc(h.regexes, func(re *regexp.Regexp) bool { return re.MatchString(value) })
}

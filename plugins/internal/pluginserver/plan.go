package pluginserver

import (
	"errors"
	"net/netip"
	"strings"
	"time"

	"webhookedge/kong/wire"
	"webhookedge/plugins/internal/pipeline"
)

// LineVariable is an nginx variable that kong.conf sets for each request to
// LineTemplate: what three calls tell otherwise, in one reply. A gateway that does
// not set it is asked by those.
const (
	LineVariable = "webhook_edge"
	LineTemplate = "$remote_addr $kong_request_id $request_method $request_uri"
)

// relearnInterval is how long what an instance learned of its route and gateway is
// taken for true. In a gateway with a database a route may get another name.
const relearnInterval = time.Minute

// learned is what the deliveries of an instance have in common.
type learned struct {
	until      time.Time
	inLine     bool // the gateway sets LineVariable
	route      string
	routeHosts []string
}

// question is a PDK call of the snapshot and how its reply is read; nil stands
// for the body, which is not read as a whole frame.
type question struct {
	method string
	arg    []byte
	read   func(*snapshot, []byte) error
}

// asked is what a plan asks for. Each call costs nginx and this process a few
// microseconds, so a delivery asks for what its route needs.
type asked struct {
	shared bool // what webhook-verify proved
	url    bool // the public URL, the peer and the hosts of the route
	learn  bool // everything one by one, and whether the gateway sets LineVariable
	inLine bool // LineVariable
	route  bool
	client bool // the client's address, where no LineVariable holds it
}

// plan is a snapshot's questions, encoded once.
type plan struct {
	request   []byte
	questions []question
}

// plans are those of all kinds.
func plans() map[asked]*plan {
	all := map[asked]*plan{}
	for bits := range 1 << 6 {
		has := func(n int) bool { return bits&(1<<n) != 0 }
		a := asked{shared: has(0), url: has(1), learn: has(2), inLine: has(3), route: has(4), client: has(5)}
		all[a] = newPlan(a.questions())
	}
	return all
}

func newPlan(questions []question) *plan {
	p := &plan{questions: questions}
	for _, q := range questions {
		p.request = wire.AppendFrame(p.request, q.method)
		p.request = wire.AppendFrame(p.request, q.arg)
	}
	return p
}

// variable asks for an nginx variable.
func variable(name string, read func(*snapshot, []byte) error) question {
	return question{"kong.nginx.get_var", wire.AppendBytes(nil, 1, name), read}
}

// questions are those of a delivery. The body comes last: its reply may keep the
// socket busy for long, and its limits are answered with the request's id.
func (a asked) questions() []question {
	client := clientPlan.questions[0]
	requestID := variable("kong_request_id", (*snapshot).readRequestID)
	q := []question{{"kong.request.get_headers", wire.AppendVarint(nil, 1, maxHeaders), (*snapshot).readHeaders}}
	switch {
	case a.learn:
		q = append(q, variable(LineVariable, (*snapshot).findLine),
			question{"kong.request.get_method", nil, (*snapshot).readMethod},
			question{"kong.request.get_path_with_query", nil, (*snapshot).readPath}, client, requestID)
	case a.inLine:
		q = append(q, variable(LineVariable, (*snapshot).readLine))
	default:
		q = append(q, variable("request", (*snapshot).readRequestLine), requestID)
		if a.client {
			q = append(q, client)
		}
	}
	if a.route || a.learn {
		q = append(q, question{"kong.router.get_route", nil, (*snapshot).readRoute})
	}
	if a.shared {
		q = append(q, question{"kong.ctx.shared.get", wire.AppendBytes(nil, 1, sharedKey), (*snapshot).readShared})
	}
	if a.url {
		q = append(q, urlQuestions()...)
	}
	return append(q, question{"kong.request.get_raw_body", nil, nil})
}

// errLine is a LineVariable that is not set as our kong.conf sets it.
var errLine = errors.New("the nginx variable $" + LineVariable + " is not set as in our kong.conf")

// findLine finds out whether the gateway sets LineVariable as it should.
func (s *snapshot) findLine(frame []byte) error {
	s.inLine = (&snapshot{d: &pipeline.Delivery{}}).readLine(frame) == nil
	return nil
}

// readLine reads LineVariable.
func (s *snapshot) readLine(frame []byte) error {
	line, err := stringField(frame, 1)
	if err != nil {
		return err
	}
	address, rest, _ := strings.Cut(line, " ")
	id, rest, _ := strings.Cut(rest, " ")
	method, target, found := strings.Cut(rest, " ")
	if !found || id == "" || method == "" || strings.Contains(target, " ") {
		return errLine
	}
	if addr, err := netip.ParseAddr(address); err == nil {
		s.d.ClientIP = addr // else the zero one, for stages to refuse
	}
	s.d.RequestID, s.d.Method = id, method
	s.setTarget(target)
	return nil
}

// readRequestLine reads nginx's $request, the first line of the request as the
// client sent it.
func (s *snapshot) readRequestLine(frame []byte) error {
	line, err := stringField(frame, 1)
	if err != nil {
		return err
	}
	method, target, found := strings.Cut(line, " ")
	if !found || method == "" {
		return wire.ErrMalformed
	}
	target, _, _ = strings.Cut(target, " ") // HTTP/0.9 has no version behind it
	s.d.Method = method
	s.setTarget(originForm(target))
	return nil
}

// originForm returns a request target without the scheme and host that a proxy's
// client sends, as nginx's $request_uri is.
func originForm(target string) string {
	if strings.HasPrefix(target, "/") {
		return target
	}
	_, rest, absolute := strings.Cut(target, "://")
	if !absolute {
		return target
	}
	if at := strings.IndexAny(rest, "/?"); at >= 0 {
		return rest[at:]
	}
	return "/"
}

// clientPlan asks for the client's address alone.
var clientPlan = newPlan([]question{{"kong.client.get_forwarded_ip", nil, (*snapshot).readClient}})

// setTarget sets path and query.
func (s *snapshot) setTarget(target string) { s.d.Path, s.d.RawQuery, _ = strings.Cut(target, "?") }

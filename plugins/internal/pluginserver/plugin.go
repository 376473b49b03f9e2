package pluginserver

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"webhookedge/plugins/internal/cores"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/telemetry"
)

// Settings are the part of a plugin's config that is about talking with Kong, for
// plugins that store events. They embed them in their own config struct.
type Settings struct {
	Respond   string `json:"respond" enum:"exit,continue" default:"exit" doc:"What follows a delivery that passed: exit answers from the plugin; continue lets Kong go on, to request-termination (fastest) or to a service. Plugins that store nothing always continue. Refusals always answer from the plugin."`
	AckHeader bool   `json:"ack_header" default:"true" doc:"Tell the sender in the header Webhook-Ack where the event is safe. With respond: continue the header is another call to Kong, of some 20 µs on both sides: false saves it."`
	Bounds
}

// Passing are Settings for plugins that store nothing. Nothing that they pass is
// answered by them: a 200 would be a promise that they cannot keep.
type Passing struct {
	Respond string `json:"respond" enum:"continue" default:"continue" doc:"What follows a delivery that passed: Kong goes on, to the next plugin or to a service. Only the plugins that store events can answer it. Refusals always answer from the plugin."`
	Bounds
}

// Pass returns p as a Handler has it.
func (p Passing) Pass() Settings { return Settings{Respond: RespondContinue, Bounds: p.Bounds} }

// Bounds are what a delivery may cost.
type Bounds struct {
	DeadlineMS   int `json:"deadline_ms" default:"2500" min:"100" max:"55000" doc:"Milliseconds that the stages have for a delivery, counted from when Kong has handed over the whole request. At most five sixths of the provider's own time-out (Slack 3 s, GitHub 10 s)."`
	MaxBodyBytes int `json:"max_body_bytes" default:"26214400" min:"1" max:"104857600" doc:"Largest body in bytes; a larger one is answered with 413. The default is the largest that GitHub sends (25 MiB)."`
}

// Deadline returns deadline_ms as a duration.
func (b Bounds) Deadline() time.Duration { return time.Duration(b.DeadlineMS) * time.Millisecond }

// Env is what the process gives to its plugins.
type Env struct {
	Logger  *slog.Logger
	Metrics *telemetry.Metrics
	Traces  *telemetry.Traces // nil exports nothing
	// Checks takes the readiness checks of what a plugin connects to.
	Checks *telemetry.Server
	Now    func() time.Time
	// Cores are to be borrowed while something large is built.
	Cores *cores.Cores
	// ObserveSubject is where records of deliveries go whose config does not say it, "" for
	// nowhere.
	ObserveSubject string
}

// Handler is a plugin built from one config.
type Handler struct {
	Settings
	Chain    *pipeline.Chain
	Provider string // the label of metrics and logs
	// UnprovedCopies is how many copies of a body are made, beside the body itself,
	// before its sender is proved.
	UnprovedCopies int
	// Share leaves what was proved in kong.ctx.shared; Take reads it there.
	Share, Take bool
	// AskConnection asks Kong for the URL that the sender called and for the peer,
	// too.
	AskConnection bool
	// AskClient asks for the client's address before the stages, which need it; else a
	// refusal alone does.
	AskClient bool
	// Answered is told of every answer but those to probes: ok is a success, proved one to
	// a delivery that is the provider's. It must not wait. Nil wants to know nothing.
	Answered func(route string, ok, proved bool)
	// Record is shown every delivery once it is answered, or its connection lost, without
	// time to wait or to keep d, whose body is gone but for its length. Nil wants to see none.
	Record func(d *pipeline.Delivery, out *pipeline.Outcome, took time.Duration)
	// Stored is told of every delivery that passed but probes, and keeps nothing of it. It
	// must not wait. Nil wants to know nothing.
	Stored func(*pipeline.Delivery)
	// Close gives up what the handler holds, after its last delivery. Nil is
	// nothing to give up.
	Close func()

	fault  error             // refuses every delivery
	cause  string            // of it, without any secret
	sender *telemetry.Sender // counts them
}

// Plugin is one Kong plugin, as Kong is told of it.
type Plugin struct {
	Name     string // as in kong.yml
	Priority int    // Kong runs plugins of higher priority first
	// Config is the zero value of the config struct; it gives the schema.
	Config any
}

// Builder makes the handlers of a process, and holds what they share.
type Builder interface {
	// Build makes the handler of a plugin from the JSON of one config. Its error
	// names every fault of that config. Several may be built at once.
	Build(plugin string, config []byte) (*Handler, error)
	// Close is called once, after every handler is closed.
	Close()
}

// Program is a process that serves plugins on one socket.
type Program struct {
	Name    string   // of the binary, the socket and the process
	Plugins []Plugin // the first is the one of a -dump without a name
	// Providers and Stages are the closed sets of the labels of metrics.
	Providers, Stages []string
	// Open is called once, before the socket is there.
	Open func(Env) (Builder, error)
}

// plugin returns a plugin by its name; "" is the first.
func (p *Program) plugin(name string) (Plugin, error) {
	for _, one := range p.Plugins {
		if name == "" || one.Name == name {
			return one, nil
		}
	}
	return Plugin{}, fmt.Errorf("no plugin %q in %s", name, p.Name)
}

// errMisconfigured is what a handler without a usable config refuses with.
var errMisconfigured = &pipeline.Reject{
	Code: pipeline.Misconfigured,
	Err:  errors.New("the plugin's config is unusable: see the log entry written when it was loaded"),
}

// misconfigured returns a handler that refuses every delivery. The protocol
// has no way to say that an instance cannot start: closing the connection
// would make Kong try again without end.
func misconfigured(cause string) *Handler {
	return &Handler{
		Settings: Settings{Bounds: Bounds{DeadlineMS: 1000, MaxBodyBytes: smallBody}},
		Chain:    refusals,
		fault:    errMisconfigured,
		cause:    cause,
	}
}

// refusals answers where there is no handler's own chain.
var refusals = pipeline.Refusals()

package act

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"webhookedge/plugins/internal/ctl/delivery"
	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/ctl/pick"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
)

// stays is what cannot be taken back of what is sent.
const stays = "This cannot be taken back: what the edge stores of it stays stored."

// send prepares a signed sample of a route's provider, or a body of one's own.
func (d *Desk) send(o *api.Order, fix *fixed) (*prepared, error) {
	s, err := d.sender(o.Route)
	if err != nil {
		return nil, err
	}
	if o.Mutation != delivery.MutateNone {
		if err := pick.Known("mutation", o.Mutation, delivery.Mutations()); err != nil {
			return nil, err
		}
	}
	if strings.ContainsFunc(o.ID, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '\\' }) {
		return nil, fmt.Errorf("%w: the id has more than printable ASCII, or quotes", ErrOrder)
	}
	s.Mutate, s.Event, s.ID = o.Mutation, o.Sample, o.ID
	p := &prepared{plan: api.Plan{Title: "Send a delivery of " + s.Row.Title + " to route " + kongyml.Label(s.route), Undo: stays}}
	if why := s.fill(o); why != "" {
		return p.denied(why), nil
	}
	if s.why != "" {
		return p.denied(s.why), nil
	}
	p.plan.Command = s.command(o, d.site.Config, d.site.Gateway)
	return p, d.signing(p, s, fix, o.Body != "")
}

// fill takes the body of an order, or the first sample where it names none, and says what
// is missing.
func (s *sender) fill(o *api.Order) (why string) {
	samples := catalogue.SampleEvents(s.Row)
	if o.Body != "" {
		s.Body, s.ContentType = []byte(o.Body), s.Row.JSONType()
		if _, kind, ok := catalogue.Sample(s.Row, s.Event); ok {
			s.ContentType = kind
		}
		if s.Event == "" && delivery.NamesEvent(s.Row) {
			return s.Row.Title + " names the event beside the payload, in a header: choose one."
		}
		return ""
	}
	if s.Event == "" && len(samples) > 0 {
		s.Event = samples[0]
	}
	if _, _, ok := catalogue.Sample(s.Row, s.Event); !ok {
		return "There is no sample of this event: give a body."
	}
	return ""
}

// command is the command line that sends the same.
func (s *sender) command(o *api.Order, config, gateway string) string {
	words := []string{"webhookctl", "send", "--route", o.Route}
	words = append(words, flag("--event", s.Event)...)
	words = append(words, flag("--mutate", s.Mutate)...)
	words = append(words, flag("--id", o.ID)...)
	words = append(words, flag("--config", config)...)
	words = append(words, flag("--gateway", gateway)...)
	if o.Body == "" {
		return command(words...)
	}
	return piped(o.Body, append(words, "--file", "-", "--content-type", s.ContentType)...)
}

// signing completes the plan of what s signs and sends: its request, the steps, and the
// run.
func (d *Desk) signing(p *prepared, s *sender, fix *fixed, own bool) error {
	if fix.id != "" {
		s.ID = fix.id
	}
	if err := s.Complete(); err != nil {
		return err
	}
	fix.id = s.ID
	now := time.Now()
	hide := wordsOf(s)
	signed, err := s.Mutated(now)
	if err != nil {
		return err
	}
	stranger, err := s.stranger(now)
	if err != nil {
		return err
	}
	p.plan.Request = shown(&signed, &stranger, hide)
	p.plan.Steps = append(p.plan.Steps, s.steps(own)...)
	p.seen = append(p.seen, kongyml.Label(s.route), s.Row.Name, s.Scheme, s.Event, s.ID, sha256.Sum256(s.Body), s.ContentType, s.URL, s.Host, s.PublicURL)
	times := 1
	if s.Mutate == delivery.MutateReplay {
		times = 2
	}
	p.run = d.sending(s.Host, times, hide, func() (provider.Signed, error) { return s.Mutated(time.Now()) })
	return nil
}

// stranger is the same delivery by somebody who has another secret: what differs is made
// with the secret, or is it.
func (s *sender) stranger(now time.Time) (provider.Signed, error) {
	pair, err := s.Row.NewKeyPair(s.Scheme)
	if err != nil {
		return provider.Signed{}, err
	}
	other := s.Delivery
	other.Secret, other.Body = pair.Private, append([]byte(nil), s.Body...)
	return other.Mutated(now)
}

func (s *sender) steps(own bool) []string {
	what := "the sample " + s.Event
	if own {
		what = "this body"
	}
	scheme, _ := s.Row.Scheme(s.Scheme)
	steps := []string{fmt.Sprintf("Sign %s as %s does (%s), with the secret of route %s.", what, s.Row.Title, scheme.Name, kongyml.Label(s.route))}
	if text := mutation(s.Mutate); text != "" {
		steps = append(steps, text)
	}
	to := "Send it to " + s.URL
	if s.Host != "" {
		to += ", as to the host " + s.Host
	}
	return append(steps, to+". The signature is made again at that moment.")
}

// mutation says what is wrong with a delivery on purpose.
func mutation(name string) string {
	return map[string]string{
		delivery.MutateForge:    "It is signed with a secret that nobody knows: the edge is to refuse it.",
		delivery.MutateReplay:   "It is sent twice: the second one is to be a duplicate.",
		delivery.MutateAge:      "Its signed time is more than a day ago: the edge is to refuse it.",
		delivery.MutateTruncate: "The last byte of its body is cut off after signing: the edge is to refuse it.",
		delivery.MutateDouble:   "It has the header of the signature twice: the edge is to refuse it.",
	}[name]
}

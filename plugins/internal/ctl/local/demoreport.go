package local

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"webhookedge/plugins/internal/ctl/color"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/table"
	"webhookedge/plugins/internal/pipeline"
)

const (
	routedSubject = "webhooks.disputes.stripe"
	columns       = 80 // of a terminal
)

// legend says what the deliveries of the demo are.
const legend = `
What is sent
  signed     as the provider signs it; "again" is the same one a second time
  forge      signed with the secret of somebody else
  truncate   the last byte of the body cut off after it was signed
  double     the signature header twice
  age        signed more than a day ago, where the time is signed
  broken     signed, and the body is no JSON
  flood      more than the limit, which is lowered to 40 a minute for this run
`

// next is what to try after the demo.
const next = `
What to try next
  webhookctl local                    keep this running, with your own secrets
  webhookctl providers show stripe    how to set a provider up
  webhookctl policy eval --sample github/push --explain
                                      what the policies decide, and why
  webhookctl --help                   everything else
(webhookctl is: go run ./plugins/cmd/webhookctl)
`

// stageLine is what a stage did.
type stageLine struct {
	Stage string `json:"stage"`
	Did   string `json:"did"`
	count int
}

// stages counts what each stage did.
func (d *demo) stages() []stageLine {
	codes := map[pipeline.Code]int{}
	for i := range d.plays {
		if p := &d.plays[i]; p.ok() {
			codes[p.want]++
		}
	}
	routed := 0
	for _, s := range d.events {
		if s.subject == routedSubject {
			routed++
		}
	}
	line := func(stage string, count int, format string, values ...any) stageLine {
		return stageLine{stage, fmt.Sprintf(format, values...), count}
	}
	observed := int(d.observed.Load())
	return []stageLine{
		line("ipallow", observed, "saw %d from addresses their provider does not publish, let them pass", observed),
		line("ratelimit", codes[pipeline.RateLimited], "refused %d over the limit with 429", codes[pipeline.RateLimited]),
		line("verify", codes[pipeline.SignatureInvalid], "refused %d with 401, answered %d handshake", codes[pipeline.SignatureInvalid], codes[pipeline.Handshake]),
		line("normalize", codes[pipeline.Malformed], "made %d events of one shape, refused %d with 400", len(d.events), codes[pipeline.Malformed]),
		line("policy", min(codes[pipeline.PolicyDenied], routed), "refused %d with 403 (%s), routed %d elsewhere (disputes)", codes[pipeline.PolicyDenied], refusedType, routed),
		line("publish", codes[pipeline.Accepted], "stored %d, dropped %d duplicates", codes[pipeline.Accepted], codes[pipeline.Duplicate]),
	}
}

// wrong are the faults of this run.
func (d *demo) wrong() []string {
	all := slices.Clone(d.found)
	for i := range d.plays {
		if p := &d.plays[i]; !p.ok() {
			all = append(all, fmt.Sprintf("%s %s %s: want %d %s, got %d %s", p.provider, p.event, p.what, p.want.Info().Status, p.want, p.got.Status, p.got.Body))
		}
	}
	for _, s := range d.stages() {
		if s.count == 0 {
			all = append(all, "the stage "+s.Stage+" did nothing")
		}
	}
	return all
}

// report prints what happened. It fails where anything was not as it should be.
func (d *demo) report(w io.Writer, asJSON bool) error {
	wrong := d.wrong()
	var err error
	if asJSON {
		err = d.reportJSON(w, wrong)
	} else {
		err = d.reportText(w, wrong)
	}
	if err == nil && len(wrong) > 0 {
		err = exit.ErrFailed
	}
	return err
}

func (d *demo) reportText(w io.Writer, wrong []string) error {
	paint := color.Of(w)
	say := func(format string, values ...any) { fmt.Fprintf(w, format+"\n", values...) } //nolint:errcheck // the terminal is gone
	say("%s", legend)
	if err := d.deliveries(w); err != nil {
		return err
	}
	say("")
	t := table.New(w, false, "STAGE\tWHAT IT DID")
	for _, s := range d.stages() {
		if err := t.Row(nil, s.Stage, s.Did); err != nil {
			return err
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	say("")
	t = table.New(w, false, "SEQ\tSUBJECT\tBYTES")
	for _, s := range d.events {
		if err := t.Row(nil, s.sequence, s.subject, len(s.data)); err != nil {
			return err
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if len(d.events) > 0 {
		say("\nEvent %d, a CloudEvent, without its payload\n%s", d.events[0].sequence, shown(d.events[0].data))
	}
	say("%s", next)
	for _, text := range wrong {
		say("%s", paint.Text(color.Red, "WRONG: "+text))
	}
	style := color.Green
	if len(wrong) > 0 {
		style = color.Red
	}
	say("%s", paint.Text(style, fmt.Sprintf("%d deliveries, %d events in the stream, %d not as they should be", len(d.plays), len(d.events), len(wrong))))
	return nil
}

// deliveries lists what was sent, by provider.
func (d *demo) deliveries(w io.Writer) error {
	t, last := table.New(w, false, "EVENT\tDELIVERY\tSTATUS\tANSWER\tMS"), ""
	for i := range d.plays {
		p := &d.plays[i]
		if p.provider != last {
			last = p.provider
			if err := t.RowIn(color.Bold, nil, last, "", "", "", ""); err != nil {
				return err
			}
		}
		style := color.Plain
		if !p.ok() {
			style = color.Red
		}
		if err := t.RowIn(style, nil, "  "+p.event, p.what, p.got.Status, p.answer(), fmt.Sprintf("%.1f", float64(p.got.Took.Microseconds())/1000)); err != nil {
			return err
		}
	}
	return t.Flush()
}

// shown is an event, one attribute a line, within the columns.
func shown(data []byte) string {
	var event map[string]json.RawMessage
	if json.Unmarshal(data, &event) != nil {
		return ""
	}
	var b strings.Builder
	for _, name := range []string{"id", "source", "type", "subject", "time", "provider", "tenant", "receivedat", "verification", "secretid", "data"} {
		value := string(event[name])
		if name == "data" {
			value = fmt.Sprintf("(%d bytes of JSON, as they came)", len(value))
		}
		if line := []rune(fmt.Sprintf("  %-13s %s", name, value)); value != "" {
			if len(line) > columns {
				line = append(line[:columns-3], []rune("...")...)
			}
			b.WriteString(string(line) + "\n")
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// demoResult is all that the demo did, for programs.
type demoResult struct {
	Deliveries []demoDelivery `json:"deliveries"`
	Stages     []stageLine    `json:"stages"`
	Events     []demoEvent    `json:"events"`
	Wrong      []string       `json:"wrong"`
}

type demoDelivery struct {
	Provider string  `json:"provider"`
	Event    string  `json:"event"`
	Delivery string  `json:"delivery"`
	Status   int     `json:"status"`
	Answer   string  `json:"answer"`
	MS       float64 `json:"ms"`
	OK       bool    `json:"ok"`
}

type demoEvent struct {
	Sequence  uint64 `json:"sequence"`
	Subject   string `json:"subject"`
	MessageID string `json:"message_id"`
	Bytes     int    `json:"bytes"`
}

func (d *demo) reportJSON(w io.Writer, wrong []string) error {
	r := demoResult{Stages: d.stages(), Wrong: append([]string{}, wrong...)}
	for i := range d.plays {
		p := &d.plays[i]
		r.Deliveries = append(r.Deliveries, demoDelivery{p.provider, p.event, p.what, p.got.Status, p.answer(), float64(p.got.Took.Microseconds()) / 1000, p.ok()})
	}
	for _, s := range d.events {
		r.Events = append(r.Events, demoEvent{s.sequence, s.subject, s.msgID, len(s.data)})
	}
	return table.NewJSON(w).Encode(r)
}

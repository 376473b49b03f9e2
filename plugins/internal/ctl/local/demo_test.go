package local

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"webhookedge/plugins/internal/ctl/delivery"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/pipeline"
)

// played is a demo that went well, with the longest names there are.
func played() *demo {
	answer := func(code pipeline.Code, ack string) delivery.Answer {
		a := delivery.Answer{Status: code.Info().Status, Ack: ack}
		if a.Status >= 400 {
			a.Body = `{"error":"` + code.String() + `","request_id":"x"}`
		}
		return a
	}
	d := &demo{}
	d.observed.Store(17)
	d.plays = []play{
		{"stripe", "customer.subscription.updated", playSigned, pipeline.Accepted, answer(pipeline.Accepted, "broker"), nil},
		{"stripe", "customer.subscription.updated", playAgain, pipeline.Duplicate, answer(pipeline.Duplicate, "duplicate"), nil},
		{"stripe", "customer.subscription.updated", delivery.MutateTruncate, pipeline.SignatureInvalid, answer(pipeline.SignatureInvalid, ""), nil},
		{"stripe", "customer.subscription.updated", playBroken, pipeline.Malformed, answer(pipeline.Malformed, ""), nil},
		{"github", "issues", playSigned, pipeline.PolicyDenied, answer(pipeline.PolicyDenied, ""), nil},
		{"slack", "url_verification", playHandshake, pipeline.Handshake, answer(pipeline.Handshake, ""), nil},
		{"github", "issues", playFlood, pipeline.RateLimited, answer(pipeline.RateLimited, ""), nil},
	}
	event := `{"id":"` + strings.Repeat("1", 90) + `","type":"stripe.charge.dispute.created","data":{"a":1}}`
	d.events = []stored{{subject: routedSubject, sequence: 1, msgID: "stripe:1", data: []byte(event)}}
	return d
}

func TestDemo_reportFits80Columns(t *testing.T) {
	var out bytes.Buffer
	if err := played().report(&out, false); err != nil {
		t.Errorf("%v\n%s", err, out.String())
	}
	for line := range strings.Lines(out.String()) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > columns {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	for _, want := range []string{
		"forge ", "truncate ", "double ", "age ", "flood ", "Event 1, a CloudEvent", "What to try next", "7 deliveries, 1 events in the stream, 0 not as they should be",
		"ratelimit  refused 1 over the limit with 429", "policy     refused 1 with 403 (github.issues), routed 1 elsewhere",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q:\n%s", want, out.String())
		}
	}
}

func TestDemo_reportFailsWhereSomethingIsWrong(t *testing.T) {
	for name, spoil := range map[string]func(*demo){
		"a forged delivery is stored":    func(d *demo) { d.plays[2].got = d.plays[0].got },
		"an event is answered by no ack": func(d *demo) { d.plays[0].got.Ack = "" },
		"a refusal of another stage":     func(d *demo) { d.plays[4].got.Body = `{"error":"ip_denied"}` },
		"a stage that did nothing":       func(d *demo) { d.observed.Store(0) },
		"an event that is not stored":    func(d *demo) { d.found = []string{"it is not in the stream"} },
	} {
		d := played()
		spoil(d)
		var out bytes.Buffer
		if err := d.report(&out, false); !errors.Is(err, exit.ErrFailed) || !strings.Contains(out.String(), "WRONG: ") || strings.Contains(out.String(), " 0 not as") {
			t.Errorf("%s: %v\n%s", name, err, out.String())
		}
		out.Reset()
		var result demoResult
		if err := d.report(&out, true); !errors.Is(err, exit.ErrFailed) || json.Unmarshal(out.Bytes(), &result) != nil || len(result.Wrong) == 0 || len(result.Deliveries) != 7 {
			t.Errorf("%s as JSON: %v\n%s", name, err, out.String())
		}
	}
}

// TestDemo_filesAreThoseShippedWithOneChange holds that the demo is about what is shipped.
func TestDemo_filesAreThoseShippedWithOneChange(t *testing.T) {
	dir, o := t.TempDir(), stackOptions{config: "../../../../kong/kong.yml"}
	env, err := demoFiles(&o, dir)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(o.config)
	if err != nil || !strings.Contains(string(text), demoLimit) || strings.Contains(string(text), shippedLimit) {
		t.Errorf("the limit is not lowered: %v", err)
	}
	for name, change := range demoTables() {
		if text, err := os.ReadFile(filepath.Join(env[policiesVariable], name)); err != nil || !strings.Contains(string(text), change[1]) {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
	}
	other := filepath.Join(dir, "kong", "other.yml")
	if err := errors.Join(os.Mkdir(filepath.Dir(other), 0o700), os.WriteFile(other, []byte("routes: []"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := demoFiles(&stackOptions{config: other}, t.TempDir()); err == nil || !strings.Contains(err.Error(), "not as shipped") {
		t.Errorf("another file: %v", err)
	}
}

package ackmodel

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// first is the first line of a trace.
func first(mode string, shows ...string) Line {
	return Line{Event: Begin, Mode: mode, Gateways: 2, Shows: shows}
}

func deliver(body string) Line { return Line{Event: Deliver, ID: "1", Body: body} }

func answered(body, ack string) Line { return Line{Event: Answered, ID: "1", Body: body, Ack: ack} }

func about(event, body string) Line { return Line{Event: event, ID: "1", Body: body} }

func at(gateway int, event, body string) Line {
	return Line{Event: event, ID: "1", Body: body, Gateway: gateway}
}

func fault(what string) []Line {
	return []Line{{Event: FaultBegins, Fault: what}, {Event: FaultIsOver, Fault: what}}
}

func trace(parts ...any) (out []Line) {
	for _, p := range parts {
		switch p := p.(type) {
		case Line:
			out = append(out, p)
		case []Line:
			out = append(out, p...)
		}
	}
	return out
}

func TestAccept_traces(t *testing.T) {
	end, drained := Line{Event: End}, Line{Event: Drained}
	large := Line{Event: Deliver, ID: "1", Body: "a", Large: true}
	tests := map[string]struct {
		trace []Line
		want  string // of the refusal; "" is accepted
	}{
		"a delivery is answered and stored":              {trace(first("spool"), deliver("a"), answered("a", "broker"), drained, about(Stored, "a"), end), ""},
		"one that was answered is not in the stream":     {trace(first("spool"), deliver("a"), answered("a", "broker"), drained, end), "no run ends"},
		"one is in the stream twice":                     {trace(first("spool"), deliver("a"), answered("a", "broker"), about(Stored, "a"), about(Stored, "a"), end), "twice"},
		"one that nobody sent is in the stream":          {trace(first("spool"), about(Stored, "a"), end), "nobody sent"},
		"other bytes are in the stream":                  {trace(first("spool"), deliver("a"), answered("a", "broker"), about(Stored, "b"), end), "nobody sent"},
		"one that was not answered is in the stream":     {trace(first("spool"), deliver("a"), about(Unanswered, "a"), about(Stored, "a"), end), ""},
		"one that was not answered is not in the stream": {trace(first("spool"), deliver("a"), about(Unanswered, "a"), drained, end), ""},
		"one is answered before it is sent":              {trace(first("spool"), deliver("a"), about(Unanswered, "a"), answered("a", "broker"), end), "no gateway can"},
		"one is spooled and stored later":                {trace(first("spool"), fault(FaultBrokerKilled), deliver("a"), answered("a", "spool"), drained, about(Stored, "a"), end), ""},
		"one is spooled where there is no disk":          {trace(first("broker"), deliver("a"), answered("a", "spool")), "no gateway can"},
		"one is answered with no known ack":              {trace(first("spool"), deliver("a"), answered("a", "")), "no gateway can"},
		"one is held though no other has its id":         {trace(first("spool"), deliver("a"), answered("a", "quarantine")), "no gateway can"},
		"a retry is a duplicate":                         {trace(first("spool"), deliver("a"), about(Unanswered, "a"), deliver("a"), answered("a", "duplicate"), about(Stored, "a"), end), ""},
		"one that was answered is sent again":            {trace(first("spool"), deliver("a"), answered("a", "broker"), deliver("a"), answered("a", "duplicate"), drained, about(Stored, "a"), end), ""},
		"an id is used again and held":                   {trace(first("spool"), deliver("a"), answered("a", "broker"), deliver("b"), answered("b", "quarantine"), about(Stored, "a"), end), ""},
		"an id is used again and both are stored":        {trace(first("spool"), deliver("a"), answered("a", "broker"), deliver("b"), answered("b", "broker"), about(Stored, "a"), about(Stored, "b"), end), "no gateway can"},
		"an id is used again and taken for the same":     {trace(first("spool"), deliver("a"), answered("a", "broker"), deliver("b"), answered("b", "duplicate"), about(Stored, "a"), end), "no gateway can"},
		"a large one is stored":                          {trace(first("spool"), large, answered("a", "broker"), about(Stored, "a"), end), ""},
		"a large one is lost":                            {trace(first("spool"), large, answered("a", "spool"), drained, end), "no run ends"},
		"the plugin is killed while one waits":           {trace(first("spool"), deliver("a"), fault(FaultGatewayKilled), answered("a", "spool"), fault(FaultGatewayKilled), drained, about(Stored, "a"), end), ""},
		"the power goes and the journal has it":          {trace(first("journal"), deliver("a"), answered("a", "broker"), fault(FaultBrokerPowerCut), drained, about(Stored, "a"), end), ""},
		"the power goes and the journal lost it":         {trace(first("journal"), deliver("a"), answered("a", "broker"), fault(FaultBrokerPowerCut), drained, end), "no run ends"},
		"a journal lets go of what is not at the broker": {trace(first("journal", Acked, Doubled, Dropped), deliver("a"), answered("a", "spool"), at(0, Dropped, "a")), "no run of the model"},
		"a journal lets go of what is at the broker":     {trace(first("journal", Acked, Dropped), deliver("a"), at(0, Acked, "a"), answered("a", "broker"), at(0, Dropped, "a")), ""},
		"an answer of the broker without its ack":        {trace(first("journal", Acked, Doubled), deliver("a"), answered("a", "broker")), "no gateway can"},
		"an answer before the journal has it":            {trace(first("journal", Journalled), deliver("a"), answered("a", "spool"), at(0, Journalled, "a")), "no gateway can"},
		"an answer when the journal has it":              {trace(first("journal", Journalled), deliver("a"), at(0, Journalled, "a"), answered("a", "spool")), ""},
		"a journal publishes again after a power cut":    {trace(first("journal", Acked, Dropped), deliver("a"), at(0, Acked, "a"), answered("a", "broker"), fault(FaultBrokerPowerCut), at(0, Acked, "a"), at(0, Dropped, "a"), about(Stored, "a"), end), ""},
		"a stream forgets with no power cut":             {trace(first("journal", Acked, Dropped, Connected), Line{Event: Connected}, deliver("a"), at(0, Acked, "a"), answered("a", "broker"), at(0, Dropped, "a"), end), "no run ends"},
		"a conflict that comes out of the journal":       {trace(first("journal", SetAside), deliver("a"), answered("a", "spool"), deliver("b"), answered("b", "spool"), at(1, SetAside, "b"), about(Stored, "a"), end), ""},
		"a conflict with nothing":                        {trace(first("journal", SetAside), deliver("a"), answered("a", "spool"), at(0, SetAside, "a")), "no run of the model"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			refusals, err := Accept(tt.trace)
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case tt.want == "" && len(refusals) > 0:
				t.Errorf("refused: %s", refusals[0])
			case tt.want != "" && len(refusals) == 0:
				t.Errorf("accepted, and should be refused: %s", tt.want)
			case tt.want != "" && !strings.Contains(refusals[0].Error(), tt.want):
				t.Errorf("refused with %q, want %q", refusals[0], tt.want)
			}
		})
	}
}

// TestAccept_readsEachEventByItself has a fault beside many events, one of which is
// lost.
func TestAccept_readsEachEventByItself(t *testing.T) {
	lines := trace(first("spool"))
	for i := range 2000 {
		id := strings.Repeat("x", i+1)
		lines = append(lines, Line{Event: Deliver, ID: id, Body: "b"}, Line{Event: Answered, ID: id, Body: "b", Ack: "broker"})
	}
	lines = append(lines, fault(FaultBrokerKilled)...)
	for i := 1; i < 2000; i++ {
		lines = append(lines, Line{Event: Stored, ID: strings.Repeat("x", i+1), Body: "b"})
	}
	lines = append(lines, Line{Event: End})
	refusals, err := Accept(lines)
	if err != nil || len(refusals) != 1 || refusals[0].ID != "x" || refusals[0].At != len(lines) {
		t.Errorf("got %v, %v; want one refusal, of x at the last line", refusals, err)
	}
}

func TestAccept_refusesMalformedTraces(t *testing.T) {
	tests := map[string][]Line{
		"no lines":                               nil,
		"another first line":                     {deliver("a")},
		"an unknown mode":                        {{Event: Begin, Mode: "x", Gateways: 1}},
		"more gateways than the model has":       {{Event: Begin, Mode: "spool", Gateways: 3}},
		"an event that cannot be shown":          {first("spool", "x")},
		"an event that nobody knows":             {first("spool"), deliver("a"), about("x", "a")},
		"an event that was not said to be shown": {first("spool"), deliver("a"), at(0, Dropped, "a")},
		"more bodies of an id":                   {first("spool"), deliver("a"), deliver("b"), deliver("c")},
	}
	for name, lines := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := Accept(lines); !errors.Is(err, ErrTrace) {
				t.Errorf("got %v, want %v", err, ErrTrace)
			}
		})
	}
}

// readTrace reads a trace, or returns an error that wraps ErrTrace.
func readTrace(r io.Reader) (lines []Line, err error) {
	scanner := bufio.NewScanner(r)
	for scanner.Scan() {
		var line Line
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrTrace, len(lines)+1, err)
		}
		lines = append(lines, line)
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("%w: line %d: %w", ErrTrace, len(lines)+1, err)
	}
	return lines, nil
}

func TestTrace_roundTrip(t *testing.T) {
	want := trace(first("journal", Acked), deliver("a"), fault(FaultBrokerKilled), answered("a", "spool"))
	var file bytes.Buffer
	if err := WriteTrace(&file, want); err != nil {
		t.Fatal(err)
	}
	got, err := readTrace(&file)
	if err != nil || !slices.EqualFunc(got, want, func(a, b Line) bool {
		return a.Event == b.Event && a.ID == b.ID && a.Body == b.Body && a.Ack == b.Ack && slices.Equal(a.Shows, b.Shows)
	}) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	if _, err := readTrace(strings.NewReader("{\n")); !errors.Is(err, ErrTrace) {
		t.Errorf("got %v, want %v", err, ErrTrace)
	}
}

package events

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/ctltest"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/stored"
)

const longID = "72d3162e-cc78-11e3-81ab-4c9367dc0958"

// filled is a broker with five events and a message that is none.
func filled(t *testing.T) (*ctltest.Broker, []string) {
	t.Helper()
	b, flags := ctltest.NATS(t)
	b.Stream(t)
	for _, e := range []struct {
		event.Event
		route  string
		binary bool
	}{
		{event.Event{ID: longID, Provider: "github", Type: "push", Subject: "octo/hello", Data: []byte(`{"ref":"main"}`)}, "gh", false},
		{event.Event{ID: "2", Provider: "github", Type: "pull_request", Action: "opened", Tenant: "acme", Subject: "octo/hello", Data: []byte(`{"number":7}`)}, "gh", true},
		{event.Event{ID: "3", Provider: "stripe", Type: "charge.dispute", Action: "created", Tenant: "acct_1", Subject: "dp_1"}, "stripe", false},
		{event.Event{ID: "4\x1b[2J", Provider: "stripe", Type: "charge", Subject: "ch_1\nx", Binary: true, Data: []byte{0, 1, 2}, DataContentType: "application/octet-stream"}, "stripe", true},
		{event.Event{ID: "5", Provider: "github", Type: "push", Subject: "octo/other", Data: []byte(`{}`)}, "gh", false},
	} {
		one := e.Event
		one.Source = event.Source(one.Provider, one.Tenant)
		if len(one.Data) > 0 && !one.Binary {
			one.DataContentType = "application/json"
		}
		b.Publish(t, &one, e.route, e.binary)
	}
	if _, err := b.JS.Publish(t.Context(), "webhooks.github._.push", []byte("no event")); err != nil {
		t.Fatal(err)
	}
	return b, flags
}

func TestEvents_list(t *testing.T) {
	_, flags := filled(t)
	for name, tc := range map[string]struct {
		args []string
		want string // sequences
	}{
		"all of them":                   {nil, "1 2 3 4 5"},
		"one provider":                  {[]string{"--provider", "stripe"}, "3 4"},
		"a type":                        {[]string{"--type", "github.push"}, "1 5"},
		"a type and its actions":        {[]string{"--type", "github.pull_request*"}, "2"},
		"the end of a type":             {[]string{"--type", "*.created"}, "3"},
		"a tenant":                      {[]string{"--tenant", "acme"}, "2"},
		"an id":                         {[]string{"--id", longID}, "1"},
		"a resource":                    {[]string{"--subject", "octo/*"}, "1 2 5"},
		"a subject of NATS":             {[]string{"--match", "webhooks.*.acct_1.>"}, "3"},
		"from a sequence":               {[]string{"--from", "4"}, "4 5"},
		"since a duration":              {[]string{"--since", "1h", "--until", "0s"}, "1 2 3 4 5"},
		"until before it":               {[]string{"--until", "1h"}, ""},
		"the last two":                  {[]string{"--last", "2"}, "4 5"},
		"the last of one provider":      {[]string{"--last", "1", "--provider", "stripe"}, "4"},
		"more of the last than are":     {[]string{"--last", "100"}, "1 2 3 4 5"},
		"the last of what is not there": {[]string{"--last", "3", "--tenant", "none"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			out, _, err := ctltest.RunWith(t, "", Command(), append(append(tc.args, "--json"), flags...)...)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for dec := json.NewDecoder(strings.NewReader(out)); dec.More(); {
				var s stored.Summary
				if err := dec.Decode(&s); err != nil {
					t.Fatal(err)
				}
				if want := map[string]string{"github": "gh", "stripe": "stripe"}[s.Provider]; s.Route != want {
					t.Errorf("%d is of route %q", s.Sequence, s.Route)
				}
				got = append(got, string(rune('0'+s.Sequence)))
			}
			if strings.Join(got, " ") != tc.want {
				t.Errorf("got %v, want %s", got, tc.want)
			}
		})
	}
}

func TestEvents_tableFitsATerminal(t *testing.T) {
	_, flags := filled(t)
	out, complaints, err := ctltest.RunWith(t, "", Command(), flags...)
	if err != nil || strings.Count(out, "\n") != 6 || !strings.Contains(complaints, "1 messages of WEBHOOKS are left out") {
		t.Fatalf("%v %q\n%s", err, complaints, out)
	}
	for line := range strings.SplitSeq(out, "\n") {
		if n := utf8.RuneCountInString(line); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if strings.Contains(out, "\x1b") {
		t.Error("an escape of a terminal comes through")
	}
	wide, err := ctltest.Run(t, Command(), append([]string{"--wide", "--provider", "github"}, flags...)...)
	for _, want := range []string{longID, "webhooks.github.acme.pull_request.opened", "\tacme\t", "\tgh\t"} {
		if err != nil || !strings.Contains(wide, want) {
			t.Errorf("%v: wide has no %q:\n%s", err, want, wide)
		}
	}
}

func TestEvents_unknownNames(t *testing.T) {
	_, flags := filled(t)
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"a provider that is a slip":       {[]string{"--provider", "gihub"}, "did you mean github?"},
		"the provider of a type":          {[]string{"--type", "stirpe.charge"}, "did you mean stripe?"},
		"a stream":                        {[]string{"--stream", "WEBHOOK"}, "did you mean WEBHOOKS?"},
		"a time that is none":             {[]string{"--since", "yesterday"}, "--from"},
		"too many of the last":            {[]string{"--last", "1000000"}, "--last"},
		"a sequence and an id":            {[]string{"show", "1", "--id", "2"}, "name a sequence"},
		"neither of them":                 {[]string{"show"}, "name a sequence"},
		"an id in the place of sequences": {[]string{"show", "abc"}, "--id"},
	} {
		_, err := ctltest.Run(t, Command(), append(tc.args, flags...)...)
		if !errors.Is(err, exit.ErrUsage) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// output is written by a command while a test reads it.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

func TestEvents_follow(t *testing.T) {
	b, flags := filled(t)
	ctx, stop := context.WithCancel(t.Context())
	var out output
	cmd := ctltest.Root(Command(), append([]string{"--follow", "--last", "1", "--json"}, flags...)...)
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	done := make(chan error)
	go func() { done <- cmd.ExecuteContext(ctx) }()
	wait := func(text string) {
		t.Helper()
		for until := time.Now().Add(10 * time.Second); !strings.Contains(out.String(), text); time.Sleep(5 * time.Millisecond) {
			if time.Now().After(until) {
				t.Fatalf("no %s in\n%s", text, out.String())
			}
		}
	}
	wait(`"id":"5"`)
	b.Publish(t, &event.Event{ID: "live", Source: "/s", Provider: "github", Type: "push"}, "gh", true)
	wait(`"id":"live"`)
	stop()
	if err := <-done; err != nil || strings.Contains(out.String(), longID) {
		t.Errorf("%v\n%s", err, out.String())
	}
}

func TestEvents_show(t *testing.T) {
	_, flags := filled(t)
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"a structured one":       {[]string{"show", "1"}, "id               " + longID},
		"its payload, indented":  {[]string{"show", "1"}, "\n{\n  \"ref\": \"main\"\n}\n"},
		"one of binary mode":     {[]string{"show", "2"}, "type             github.pull_request.opened"},
		"its route":              {[]string{"show", "2"}, "route            gh"},
		"binary mode as JSON":    {[]string{"show", "2", "--json"}, `"type":"github.pull_request.opened"`},
		"the payload alone":      {[]string{"show", "2", "--data"}, `{"number":7}`},
		"by its id":              {[]string{"show", "--id", "5"}, "octo/other"},
		"bytes that are no JSON": {[]string{"show", "4"}, "3 bytes that are no JSON"},
		"text of a stranger":     {[]string{"show", "4"}, `4\x1b[2J`},
	} {
		out, err := ctltest.Run(t, Command(), append(tc.args, flags...)...)
		if err != nil || !strings.Contains(out, tc.want) {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
	for name, args := range map[string][]string{"a sequence that is gone": {"show", "99"}, "an id that is not there": {"show", "--id", "none"}, "what is no event": {"show", "6"}} {
		if out, err := ctltest.Run(t, Command(), append(args, flags...)...); err == nil || errors.Is(err, exit.ErrUsage) {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// TestEvents_payloadIsNoEvent holds that a payload of binary mode that looks like an event
// is not shown in the place of the one that carries it.
func TestEvents_payloadIsNoEvent(t *testing.T) {
	b, flags := ctltest.NATS(t)
	b.Stream(t)
	inner := &event.Event{ID: "forged", Source: "/s", Provider: "stripe", Type: "charge"}
	b.Publish(t, &event.Event{ID: "real", Source: "/s", Provider: "github", Type: "push", DataContentType: "application/json", Data: inner.AppendJSON(nil)}, "gh", true)
	out, err := ctltest.Run(t, Command(), append([]string{"show", "1", "--json"}, flags...)...)
	if err != nil || !strings.HasPrefix(out, `{"specversion":"1.0","type":"github.push","id":"real"`) {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestEvents_resolvesClaimChecks(t *testing.T) {
	b, flags := ctltest.NATS(t)
	b.Stream(t)
	store, err := b.JS.CreateObjectStore(t.Context(), jetstream.ObjectStoreConfig{Bucket: "DATA"})
	if err != nil {
		t.Fatal(err)
	}
	payload := []byte(`{"large":true}`)
	if _, err := store.PutBytes(t.Context(), "one", payload); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(payload)
	for id, hash := range map[string]string{"good": hex.EncodeToString(sum[:]), "swapped": strings.Repeat("0", 64)} {
		b.Publish(t, &event.Event{
			ID: id, Source: "/s", Provider: "github", Type: "push", DataContentType: "application/json",
			DataRef: event.ObjectRef("DATA", "one"), DataSize: int32(len(payload)), DataSHA256: hash,
		}, "gh", false)
	}
	for name, tc := range map[string]struct {
		args []string
		want string
		bad  bool
	}{
		"not fetched without being asked": {[]string{"--id", "good"}, "14 bytes in the object store", false},
		"no bytes without being asked":    {[]string{"--id", "good", "--data"}, "add --resolve", true},
		"fetched":                         {[]string{"--id", "good", "--data", "--resolve"}, string(payload), false},
		"fetched into the event":          {[]string{"--id", "good", "--json", "--resolve"}, `"data":{"large":true}`, false},
		"another payload":                 {[]string{"--id", "swapped", "--resolve"}, "not the one of the event", true},
	} {
		out, err := ctltest.Run(t, Command(), append(append([]string{"show"}, tc.args...), flags...)...)
		if err != nil {
			out += err.Error()
		}
		if (err != nil) != tc.bad || !strings.Contains(out, tc.want) {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

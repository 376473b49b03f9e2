package chain

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"webhookedge/plugins/internal/natstest"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/observe"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
)

// TestObserve_recordsTheWholeWay stores a delivery and refuses another one.
func TestObserve_recordsTheWholeWay(t *testing.T) {
	broker := natstest.Start(t)
	nc := natstest.Connect(t, broker)
	records := make(chan *nats.Msg, 2)
	if _, err := nc.ChanSubscribe("webhooks-trace.all", records); err != nil {
		t.Fatal(err)
	}
	if err := nc.Flush(); err != nil {
		t.Fatal(err)
	}
	process, log := opened(t)
	h, err := process.Build(Server, fmt.Appendf(nil, `{"provider":"github","verify":{"secrets":[{"value":"octo-secret-0123456789abcdef"}]},
		"publish":{"servers":[%q],"stream":{"ensure":"create"},"ack_timeout_ms":20000},"policy":{"directory":"../../../policies"},"deadline_ms":50000,
		"observe":{"subject":"webhooks-trace.all"}}`, broker.ClientURL()))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	row, _ := catalogue.Lookup("github")
	body, contentType, _ := catalogue.Sample(row, "push")
	for n, secret := range []string{"octo-secret-0123456789abcdef", "another-secret-0123456789abcdef"} {
		signer, err := row.Signer(provider.Options{Secrets: []provider.Secret{{Value: secret}}})
		if err != nil {
			t.Fatal(err)
		}
		signed, err := signer.Sign(provider.Unsigned{URL: "https://h.example/in", Body: body, ContentType: contentType, Event: "push", ID: fmt.Sprint("id-", n), At: time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		d := &pipeline.Delivery{Method: http.MethodPost, Path: "/in", Body: body, RequestID: fmt.Sprint("r", n), Route: "github", ReceivedAt: time.Now()}
		for _, h := range signed.Headers {
			d.Headers = append(d.Headers, pipeline.Header(h))
		}
		out := h.Chain.Run(t.Context(), d)
		h.Record(d, &out, time.Millisecond)
	}
	var got [2]observe.Record
	for n := range got {
		select {
		case m := <-records:
			if err := json.Unmarshal(m.Data, &got[n]); err != nil {
				t.Fatal(err)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("no record\n%s", log)
		}
	}
	var way []string
	for _, s := range got[0].Steps {
		way = append(way, s.Stage)
	}
	if strings.Join(way, " ") != "verify normalize policy publish" || got[0].Status != 200 || got[0].Stream != "WEBHOOKS" || got[0].Events[0].Rule == "" {
		t.Errorf("it is %+v", got[0])
	}
	if got[1].Status != 401 || got[1].Stage != "verify" || len(got[1].Steps) != 1 || got[1].Reason == "" || got[1].Proof != nil {
		t.Errorf("it is %+v", got[1])
	}
}

func TestObserve_recordsAreNoEvents(t *testing.T) {
	for _, plugin := range []string{Server, "webhook-publish"} {
		build, _ := builder(t, plugin)
		config := samples()[plugin].with("a-secret-of-the-tests", `,"observe":{"subject":"webhooks.trace"}`)
		if err := build(config); err == nil || !strings.Contains(err.Error(), "observe.subject: ") {
			t.Errorf("%s: %v", plugin, err)
		}
	}
}

// TestObserve_byDefault holds which configs take the subject of the process.
func TestObserve_byDefault(t *testing.T) {
	const subject = "webhooks-trace.all"
	process, _ := opened(t)
	process.shared.Env.ObserveSubject = subject
	for name, tt := range map[string]struct {
		plugin, more string
		want         observe.Config
	}{
		"a config that says nothing":   {Server, "", observe.Config{Subject: subject, Sample: 100, Refusals: observe.RefusalsAll}},
		"one with another subject":     {Server, `,"observe":{"subject":"webhooks-trace.own","sample":7}`, observe.Config{Subject: "webhooks-trace.own", Sample: 7, Refusals: observe.RefusalsAll}},
		"one that stores events there": {Server, "below", observe.Config{Sample: 100, Refusals: observe.RefusalsAll}},
		"a plugin that publishes":      {"webhook-publish", "", observe.Config{Subject: subject, Sample: 100, Refusals: observe.RefusalsAll}},
		"a plugin without a client":    {"webhook-verify", "", observe.Config{}},
	} {
		t.Run(name, func(t *testing.T) {
			config := samples()[tt.plugin].with("a-secret-of-the-tests", strings.TrimPrefix(tt.more, "below"))
			if tt.more == "below" {
				config = strings.Replace(config, `"publish":{`, `"publish":{"subject_prefix":"webhooks-trace",`, 1)
			}
			spec, err := Decode(tt.plugin, []byte(config))
			if err != nil {
				t.Fatal(err)
			}
			i, err := process.Instance(spec, Variant{})
			if err != nil {
				t.Fatal(err)
			}
			defer i.Close()
			if i.Observe != tt.want {
				t.Errorf("it is %+v", i.Observe)
			}
		})
	}
}

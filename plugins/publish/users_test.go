package publish_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/consumer"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/streams"
	"webhookedge/plugins/streams/deadletter"
	"webhookedge/plugins/streams/read"
)

// violations are what the broker refused its users.
type violations struct {
	mu    sync.Mutex
	lines []string
}

func (v *violations) Errorf(format string, args ...any) {
	if line := fmt.Sprintf(format, args...); strings.Contains(line, "Violation") {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.lines = append(v.lines, line)
	}
}
func (*violations) Noticef(string, ...any) {}
func (*violations) Warnf(string, ...any)   {}
func (*violations) Fatalf(string, ...any)  {}
func (*violations) Debugf(string, ...any)  {}
func (*violations) Tracef(string, ...any)  {}

// none fails where somebody was refused something.
func (v *violations) none(t *testing.T) {
	t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, line := range v.lines {
		t.Error(line)
	}
}

// shipped runs a broker with the users of kong/nats.conf, each with its name as its
// password. The test fails where one of them is refused something and nobody takes it.
func shipped(t *testing.T) (*server.Server, *violations) {
	t.Helper()
	t.Setenv("NATS_PASSWORD", "webhooks")
	t.Setenv("NATS_CONSUMER_PASSWORD", "consumer")
	t.Setenv("NATS_OPERATOR_PASSWORD", "operator")
	conf, err := server.ProcessConfigFile("../../kong/nats.conf")
	if err != nil {
		t.Fatal(err)
	}
	refused := &violations{}
	broker := startNATS(t, func(o *server.Options) { o.Users, o.MaxPayload = conf.Users, 16<<10 })
	broker.SetLogger(refused, false, false)
	t.Cleanup(func() { refused.none(t) })
	return broker, refused
}

func as(t *testing.T, broker *server.Server, user string) jetstream.JetStream {
	t.Helper()
	quiet := nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}) // the broker's log says it
	return admin(t, broker.ClientURL(), nats.UserInfo(user, user), quiet)
}

// edgeSettings are those of kong.yml, and all that publish can do beyond.
func edgeSettings(t *testing.T, broker *server.Server) object {
	set := creating(broker.ClientURL())
	set["username"], set["password"] = "webhooks", "webhooks"
	set["journal"] = object{"directory": t.TempDir()}
	return set
}

// TestUsers_edgeDoesAllOfItsWork publishes small and large events, doubles, those that an
// outage left in the journal and those that the broker forgot, and looks after streams.
func TestUsers_edgeDoesAllOfItsWork(t *testing.T) {
	broker, _ := shipped(t)
	for _, dedupe := range []string{"window", "exact"} {
		set := edgeSettings(t, broker)
		set["dedupe"] = dedupe
		stage, _ := readyStage(t, set)
		for _, id := range []string{"e1", "e2", "e1"} {
			if err := stage.Handle(t.Context(), delivery(dedupe+id)); err != nil {
				t.Fatal(dedupe, err)
			}
		}
		d := large(dedupe + "large")
		if err := stage.Handle(t.Context(), d); err != nil || d.Ack.By != pipeline.AckBroker {
			t.Fatal(dedupe, err, d.Ack)
		}
	}
	js := as(t, broker, "webhooks")
	specs, err := streams.Load("../../kong/streams.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range specs {
		spec.MaxBytes = 0
		if _, err := streams.Ensure(t.Context(), js, &spec); err != nil {
			t.Error(err)
		}
	}
	if _, err := streams.Widen(t.Context(), js, "WEBHOOKS", 2*time.Hour); err != nil {
		t.Error(err)
	}
	if _, err := js.Publish(t.Context(), "webhooks-rejected.github.signature_invalid", []byte("{}")); err != nil {
		t.Error(err)
	}
	for _, stream := range []string{"WEBHOOKS", "WEBHOOKS_REJECTED"} {
		seen := 0
		for _, err := range read.All(t.Context(), js, stream, read.Range{}) {
			if err != nil {
				t.Fatal(stream, err)
			}
			seen++
		}
		if seen == 0 {
			t.Errorf("nothing in %s", stream)
		}
	}
}

func TestUsers_consumerDoesAllOfItsWork(t *testing.T) {
	broker, _ := shipped(t)
	stage, _ := readyStage(t, edgeSettings(t, broker))
	people := as(t, broker, "operator")
	dead := streams.Spec{Name: deadletter.Stream, Subjects: []string{deadletter.Prefix + ".>"}, Replicas: 1}
	if _, err := streams.Ensure(t.Context(), people, &dead); err != nil {
		t.Fatal(err)
	}
	for _, d := range []*pipeline.Delivery{delivery("small"), large("large"), delivery("bad")} {
		if err := stage.Handle(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	var mu sync.Mutex
	var got []string
	c, err := consumer.New(as(t, broker, "consumer"), consumer.Config{Stream: "WEBHOOKS", Name: "ledger"},
		func(_ context.Context, e cloudevents.Event) error {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, e.ID())
			if e.ID() == "bad" {
				return consumer.Permanent(errors.New("no such account"))
			}
			return nil
		})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	eventually(t, func() error {
		letters, err := people.Stream(t.Context(), deadletter.Stream)
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		if slices.Sort(got); !slices.Equal(got, []string{"bad", "large", "small"}) || letters.CachedInfo().State.Msgs != 1 {
			return fmt.Errorf("got %v, %d letters", got, letters.CachedInfo().State.Msgs)
		}
		return nil
	})
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestUsers_cannotDoMore asks for what neither of them needs; what is refused is not
// answered.
func TestUsers_cannotDoMore(t *testing.T) {
	broker, refused := shipped(t)
	stage, _ := readyStage(t, edgeSettings(t, broker))
	if err := stage.Handle(t.Context(), delivery("e1")); err != nil {
		t.Fatal(err)
	}
	people := as(t, broker, "operator")
	if _, err := people.CreateStream(t.Context(), jetstream.StreamConfig{Name: "ORDERS", Subjects: []string{"orders.>"}}); err != nil {
		t.Fatal(err)
	}
	cases := map[string][]string{ // subjects, by user
		"webhooks": {
			"orders.new", "webhooks-dead.x", "$JS.API.STREAM.DELETE.WEBHOOKS", "$JS.API.STREAM.PURGE.WEBHOOKS", "$JS.API.STREAM.MSG.DELETE.WEBHOOKS",
			"$JS.API.STREAM.UPDATE.WEBHOOKS_REJECTED", "$JS.API.STREAM.MSG.GET.ORDERS", "$JS.API.STREAM.CREATE.ORDERS2", "$JS.API.CONSUMER.CREATE.ORDERS.x",
			"$JS.API.STREAM.INFO.ORDERS", "$JS.API.STREAM.LIST", "$JS.ACK.WEBHOOKS.x.1.1.1.1.0",
		},
		"consumer": {
			"webhooks.github.octo.issues", "webhooks-rejected.github.x", "$O.WEBHOOKS_DATA.C.x", "$JS.API.STREAM.DELETE.WEBHOOKS", "$JS.API.STREAM.PURGE.WEBHOOKS",
			"$JS.API.STREAM.UPDATE.WEBHOOKS", "$JS.API.STREAM.CREATE.WEBHOOKS2", "$JS.API.STREAM.MSG.DELETE.WEBHOOKS", "$JS.API.STREAM.MSG.GET.WEBHOOKS_REJECTED",
			"$JS.API.CONSUMER.CREATE.WEBHOOKS_REJECTED.x", "$JS.API.CONSUMER.CREATE.ORDERS.x", "$JS.API.CONSUMER.DELETE.WEBHOOKS.other",
		},
	}
	for user, subjects := range cases {
		refused.none(t)
		nc := as(t, broker, user).Conn()
		for _, subject := range subjects {
			if err := nc.Publish(subject, nil); err != nil {
				t.Fatal(err)
			}
		}
		for _, subject := range []string{"webhooks.>", "orders.>", "$JS.API.>", "$JS.EVENT.>", ">"} {
			if _, err := nc.SubscribeSync(subject); err != nil {
				t.Fatal(err)
			}
			subjects = append(subjects, subject)
		}
		if err := nc.Flush(); err != nil {
			t.Fatal(err)
		}
		told := refused.take()
		for _, subject := range subjects {
			if !strings.Contains(told, fmt.Sprintf("Subject %q", subject)) {
				t.Errorf("%s may do %s", user, subject)
			}
		}
	}
	if info, err := people.Stream(t.Context(), "WEBHOOKS"); err != nil || info.CachedInfo().State.Msgs != 1 {
		t.Errorf("the stream has lost its event: %v", err)
	}
}

// take returns what was refused since it was last asked.
func (v *violations) take() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	defer func() { v.lines = nil }()
	return strings.Join(v.lines, "\n")
}

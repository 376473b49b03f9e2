package topology_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/ctl/topology"
	"webhookedge/plugins/internal/natstest"
)

func create(t *testing.T, js jetstream.JetStream, name string) jetstream.Stream {
	t.Helper()
	s, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: name, Subjects: []string{strings.ToLower(name) + ".>"}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func consume(t *testing.T, s jetstream.Stream, c *jetstream.ConsumerConfig) jetstream.Consumer {
	t.Helper()
	made, err := s.CreateConsumer(t.Context(), *c)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestStreams_saysTheLagOfConsumers(t *testing.T) {
	js := natstest.JetStream(t)
	s := create(t, js, "A")
	create(t, js, "B")
	for range 3 {
		if _, err := js.Publish(t.Context(), "a.x", []byte("12")); err != nil {
			t.Fatal(err)
		}
	}
	c := consume(t, s, &jetstream.ConsumerConfig{Durable: "worker", AckPolicy: jetstream.AckExplicitPolicy, FilterSubject: "a.x"})
	consume(t, s, &jetstream.ConsumerConfig{Name: "reader", AckPolicy: jetstream.AckNonePolicy})
	if _, err := c.Next(); err != nil {
		t.Fatal(err)
	}
	all, notes := topology.Streams(t.Context(), js, "A", "GONE")
	if len(notes) > 0 || len(all) != 2 {
		t.Fatal(all, notes)
	}
	all[0].Bytes = 0 // of the server's own counting
	want := []topology.Stream{
		{Name: "A", Subjects: []string{"a.>"}, Messages: 3, Last: 3, Consumers: []topology.Consumer{{Name: "worker", Filters: []string{"a.x"}, Pending: 2, Waiting: 1}}},
		{Name: "B", Subjects: []string{"b.>"}},
	}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestStreams_boundConsumers(t *testing.T) {
	js := natstest.JetStream(t)
	s := create(t, js, "A")
	for i := range topology.MaxConsumers + 1 {
		consume(t, s, &jetstream.ConsumerConfig{Durable: fmt.Sprint("c", i), AckPolicy: jetstream.AckExplicitPolicy})
	}
	all, notes := topology.Streams(t.Context(), js)
	if len(all) != 1 || len(all[0].Consumers) != topology.MaxConsumers || len(notes) != 1 || notes[0] != "A has more than 100 consumers" {
		t.Error(len(all), notes)
	}
}

func TestStreams_whatIsForbiddenIsANote(t *testing.T) {
	owner := &server.User{Username: "owner"}
	guest := &server.User{Username: "guest", Permissions: &server.Permissions{Publish: &server.SubjectPermission{Allow: []string{"$JS.API.STREAM.INFO.A"}}}}
	s := natstest.Start(t, func(o *server.Options) { o.Users = []*server.User{owner, guest} })
	js := natstest.Client(t, s, nats.UserInfo("owner", ""))
	consume(t, create(t, js, "A"), &jetstream.ConsumerConfig{Durable: "worker", AckPolicy: jetstream.AckExplicitPolicy})
	create(t, js, "B")
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	all, notes := topology.Streams(ctx, natstest.Client(t, s, nats.UserInfo("guest", "")), "A")
	if len(all) != 1 || all[0].Name != "A" || len(notes) != 2 {
		t.Fatal(all, notes)
	}
	for i, begin := range []string{"consumers of A: ", "the list of streams: "} {
		if !strings.HasPrefix(notes[i], begin) || !strings.Contains(notes[i], "permission") {
			t.Error(notes[i])
		}
	}
}

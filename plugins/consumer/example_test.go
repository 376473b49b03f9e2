package consumer_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/consumer"
	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/natstest"
	"webhookedge/plugins/streams/deadletter"
)

var errNoCustomer = errors.New("no such customer")

// A service that books charges: it tells events apart by their type, remembers
// what it has booked by source and id, gives up at once on what no further try
// can mend, and comes back to the rest.
func Example() {
	js, stop := broker()
	defer stop()
	ctx, cancel := context.WithCancel(context.Background())
	booked := map[string]bool{}
	book := func(_ context.Context, e cloudevents.Event) error {
		var charge struct {
			Customer string `json:"customer"`
			Amount   int    `json:"amount"`
		}
		key := e.Source() + " " + e.ID()
		switch {
		case e.Type() == "stripe.customer.deleted":
			cancel() // the last event of the example
			return nil
		case booked[key]:
			fmt.Println(e.ID(), "was booked before")
			return nil
		}
		if err := e.DataAs(&charge); err != nil {
			return consumer.Permanent(err)
		}
		if charge.Customer == "" {
			return consumer.Permanent(errNoCustomer)
		}
		booked[key] = true
		fmt.Println(e.ID(), "books", charge.Amount, "for", charge.Customer)
		return nil
	}
	c, err := consumer.New(js, consumer.Config{
		Stream: "WEBHOOKS", Name: "billing", Subjects: []string{"webhooks.stripe.>"}, Concurrency: 1,
	}, book)
	if err != nil {
		log.Panic(err)
	}
	if err := c.Run(ctx); err != nil {
		log.Panic(err)
	}
	box := deadletter.NewBox(js, deadletter.Stream, deadletter.Prefix)
	for l, err := range box.List(context.Background(), deadletter.Filter{Consumer: "billing"}, false) {
		if err != nil {
			log.Panic(err)
		}
		fmt.Println("dead letter about", l.Subject+":", l.Reason)
	}
	// Output:
	// evt_1 books 120 for octo
	// evt_1 was booked before
	// dead letter about webhooks.stripe._.charge.created: no such customer
}

// broker is a NATS server with what the edge would have stored.
func broker() (jetstream.JetStream, func()) {
	dir, err := os.MkdirTemp("", "consumer")
	if err != nil {
		log.Panic(err)
	}
	s, err := natstest.Run(dir)
	if err != nil {
		log.Panic(err)
	}
	nc, err := nats.Connect(s.ClientURL())
	if err != nil {
		log.Panic(err)
	}
	js, err := jetstream.New(nc)
	if err != nil {
		log.Panic(err)
	}
	ctx := context.Background()
	for name, subject := range map[string]string{"WEBHOOKS": "webhooks.>", deadletter.Stream: deadletter.Prefix + ".>"} {
		if _, err := js.CreateStream(ctx, jetstream.StreamConfig{Name: name, Subjects: []string{subject}}); err != nil {
			log.Panic(err)
		}
	}
	charge := event.Event{ID: "evt_1", Source: "/webhooks/stripe", Provider: "stripe", Type: "charge", Action: "created", DataContentType: "application/json", Data: []byte(`{"customer":"octo","amount":120}`)}
	again := charge
	again.Replayed = true
	lost := charge
	lost.ID, lost.Data = "evt_2", []byte(`{"amount":7}`)
	last := event.Event{ID: "evt_3", Source: "/webhooks/stripe", Provider: "stripe", Type: "customer", Action: "deleted"}
	for _, e := range []event.Event{charge, again, lost, last} {
		if _, err := js.Publish(ctx, e.NATSSubject("webhooks"), e.AppendJSON(nil)); err != nil {
			log.Panic(err)
		}
	}
	return js, func() {
		nc.Close()
		s.Shutdown()
		s.WaitForShutdown()
		if err := os.RemoveAll(dir); err != nil {
			log.Panic(err)
		}
	}
}

// Command go hands the events of the edge to a service over HTTP, as
// plugins/consumer/README.md says that events are read, with the client of NATS and the SDK
// of CloudEvents alone: a durable consumer, retries with backoff, duplicates that are
// remembered, large payloads from the object store, dead letters. It can be copied as it is;
// a service that may import this repository has all of it in the package consumer.
//
//	NATS_URL=nats://127.0.0.1:4222 SUBJECT='webhooks.github.>' SERVICE_URL=http://127.0.0.1:9000 go run .
//
// Without SERVICE_URL it prints a line for each event.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	stream     = "WEBHOOKS"
	tries      = 4
	spare      = 16 // deliveries behind them, in which only the dead letter is written
	maxBackoff = 5 * time.Minute
	ackWait    = 30 * time.Second
	ackTimeout = 5 * time.Second
)

// permanent is a failure that no further try can mend.
type permanent string

func (p permanent) Error() string { return string(p) }

// worker is a consumer of the stream.
type worker struct {
	js      jetstream.JetStream
	name    string // of letters, digits, "_" and "-": it is a token of the letters' subjects
	service string
	backoff time.Duration // after the first failure; it doubles
	seen    map[string]bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		log.Print(err)
		os.Exit(1) //nolint:gocritic // nothing is left to stop
	}
}

func run(ctx context.Context) error {
	nc, err := nats.Connect(os.Getenv("NATS_URL"), nats.UserInfo(os.Getenv("NATS_USER"), os.Getenv("NATS_PASSWORD")))
	if err != nil {
		return err
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		return err
	}
	backoff, err := strconv.Atoi(cmp.Or(os.Getenv("BACKOFF_MS"), "1000"))
	if err != nil {
		return err
	}
	w := &worker{
		js: js, name: cmp.Or(os.Getenv("CONSUMER"), "example-go"), service: os.Getenv("SERVICE_URL"),
		backoff: time.Duration(backoff) * time.Millisecond, seen: map[string]bool{},
	}
	return w.run(ctx, cmp.Or(os.Getenv("SUBJECT"), "webhooks.>"))
}

// run handles messages one by one until ctx is done.
func (w *worker) run(ctx context.Context, subject string) error {
	consumer, err := w.js.CreateOrUpdateConsumer(ctx, stream, jetstream.ConsumerConfig{
		Durable: w.name, FilterSubject: subject, AckPolicy: jetstream.AckExplicitPolicy, AckWait: ackWait,
		MaxDeliver: tries + spare, // then JetStream itself reports the event to WEBHOOKS_DEAD
	})
	if err != nil {
		return err
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(1))
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, messages.Stop)()
	for {
		msg, err := messages.Next()
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		if err := w.settle(context.WithoutCancel(ctx), msg); err != nil {
			log.Print(err) // the event comes again after ackWait
		}
	}
}

// settle handles a message and tells the server what came of it.
func (w *worker) settle(ctx context.Context, msg jetstream.Msg) error {
	meta, err := msg.Metadata()
	if err != nil {
		return err
	}
	alive := time.NewTicker(ackWait / 3)
	done := make(chan error, 1)
	go func() {
		if meta.NumDelivered > tries {
			done <- permanent("its tries are used up, and none of them ended")
			return
		}
		done <- w.once(ctx, msg)
	}()
	for waiting := true; waiting; {
		select {
		case <-alive.C:
			_ = msg.InProgress() // the next one may get through
		case err = <-done:
			waiting = false
		}
	}
	alive.Stop()
	if err == nil {
		ctx, cancel := context.WithTimeout(ctx, ackTimeout)
		defer cancel()
		return msg.DoubleAck(ctx)
	}
	log.Printf("%s/%d, try %d: %v", meta.Stream, meta.Sequence.Stream, meta.NumDelivered, err)
	if !errors.As(err, new(permanent)) && meta.NumDelivered < tries {
		return msg.NakWithDelay(min(w.backoff<<(meta.NumDelivered-1), maxBackoff))
	}
	if err := w.deadLetter(ctx, msg, meta, err); err != nil { // the event is not let go of
		return errors.Join(fmt.Errorf("%s/%d: no dead letter: %w", meta.Stream, meta.Sequence.Stream, err), msg.NakWithDelay(maxBackoff))
	}
	return msg.TermWithReason("dead letter")
}

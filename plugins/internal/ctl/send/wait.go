package send

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/delivery"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/stored"
	"webhookedge/plugins/publish"
	"webhookedge/plugins/streams/read"
)

const (
	// moreTime is how long further events of a delivery of several are waited for.
	moreTime = 250 * time.Millisecond
	// pollTime is how often a stream is looked for that is not there yet.
	pollTime = 50 * time.Millisecond
)

// waiter waits for the events of a delivery.
type waiter struct {
	events stored.Flags
	time   time.Duration // 0 for not at all
	cmd    *cobra.Command
}

func (w *waiter) add(cmd *cobra.Command) {
	w.cmd = cmd
	w.events.AddStream(cmd)
	f := cmd.Flags()
	f.DurationVar(&w.time, "wait", 0, "after a 2xx, wait for the event in the stream at most this `long`, by default 10s, and print it")
	f.Lookup("wait").NoOptDefVal = "10s"
}

// of takes from a route where its events are, unless flags say it.
func (w *waiter) of(p *publish.Config) {
	given := func(names ...string) bool {
		for _, name := range names {
			if w.cmd.Flags().Changed(name) {
				return true
			}
		}
		return false
	}
	n := &w.events.NATS
	if !given("server") && len(p.Servers) > 0 && p.Servers[0] != "" {
		n.Servers = p.Servers[0]
	}
	if !given("user", "token-env", "creds", "nkey") {
		n.User = p.Username
	}
	if !given("jetstream-domain") {
		n.Domain = p.JetStreamDomain
	}
	if !given("stream") {
		w.events.Stream = p.Stream.Name
	}
}

// around calls send, and then prints the events of what it got answered with 2xx. The
// stream is asked before, so that no other delivery can be taken for this one.
func (w *waiter) around(ctx context.Context, out io.Writer, d *delivery.Delivery, send func() ([]delivery.Answer, error)) error {
	if w.time <= 0 {
		_, err := send()
		return err
	}
	return w.events.NATS.With(func(js jetstream.JetStream) error {
		begin := read.Range{FirstSeq: 1}
		stream, err := js.Stream(ctx, w.events.Stream)
		switch {
		case err == nil:
			begin.FirstSeq = stream.CachedInfo().State.LastSeq + 1
		case !errors.Is(err, jetstream.ErrStreamNotFound) || w.cmd.Flags().Changed("stream"):
			_, err = w.events.Begin(ctx, js) // which says what there is
			return err
		} // otherwise the edge may make it with the first event
		answers, err := send()
		if err != nil {
			return err
		}
		for i := range answers {
			if err := w.print(ctx, out, js, begin, &answers[i], d); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *waiter) print(ctx context.Context, out io.Writer, js jetstream.JetStream, begin read.Range, a *delivery.Answer, d *delivery.Delivery) error {
	switch {
	case a.Status/100 != 2:
		w.cmd.PrintErrln("not stored: the delivery was refused")
		return nil
	case a.Ack == "duplicate":
		w.cmd.PrintErrln("not stored again: the stream has this event already")
		return nil
	case a.RequestID == "":
		return errors.New("the answer has no X-Kong-Request-Id, by which the event would be known")
	}
	wait, cancel := context.WithTimeout(ctx, w.time)
	defer cancel()
	found := false
	more := time.AfterFunc(time.Hour, cancel)
	defer more.Stop()
	if err := w.exists(wait, js); err != nil {
		return err
	}
	for e, err := range w.events.Events(wait, js, begin, true) {
		if err != nil {
			return err
		}
		if e.RequestID != a.RequestID {
			continue
		}
		found = true
		if _, err := out.Write(append(bytes.TrimSpace(e.Document()), '\n')); err != nil {
			return err
		}
		if d.Row.Batch == nil {
			return nil
		}
		more.Reset(moreTime)
	}
	if found {
		return nil
	}
	w.cmd.PrintErrln(w.why(a))
	return exit.ErrFailed
}

// exists waits for the stream; that ctx is done before is no error.
func (w *waiter) exists(ctx context.Context, js jetstream.JetStream) error {
	for ctx.Err() == nil {
		_, err := js.Stream(ctx, w.events.Stream)
		if err == nil || !errors.Is(err, jetstream.ErrStreamNotFound) && ctx.Err() == nil {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(pollTime):
		}
	}
	return nil
}

// why says why an event that was acknowledged is not there in time.
func (w *waiter) why(a *delivery.Answer) string {
	switch text := fmt.Sprintf("not in the stream %s within %s: ", w.events.Stream, w.time); a.Ack {
	case "spool":
		return text + "it waits in the gateway's journal until NATS takes it"
	case "":
		return text + "the answer names no store (Webhook-Ack); was it a handshake, or another upstream's answer?"
	default:
		return text + "did a policy send it to another stream? --stream names that"
	}
}

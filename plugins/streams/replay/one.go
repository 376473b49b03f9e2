package replay

import (
	"context"

	"github.com/nats-io/nats.go/jetstream"
)

// One publishes a message again, as a run of Options does with each that it picks: the
// subject is a template as Options.Subject, and the same name of a run publishes it once.
func One(ctx context.Context, js jetstream.JetStream, o *Original, subject, name string) Result {
	res := Result{Original: o, Subject: Target(subject, o.Subject)}
	msg, err := Copy(o, res.Subject, name)
	if err != nil {
		res.Err = err
		return res
	}
	ack, err := js.PublishMsg(ctx, msg)
	if err != nil {
		ack, err = (&run{js: js}).again(ctx, msg, err)
	}
	if err != nil {
		res.Err = err
		return res
	}
	res.Stream, res.Sequence, res.Duplicate = ack.Stream, ack.Sequence, ack.Duplicate
	return res
}

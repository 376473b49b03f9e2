package publish_test

import (
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// senders is the number of deliveries under way at once.
const senders = 64

func body() []byte { return []byte(`{"x":"` + strings.Repeat("x", 2<<10-8) + `"}`) }

// BenchmarkHandle is a whole stage, 2 KB a delivery.
func BenchmarkHandle(b *testing.B) {
	broker := startNATS(b, func(o *server.Options) { o.SyncInterval = 0 })
	stage, _ := readyStage(b, creating(broker.ClientURL()))
	var n atomic.Int64
	data := body()
	b.SetParallelism(senders / 2)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			d := delivery(strconv.FormatInt(n.Add(1), 10))
			d.Event().Data = data
			if err := stage.Handle(b.Context(), d); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// BenchmarkBarePublishMsg is the floor: the same message with the
// same headers, encoded beforehand, with the client alone.
func BenchmarkBarePublishMsg(b *testing.B) {
	broker := startNATS(b, func(o *server.Options) { o.SyncInterval = 0 })
	readyStage(b, creating(broker.ClientURL()))
	js := admin(b, broker.ClientURL())
	d := delivery("x")
	d.Event().Data = body()
	data := d.Event().AppendJSON(nil)
	var n atomic.Int64
	b.SetParallelism(senders / 2)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			msg := &nats.Msg{Subject: "webhooks.github.octo.issues.opened", Data: data, Header: nats.Header{
				jetstream.MsgIDHeader:          {"github:" + strconv.FormatInt(n.Add(1), 10)},
				jetstream.ExpectedStreamHeader: {"WEBHOOKS"},
				"Content-Type":                 {"application/cloudevents+json"},
				"traceparent":                  {d.Event().TraceParent},
			}}
			if _, err := js.PublishMsg(b.Context(), msg); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

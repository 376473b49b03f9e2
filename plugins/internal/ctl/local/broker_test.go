package local

import (
	"testing"

	"github.com/nats-io/nats-server/v2/server"
)

// TestBroker_limitsAreThoseOfNATSConf holds that the embedded broker takes the streams
// that the shipped one takes, however little of the disk is free.
func TestBroker_limitsAreThoseOfNATSConf(t *testing.T) {
	for _, user := range []string{"NATS", "NATS_CONSUMER", "NATS_OPERATOR"} {
		t.Setenv(user+"_PASSWORD", "'of-the-test'")
	}
	want, err := server.ProcessConfigFile("../../../../kong/nats.conf")
	if err != nil {
		t.Fatal(err)
	}
	b, err := startBroker(t.TempDir(), "of-the-test", -1)
	if err != nil {
		t.Fatal(err)
	}
	defer b.stop()
	if got := b.server.JetStreamConfig().MaxStore; got != want.JetStreamMaxStore || got == 0 {
		t.Errorf("streams may reserve %d bytes, of kong/nats.conf %d", got, want.JetStreamMaxStore)
	}
	if got := b.conn.MaxPayload(); got != int64(want.MaxPayload) {
		t.Errorf("a message may have %d bytes, of kong/nats.conf %d", got, want.MaxPayload)
	}
}

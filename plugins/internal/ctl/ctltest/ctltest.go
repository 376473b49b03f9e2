// Package ctltest runs commands of webhookctl in the process of a test, with a NATS
// of its own.
package ctltest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/natstest"
	"webhookedge/plugins/streams/read"
)

// User is the user of the broker.
const User = "webhooks"

// Root returns webhookctl with one group of commands, which args call by its name.
func Root(group *cobra.Command, args ...string) *cobra.Command {
	cmd := &cobra.Command{Use: "webhookctl", SilenceUsage: true, SilenceErrors: true}
	cmd.AddCommand(group)
	cmd.SetArgs(append([]string{group.Name()}, args...))
	return cmd
}

// Run runs a command and returns what it writes on either output.
func Run(t testing.TB, group *cobra.Command, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	cmd := Root(group, args...)
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	err := cmd.ExecuteContext(t.Context())
	return out.String(), err
}

// RunWith runs a command with a standard input, and parts its outputs.
func RunWith(t testing.TB, stdin string, group *cobra.Command, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	var out, complaints bytes.Buffer
	cmd := Root(group, args...)
	cmd.SetIn(strings.NewReader(stdin))
	cmd.SetOut(&out)
	cmd.SetErr(&complaints)
	err = cmd.ExecuteContext(t.Context())
	return out.String(), complaints.String(), err
}

// GetJSON returns what an address of a server on this machine answers with 200, in JSON.
func GetJSON[T any](t testing.TB, address string) (value T) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	if err := json.NewDecoder(a.Body).Decode(&value); err != nil || a.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %v", address, a.StatusCode, err)
	}
	return value
}

// Broker is a NATS server of a test.
type Broker struct {
	// URL reaches it, for User and the password in $NATS_PASSWORD.
	URL string
	JS  jetstream.JetStream
}

// NATS starts a broker and returns the flags that reach it.
func NATS(t *testing.T) (*Broker, []string) {
	t.Helper()
	const password = "of-the-test"
	s := natstest.Start(t, func(o *server.Options) {
		o.ServerName, o.Username, o.Password = "webhookctl", User, password
	})
	t.Setenv("NATS_PASSWORD", password)
	js := natstest.Client(t, s, nats.UserInfo(User, password))
	return &Broker{URL: s.ClientURL(), JS: js}, []string{"--server", s.ClientURL(), "--user", User}
}

// Read returns the messages that a stream holds.
func (b *Broker) Read(t testing.TB, stream string) []*read.Message {
	t.Helper()
	var all []*read.Message
	for m, err := range read.All(t.Context(), b.JS, stream, read.Range{}) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
	return all
}

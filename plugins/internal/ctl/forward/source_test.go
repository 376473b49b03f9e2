package forward

import (
	"context"
	"io"
	"strings"
	"testing"

	"webhookedge/plugins/internal/ctl/ctltest"
)

// waits publishes an event once forward says that it waits for one.
type waits struct {
	said    strings.Builder
	publish func()
}

func (w *waits) Write(p []byte) (int, error) {
	w.said.Write(p)
	w.publish()
	return len(p), nil
}

func TestForward_saysWhatItWaitsFor(t *testing.T) {
	b, flags := ctltest.NATS(t)
	b.Stream(t)
	ctx, stop := context.WithCancel(t.Context())
	a := newApp(t, func(int) int { stop(); return 200 })
	w := &waits{publish: func() { b.Publish(t, push(t, "next"), "gh", true) }}
	cmd := ctltest.Root(Command(), append([]string{"--to", a.URL}, flags...)...)
	cmd.SetOut(io.Discard)
	cmd.SetErr(w)
	err := cmd.ExecuteContext(ctx)
	if want := "waiting for what comes to WEBHOOKS; --last and --from begin earlier\n"; err != nil || len(a.got) != 1 || w.said.String() != want {
		t.Errorf("%v, %d requests, %q", err, len(a.got), w.said.String())
	}
}

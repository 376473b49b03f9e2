package local

import (
	"bytes"
	"log/slog"
	"testing"
)

func TestWarnings_fit80Columns(t *testing.T) {
	var out bytes.Buffer
	log := logger(&out).With("route", "stripe")
	log.Info("not told")
	log.Warn("kong/kong.yml:71:17: routes[1].plugins[0].config.verify.secrets[0].value: {vault://env/stripe-webhook-secret} cannot be resolved", "listen", "127.0.0.1:8000")
	log.WithGroup("g").Error("short", slog.Int("n", 1))
	const want = `warning: kong/kong.yml:71:17:
  routes[1].plugins[0].config.verify.secrets[0].value:
  {vault://env/stripe-webhook-secret} cannot be resolved route=stripe
  listen=127.0.0.1:8000
error: short route=stripe n=1
`
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
}

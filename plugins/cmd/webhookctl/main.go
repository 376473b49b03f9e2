// Command webhookctl is the tool of engineers and policy authors: it runs the
// plugins without Kong, plays deliveries to them, and looks at what they stored.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"webhookedge/plugins/internal/ctl/root"
)

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return root.Run(ctx, root.New())
}

// Command webhookctl is the tool of engineers and policy authors: it runs the
// plugins without Kong, plays deliveries to them, and looks at what they stored.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/check"
	"webhookedge/plugins/internal/ctl/dlq"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/explain"
	"webhookedge/plugins/internal/ctl/journal"
	"webhookedge/plugins/internal/ctl/local"
	"webhookedge/plugins/internal/ctl/normalize"
	"webhookedge/plugins/internal/ctl/policy"
	"webhookedge/plugins/internal/ctl/providers"
	"webhookedge/plugins/internal/ctl/quarantine"
	"webhookedge/plugins/internal/ctl/replay"
	"webhookedge/plugins/internal/ctl/schema"
	"webhookedge/plugins/internal/ctl/send"
	"webhookedge/plugins/internal/ctl/streams"
	"webhookedge/plugins/internal/pluginserver"
)

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := root().ExecuteContext(ctx); err != nil {
		if !errors.Is(err, exit.ErrFailed) {
			fmt.Fprintln(os.Stderr, "webhookctl:", err)
		}
		return exit.Code(err)
	}
	return 0
}

func root() *cobra.Command {
	cmd := &cobra.Command{
		Use:           "webhookctl",
		Short:         "Try, run and check the webhook edge",
		Version:       pluginserver.Version(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	cmd.AddCommand(
		local.Demo(), local.Command(), check.Command(), send.Command(), explain.Command(), providers.Command(), normalize.Command(), schema.Command(), policy.Command(),
		streams.Command(), journal.Command(), quarantine.Command(), replay.Command(), dlq.Command(),
	)
	return cmd
}

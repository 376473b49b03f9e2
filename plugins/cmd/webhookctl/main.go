// Command webhookctl is the tool of engineers and policy authors: it runs the
// plugins without Kong, plays deliveries to them and writes what is generated
// from their config.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/pluginserver"
)

// errFailed ends the command with exit code 1 after it has said why itself.
var errFailed = errors.New("failed")

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := root().ExecuteContext(ctx); err != nil {
		if !errors.Is(err, errFailed) {
			fmt.Fprintln(os.Stderr, "webhookctl:", err)
		}
		return 1
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
		demoCommand(), localCommand(), sendCommand(), explainCommand(), providersCommand(), generateCommand(), normalizeCommand(), schemaCommand(), policyCommand(),
		streamsCommand(), journalCommand(), quarantineCommand(), replayCommand(), dlqCommand(),
	)
	return cmd
}

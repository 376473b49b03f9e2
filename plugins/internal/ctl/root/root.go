// Package root assembles webhookctl out of its groups of commands, and gives all of them
// what they have in common: exit codes, suggestions, completion and the form of the help.
package root

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"webhookedge/plugins/internal/ctl/asyncapi"
	"webhookedge/plugins/internal/ctl/check"
	"webhookedge/plugins/internal/ctl/dlq"
	"webhookedge/plugins/internal/ctl/doctor"
	"webhookedge/plugins/internal/ctl/drift"
	"webhookedge/plugins/internal/ctl/events"
	"webhookedge/plugins/internal/ctl/eventtypes"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/explain"
	"webhookedge/plugins/internal/ctl/forward"
	"webhookedge/plugins/internal/ctl/inspect"
	"webhookedge/plugins/internal/ctl/journal"
	"webhookedge/plugins/internal/ctl/local"
	"webhookedge/plugins/internal/ctl/normalize"
	"webhookedge/plugins/internal/ctl/pick"
	"webhookedge/plugins/internal/ctl/policy"
	"webhookedge/plugins/internal/ctl/probe"
	"webhookedge/plugins/internal/ctl/providers"
	"webhookedge/plugins/internal/ctl/quarantine"
	"webhookedge/plugins/internal/ctl/replay"
	"webhookedge/plugins/internal/ctl/routes"
	"webhookedge/plugins/internal/ctl/sample"
	"webhookedge/plugins/internal/ctl/schema"
	"webhookedge/plugins/internal/ctl/send"
	"webhookedge/plugins/internal/ctl/streams"
	"webhookedge/plugins/internal/ctl/subject"
	"webhookedge/plugins/internal/ctl/tail"
	"webhookedge/plugins/internal/pluginserver"
)

// New returns webhookctl.
func New() *cobra.Command {
	cmd := &cobra.Command{
		Use:           "webhookctl",
		Short:         "Try, run and check the webhook edge",
		Version:       pluginserver.Version(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	cmd.AddCommand(
		local.Demo(), local.Command(), check.Command(), doctor.Command(), send.Command(), explain.Command(), providers.Command(), normalize.Command(), schema.Command(), policy.Command(),
		routes.Command(), asyncapi.Command(), eventtypes.Command(), events.Command(), tail.Command(), inspect.Command(), forward.Command(), sample.Command(), probe.Command(),
		streams.Command(), subject.Command(), drift.Command(), journal.Command(), quarantine.Command(), replay.Command(), dlq.Command(),
	)
	cmd.InitDefaultCompletionCmd()
	cmd.SetUsageFunc(usage(cmd.UsageFunc()))
	cmd.SetFlagErrorFunc(flagError)
	each(cmd, func(c *cobra.Command) {
		if c.HasSubCommands() {
			group(c)
		}
		c.Long = wrapped(c.Long)
		markRun(c)
		complete(c)
	})
	return cmd
}

// Run executes cmd, says on its standard error what went wrong, and returns the exit code.
func Run(ctx context.Context, cmd *cobra.Command) int {
	called, err := cmd.ExecuteContextC(ctx)
	var r *ran
	if err != nil && !errors.As(err, &r) {
		err = exit.Usage(err) // of cobra, before the command ran
	}
	if err != nil && !errors.Is(err, exit.ErrFailed) {
		called.PrintErrln("webhookctl:", err)
		if exit.Code(err) == exit.Misuse {
			called.PrintErrf("%s --help says more\n", called.CommandPath())
		}
	}
	return exit.Code(err)
}

func each(cmd *cobra.Command, fn func(*cobra.Command)) {
	for _, c := range cmd.Commands() {
		each(c, fn)
	}
	fn(cmd)
}

// group makes a command with subcommands refuse names that none has. Without one it shows
// its help, unless it does something itself; then it takes its own arguments, but for a
// single one that is all but the name of a subcommand.
func group(cmd *cobra.Command) {
	own := cmd.Args
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		var names []string
		for _, c := range cmd.Commands() {
			if c.IsAvailableCommand() {
				names = append(names, c.Name())
			}
		}
		if own != nil && (len(args) > 1 || pick.Nearest(args[0], names) == "") {
			return own(cmd, args)
		}
		return fmt.Errorf("%s has no command %q%s", cmd.CommandPath(), args[0], pick.Hint(args[0], names))
	}
	if !cmd.Runnable() {
		cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	}
}

// ran is what a command returned that was called as it should be.
type ran struct{ error }

func (r *ran) Unwrap() error { return r.error }

// markRun tells the errors of a command from those of its command line.
func markRun(cmd *cobra.Command) {
	run := cmd.RunE
	if run == nil {
		return
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := run(cmd, args); err != nil {
			return &ran{err}
		}
		return nil
	}
}

// flagError names the flag that an unknown one may be a slip of.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return err
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	if near := pick.Nearest(strings.TrimLeft(unknown.GetSpecifiedName(), "-"), names); near != "" {
		return fmt.Errorf("%w; did you mean --%s?", err, near)
	}
	return err
}

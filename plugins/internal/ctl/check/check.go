// Package check is `webhookctl check`: everything that is wrong with a kong.yml, before a
// Kong loads it.
package check

import (
	"encoding/json"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/check"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/kongyml"
)

// Command returns `webhookctl check`.
func Command() *cobra.Command {
	var o check.Options
	var asJSON, strict bool
	cmd := &cobra.Command{
		Use:   "check [KONG_YML]",
		Short: "Name every fault of a kong.yml, with file and line, offline",
		Long: "Builds every plugin of every route as the edge does, offline, and names all\n" +
			"faults at once: what Kong would refuse, secrets that are short or whose vault\n" +
			"references lead to nothing, rows of custom senders, templates, policies that\n" +
			"do not compile, streams that do not take a subject, and settings of kong.conf\n" +
			"that the edge needs. Vault references are read from the environment. The file\n" +
			"is kong/kong.yml if none is named; kong.conf and streams.yml are looked for\n" +
			"beside it.\n\n" +
			"Exits with 0 where all is fine, 1 on an error, and with --strict on a warning\n" +
			"too, 2 where it was used wrongly.",
		Example: "  webhookctl check\n" +
			"  webhookctl check kong.yml --kong-conf /etc/kong/kong.conf --strict\n" +
			"  webhookctl check kong.yml --allow-unset --json   # in CI, without secrets",
		Args: func(cmd *cobra.Command, args []string) error { return exit.Usage(cobra.MaximumNArgs(1)(cmd, args)) },
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.File = args[0]
			}
			var err error
			if o.File, err = kongyml.Path(o.File); err != nil {
				return exit.Usage(err)
			}
			report, err := check.Run(o)
			if err != nil {
				return exit.Usage(err)
			}
			if err := write(cmd.OutOrStdout(), report, asJSON); err != nil {
				return err
			}
			if errs, warnings := report.Count(); errs > 0 || strict && warnings > 0 {
				return exit.ErrFailed
			}
			return nil
		},
	}
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return exit.Usage(err) })
	f := cmd.Flags()
	f.StringVar(&o.Conf, "kong-conf", "", "the kong.conf, by default the `file` beside kong.yml if there is one")
	f.StringVar(&o.Streams, "streams", "", "the `file` of streams for routes that name none, by default streams.yml beside kong.yml")
	f.BoolVar(&o.AllowUnset, "allow-unset", false, "take references to variables that are not set here as warnings")
	f.BoolVar(&asJSON, "json", false, "write a finding a line as JSON")
	f.BoolVar(&strict, "strict", false, "exit with 1 on warnings too")
	return cmd
}

// write prints the report.
func write(out io.Writer, r *check.Report, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		var errs []error
		for i := range r.Findings {
			errs = append(errs, enc.Encode(r.Findings[i]))
		}
		return errors.Join(errs...)
	}
	_, err := io.WriteString(out, r.Text())
	return err
}

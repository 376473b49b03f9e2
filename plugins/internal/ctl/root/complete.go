package root

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider/catalogue"
)

// names returns what a flag or an argument of a kind may be.
type names func(*cobra.Command) []string

// kinds are the flags whose values are names, by the name of the flag. A flag of an
// upper-case name stands for an argument of that name in a command's Use.
func kinds() map[string]names {
	providers := func(*cobra.Command) []string { return catalogue.Names() }
	routes := func(cmd *cobra.Command) []string { return kongyml.Names(value(cmd, "config")) }
	return map[string]names{
		"provider":       providers,
		"event":          samples,
		"route":          routes,
		"code":           func(*cobra.Command) []string { return codes() },
		"providers NAME": providers,
		"routes NAME":    routes,
	}
}

// complete gives the shell the names that flags and arguments may have.
func complete(cmd *cobra.Command) {
	all := kinds()
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		find := all[f.Name]
		if _, there := cmd.GetFlagCompletionFunc(f.Name); find != nil && !there {
			_ = cmd.RegisterFlagCompletionFunc(f.Name, completion(find)) // the flag is there
		}
	})
	argument, _, _ := strings.Cut(strings.TrimPrefix(cmd.Use, cmd.Name()+" "), " ")
	parent := cmd.Name()
	if p := cmd.Parent(); p != nil && p.HasParent() {
		parent = p.Name()
	}
	if find := all[parent+" "+strings.Trim(argument, "[]")]; find != nil && cmd.ValidArgsFunction == nil {
		cmd.ValidArgsFunction = completion(find)
	}
}

func completion(find names) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		return find(cmd), cobra.ShellCompDirectiveNoFileComp
	}
}

// value is that of a flag, "" where the command has no such flag.
func value(cmd *cobra.Command, flag string) string {
	if f := cmd.Flags().Lookup(flag); f != nil {
		return f.Value.String()
	}
	return ""
}

func samples(cmd *cobra.Command) []string {
	row, ok := catalogue.Lookup(value(cmd, "provider"))
	if !ok {
		return nil
	}
	return catalogue.SampleEvents(row)
}

func codes() []string {
	var all []string
	for _, c := range pipeline.Codes() {
		all = append(all, c.Label)
	}
	return all
}

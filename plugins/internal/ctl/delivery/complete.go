package delivery

import (
	"github.com/spf13/cobra"

	"webhookedge/plugins/provider/catalogue"
)

// CompleteProviders completes a flag with the names of the catalogue.
func CompleteProviders(cmd *cobra.Command, flag string) {
	complete(cmd, flag, catalogue.Names)
}

// CompleteEvents completes a flag with the events that the provider has samples of.
func CompleteEvents(cmd *cobra.Command, flag string, provider *string) {
	complete(cmd, flag, func() []string { return Events(*provider) })
}

// Events returns the events that a provider has samples of, none where there is no such
// provider.
func Events(provider string) []string {
	if row, ok := catalogue.Lookup(provider); ok {
		return catalogue.SampleEvents(row)
	}
	return nil
}

func complete(cmd *cobra.Command, flag string, names func() []string) {
	err := cmd.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return names(), cobra.ShellCompDirectiveNoFileComp
	})
	if err != nil {
		panic(err) // the flag is not defined
	}
}

package providers

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/delivery"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/providerdoc"
	"webhookedge/plugins/internal/text"
)

func addCommand() *cobra.Command {
	var into, name string
	cmd := &cobra.Command{
		Use:   "add NAME",
		Short: "Print the route of a provider, or put it into a kong.yml",
		Long: "Prints a kong.yml with one route for the provider, as in kong/examples. With --into the route is put behind those of a\n" +
			"kong.yml; what stands there stays, comments too, and a route that is there already is left as it is. Then it says which\n" +
			"variables the route reads.",
		Example: "  webhookctl providers add stripe\n  webhookctl providers add stripe --into kong/kong.yml\n  webhookctl providers add github --name github-sandbox --into kong/kong.yml",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			row, err := delivery.Provider(args[0])
			if err != nil {
				return err
			}
			snippet := providerdoc.Example(row)
			if name != "" {
				if len(name) > 64 || !text.IsName(name) {
					return exit.Usagef("--name: must be 1 to 64 letters, digits, _ and -")
				}
				snippet = renamed(snippet, row.Name, name)
			} else {
				name = row.Name
			}
			if into == "" {
				_, err = io.WriteString(cmd.OutOrStdout(), snippet)
				return err
			}
			return insert(cmd.OutOrStdout(), into, name, []byte(snippet))
		},
	}
	f := cmd.Flags()
	f.StringVar(&into, "into", "", "the kong.yml that the route is put into")
	f.StringVar(&name, "name", "", "`name` of the route, and the last part of its path; by default the provider's")
	return cmd
}

// renamed gives the route another name, and another path with it.
func renamed(snippet, from, to string) string {
	return strings.NewReplacer("- name: "+from+"\n", "- name: "+to+"\n", "/webhooks/"+from+"]", "/webhooks/"+to+"]", "/webhooks/"+from+"\n", "/webhooks/"+to+"\n").Replace(snippet)
}

func insert(out io.Writer, file, name string, snippet []byte) error {
	have, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	with, added, err := kongyml.Insert(file, have, snippet)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if !added {
		_, err = fmt.Fprintf(out, "%s has the route %s already\n", file, name)
		return err
	}
	if err := replace(file, with); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s: added the route %s, which reads %s\n", file, name, strings.Join(variables(snippet), ", "))
	return err
}

var reference = regexp.MustCompile(`\{vault://env/([a-z0-9-]+)\}`)

// variables are the environment variables that a text refers to.
func variables(snippet []byte) []string {
	var all []string
	for _, m := range reference.FindAllSubmatch(snippet, -1) {
		all = append(all, string(bytes.ToUpper(bytes.ReplaceAll(m[1], []byte("-"), []byte("_")))))
	}
	return all
}

// replace writes a file so that who reads it meanwhile has the old one or the new one.
func replace(file string, content []byte) error {
	file, err := filepath.EvalSymlinks(file)
	if err != nil {
		return err
	}
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(file), ".kong-*.yml")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) //nolint:errcheck // it is gone once renamed
	_, err = temp.Write(content)
	for _, next := range []func() error{func() error { return temp.Chmod(info.Mode().Perm()) }, temp.Close, func() error { return os.Rename(temp.Name(), file) }} {
		if err == nil {
			err = next()
		}
	}
	return err
}

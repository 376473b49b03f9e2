package root_test

import (
	"bytes"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/root"
)

// run returns what webhookctl writes on either output, and its exit code.
func run(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, complaints bytes.Buffer
	cmd := root.New()
	cmd.SetArgs(args)
	cmd.SetOut(&out)
	cmd.SetErr(&complaints)
	cmd.SetIn(strings.NewReader(""))
	code = root.Run(t.Context(), cmd)
	return out.String(), complaints.String(), code
}

// tree returns every command that a user sees, but for those of cobra.
func tree(t *testing.T) (all []*cobra.Command) {
	t.Helper()
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		if cmd.Name() == "completion" || cmd.Name() == "help" || cmd.Hidden {
			return
		}
		all = append(all, cmd)
		for _, c := range cmd.Commands() {
			walk(c)
		}
	}
	walk(root.New())
	if len(all) < 30 {
		t.Fatalf("only %d commands", len(all))
	}
	return all
}

// path is how a command is called.
func path(cmd *cobra.Command) []string { return strings.Fields(cmd.CommandPath())[1:] }

func TestRoot_misuseHasCode2AndAHint(t *testing.T) {
	for _, cmd := range tree(t) {
		name := cmd.CommandPath()
		if out, complaints, code := run(t, append(path(cmd), "--no-such-flag")...); code != 2 || out != "" || !strings.Contains(complaints, name+" --help") {
			t.Errorf("%s --no-such-flag: %d\n%s%s", name, code, out, complaints)
		}
		if !cmd.HasSubCommands() {
			if cmd.Args == nil {
				continue // any number of arguments, which the command looks at
			}
			if _, complaints, code := run(t, append(path(cmd), "a", "b", "c")...); code != 2 {
				t.Errorf("%s a b c: %d\n%s", name, code, complaints)
			}
			continue
		}
		for _, c := range cmd.Commands() {
			slip := c.Name() + "x"
			_, complaints, code := run(t, append(path(cmd), slip)...)
			if code != 2 || !strings.Contains(complaints, "did you mean "+c.Name()+"?") {
				t.Errorf("%s %s: %d\n%s", name, slip, code, complaints)
			}
		}
	}
	for slip, want := range map[string]string{
		"policy tst":                                   "did you mean test?",
		"quarantine ls --providr github":               "did you mean --provider?",
		"send --provider githb --url x --secret-env y": "did you mean github?",
	} {
		if _, complaints, code := run(t, strings.Fields(slip)...); code != 2 || !strings.Contains(complaints, want) {
			t.Errorf("%s: %d\n%s", slip, code, complaints)
		}
	}
}

// TestRoot_groupsTakeTheirArguments calls a command that has subcommands and does something
// itself.
func TestRoot_groupsTakeTheirArguments(t *testing.T) {
	for line, want := range map[string]string{
		"subject github pull_request.opened":   "webhooks.github._.pull_request.opened\n",
		"subject parse webhooks.github._.push": "github",
	} {
		if out, complaints, code := run(t, strings.Fields(line)...); code != 0 || !strings.Contains(out, want) {
			t.Errorf("%s: %d\n%s%s", line, code, out, complaints)
		}
	}
	if _, complaints, code := run(t, "subject", "-"); code != 1 || strings.Contains(complaints, "no command") {
		t.Errorf("subject -: %d\n%s", code, complaints)
	}
}

// words parts a line as a shell does, up to a pipe, a redirection or a comment.
func words(line string) (all []string) {
	for _, m := range regexp.MustCompile(`'([^']*)'|[^\s']+`).FindAllStringSubmatch(line, -1) {
		if strings.Contains("|<>&#", m[0][:1]) {
			break
		}
		all = append(all, strings.Trim(m[0], "'"))
	}
	return all
}

func TestRoot_takesItsExamples(t *testing.T) {
	seen := 0
	for _, cmd := range tree(t) {
		for line := range strings.Lines(cmd.Example) {
			_, example, found := strings.Cut(line, "webhookctl ")
			if !found {
				continue
			}
			seen++
			called, rest, err := root.New().Find(words(example))
			if err == nil {
				err = called.ParseFlags(rest)
			}
			if err == nil {
				err = errors.Join(called.ValidateArgs(called.Flags().Args()), called.ValidateRequiredFlags(), called.ValidateFlagGroups())
			}
			if err != nil {
				t.Errorf("%s: %v", strings.TrimSpace(line), err)
			}
		}
	}
	if seen < 30 {
		t.Errorf("only %d examples", seen)
	}
}

func TestRoot_helpHasCode0AndFits80Columns(t *testing.T) {
	for _, cmd := range tree(t) {
		out, complaints, code := run(t, append(path(cmd), "--help")...)
		if code != 0 || complaints != "" {
			t.Errorf("%s --help: %d\n%s", cmd.CommandPath(), code, complaints)
		}
		help, examples, _ := strings.Cut(out, "\nExamples:\n")
		if _, flags, ok := strings.Cut(examples, "\n\n"); ok { // an example is one line, to copy
			help += flags
		}
		for line := range strings.Lines(help) {
			if len([]rune(line)) > 81 && !strings.HasPrefix(line, "  webhookctl ") && !strings.HasPrefix(line, "Use ") {
				t.Errorf("%s --help: %d columns: %s", cmd.CommandPath(), len([]rune(line))-1, line)
			}
		}
		if flags := cmd.Flags().Lookup("server"); flags != nil {
			own, nats, ok := strings.Cut(out, "\nNATS flags:\n")
			if !ok || strings.Contains(own, "--server ") && strings.Contains(own, "--creds") || !strings.Contains(nats, "--creds") || !strings.Contains(own, "[flags]") {
				t.Errorf("%s --help: the flags of NATS are not in a group of their own:\n%s", cmd.CommandPath(), out)
			}
		}
	}
}

func TestRoot_completesNames(t *testing.T) {
	for line, want := range map[string]string{
		"send --provider gith":                    "github",
		"send --provider github --event pull_req": "pull_request",
		"quarantine ls --code signature_i":        "signature_invalid",
		"quarantine release --route git":          "github",
		"normalize --route str":                   "stripe",
		"providers show sli":                      "",
		"providers show sla":                      "slack",
	} {
		out, _, code := run(t, append([]string{"__complete"}, strings.Fields(line)...)...)
		if found := slices.Contains(strings.Fields(out), want); code != 0 || found != (want != "") {
			t.Errorf("%s: %d\n%s", line, code, out)
		}
	}
	for _, cmd := range tree(t) {
		for _, flag := range []string{"provider", "event", "route", "code", "consumer"} {
			if cmd.Flags().Lookup(flag) == nil {
				continue
			}
			if _, ok := cmd.GetFlagCompletionFunc(flag); !ok {
				t.Errorf("%s --%s is not completed", cmd.CommandPath(), flag)
			}
		}
	}
}

// withoutJSON are the commands that have no --json, and why.
func withoutJSON() map[string]string {
	return map[string]string{
		"webhookctl normalize":      "it prints the event, which is JSON",
		"webhookctl journal export": "it prints JSON lines",
		"webhookctl dlq show":       "it prints the message as it was stored",
		"webhookctl types":          "it writes code",
		"webhookctl providers new":  "it writes files",
		"webhookctl providers add":  "it writes a kong.yml",
		"webhookctl local":          "it runs until it is stopped",
		"webhookctl inspect":        "it serves a page until it is stopped",
	}
}

func TestRoot_dataComesAsJSONToo(t *testing.T) {
	exempt := withoutJSON()
	for _, cmd := range tree(t) {
		if cmd.HasSubCommands() && cmd.Name() != "providers" {
			continue
		}
		name := cmd.CommandPath()
		has, why := cmd.Flags().Lookup("json") != nil, exempt[name]
		if !has && why == "" {
			t.Errorf("%s has no --json", name)
		}
		if has && why != "" {
			t.Errorf("%s has --json: it need not be listed", name)
		}
	}
}

// TestRoot_dryRunsSaySo wants a flag that says that nothing is done.
func TestRoot_dryRunsSaySo(t *testing.T) {
	for _, cmd := range tree(t) {
		if f := cmd.Flags().Lookup("dry-run"); f != nil && !strings.Contains(f.Usage, "nothing") {
			t.Errorf("%s --dry-run: %s", cmd.CommandPath(), f.Usage)
		}
	}
}

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/ipallow"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/policy"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/publish"
	"webhookedge/plugins/quarantine"
	"webhookedge/plugins/ratelimit"
	"webhookedge/plugins/verify"
)

func generateCommand() *cobra.Command {
	var check bool
	cmd := &cobra.Command{
		Use:   "generate",
		Short: "Write the config schemas and the tables of the READMEs from the code",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			top, err := moduleRoot()
			if err != nil {
				return err
			}
			stale, err := generate(top, !check)
			if err != nil {
				return err
			}
			for _, file := range stale {
				cmd.Println(file)
			}
			if check && len(stale) > 0 {
				return errors.New("these files are not up to date: run `make generate`")
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&check, "check", false, "write nothing and fail where a file is not up to date")
	return cmd
}

// moduleRoot finds the folder of go.mod at or above the working directory.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("not inside the repository of the webhook edge")
		}
		dir = parent
	}
}

// generate returns the files below top that are not up to date, after it wrote
// them if write is set.
func generate(top string, write bool) (stale []string, err error) {
	for _, p := range chain.Plugins() {
		schema, err := config.JSONSchema("urn:webhookedge:config:"+p.Name, "Configuration of "+p.Name, p.Config)
		if err != nil {
			return nil, err
		}
		if stale, err = update(stale, top, filepath.Join("schemas", "config", p.Name+".json"), schema, write); err != nil {
			return nil, err
		}
	}
	for _, p := range provider.Catalogue() {
		for name, text := range map[string]string{p.Name + ".yml": providerExample(p), p.Name + ".md": providerPage(p)} {
			if stale, err = update(stale, top, filepath.Join("kong", "examples", name), []byte(text), write); err != nil {
				return nil, err
			}
		}
	}
	var files []string
	texts := map[string][]byte{}
	for _, t := range tables() {
		if texts[t.file] == nil {
			files = append(files, t.file)
			if texts[t.file], err = os.ReadFile(filepath.Join(top, t.file)); err != nil {
				return nil, err
			}
		}
		if texts[t.file], err = t.into(texts[t.file]); err != nil {
			return nil, err
		}
	}
	for _, file := range files {
		if stale, err = update(stale, top, file, texts[file], write); err != nil {
			return nil, err
		}
	}
	return stale, nil
}

func update(stale []string, top, file string, text []byte, write bool) ([]string, error) {
	path := filepath.Join(top, file)
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err == nil && bytes.Equal(old, text) {
		return stale, nil
	}
	if write {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // part of the repository
			return nil, err
		}
		if err := os.WriteFile(path, text, 0o644); err != nil { //nolint:gosec // part of the repository
			return nil, err
		}
	}
	return append(stale, file), nil
}

// table is a generated part of a README, between two comments that name it.
type table struct {
	file, name, text string
}

func tables() []table {
	return []table{
		{"README.md", "chain", chainTable()},
		{"README.md", "providers", providerTable()},
		{"README.md", "codes", codeTable()},
		{"plugins/README.md", "chain", chainTable()},
		{"plugins/README.md", "config", config.Table(chain.Config{})},
		{"plugins/ipallow/README.md", "config", config.Table(ipallow.Config{})},
		{"plugins/ipallow/README.md", "lists", listTable()},
		{"plugins/ratelimit/README.md", "config", config.Table(ratelimit.Config{})},
		{"plugins/ratelimit/README.md", "on429", on429Table()},
		{"plugins/verify/README.md", "config", config.Table(verify.Config{})},
		{"plugins/normalize/README.md", "config", config.Table(normalize.Config{})},
		{"plugins/policy/README.md", "config", config.Table(policy.Config{})},
		{"plugins/publish/README.md", "config", config.Table(publish.Config{})},
		{"plugins/quarantine/README.md", "config", config.Table(quarantine.Config{})},
	}
}

// into puts the table between its marks.
func (t table) into(old []byte) ([]byte, error) {
	begin, end := "<!-- "+t.name+":begin -->\n", "<!-- "+t.name+":end -->"
	head, rest, ok := strings.Cut(string(old), begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		return nil, fmt.Errorf("%s has no %s ... %s", t.file, strings.TrimSpace(begin), end)
	}
	return []byte(head + begin + strings.TrimSpace(t.text) + "\n" + end + tail), nil
}

func chainTable() string {
	var b strings.Builder
	b.WriteString("| stage | plugin by itself | priority | refuses with | why it stands there |\n|---|---|---|---|---|\n")
	for _, row := range chain.Rows() {
		stage, plugin, priority := "`"+row.Stage+"`", "", ""
		if row.Second {
			stage += ", second half"
		}
		if row.Plugin != "" {
			plugin, priority = "`"+row.Plugin+"`", fmt.Sprint(row.Priority)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", stage, plugin, priority, row.Refuses, row.Why)
	}
	return b.String()
}

func codeTable() string {
	var b strings.Builder
	b.WriteString("| code | status | sender should retry | meaning |\n|---|---|---|---|\n")
	for _, row := range pipeline.Codes() {
		retry := "no"
		if row.Retry {
			retry = "yes"
		}
		if row.RetryAfter > 0 {
			retry += fmt.Sprintf(", after %d s", row.RetryAfter)
		}
		if row.Status < 300 {
			retry = ""
		}
		fmt.Fprintf(&b, "| `%s` | %d | %s | %s |\n", row.Label, row.Status, retry, row.Meaning)
	}
	return b.String()
}

func providerTable() string {
	var b strings.Builder
	b.WriteString("| provider | name | signature | signed time | unsigned | waits | tries again |\n|---|---|---|---|---|---|---|\n")
	for _, p := range provider.Catalogue() {
		s := p.Schemes[0]
		at, waits := "no", "unknown"
		if s.ToleranceSeconds > 0 {
			at = "within " + short(s.Tolerance())
		}
		if p.Timeout > 0 {
			waits = short(p.Timeout)
		}
		fmt.Fprintf(&b, "| [%s](%s) | `%s` | `%s`: %s | %s | %s | %s | %s |\n",
			p.Title, p.Docs, p.Name, s.Signature, kind(&s), at, unsigned(p), waits, again(p.Retry))
	}
	return b.String()
}

// again says how often a provider tries a failed delivery again, and for how long.
func again(r provider.Retry) string {
	var text string
	switch {
	case r.Max == 1:
		text = "Once more"
	case r.Max > 1:
		text = fmt.Sprintf("%d more times", r.Max)
	case r.Span > 0:
		text = "For up to " + span(r.Span)
	case r.Note == "":
		return "Unknown."
	default:
		return r.Note
	}
	if r.Max > 0 && r.Span > 0 {
		text += " within " + span(r.Span)
	}
	return strings.TrimSpace(text + ". " + r.Note)
}

// span is a duration in days from two days on.
func span(d time.Duration) string {
	const day = 24 * time.Hour
	if d >= 2*day && d%day == 0 {
		return fmt.Sprintf("%d days", d/day)
	}
	return short(d)
}

// on429Table says what each provider does with a refusal by a limit. Where nothing
// is said of a 429 in particular, it is a failed delivery as any other.
func on429Table() string {
	var b strings.Builder
	b.WriteString("| provider | gets | and then |\n|---|---|---|\n")
	for _, p := range provider.Catalogue() {
		then := p.On429
		if then == "" {
			then = "A failed delivery. " + again(p.Retry)
		}
		fmt.Fprintf(&b, "| %s | %d | %s |\n", p.Title, overLimit(p), then)
	}
	return b.String()
}

// overLimit is the status that p gets for a delivery over a limit.
func overLimit(p *provider.Provider) int {
	if status, overridden := p.Status[pipeline.RateLimited.String()]; overridden {
		return status
	}
	return pipeline.RateLimited.Info().Status
}

// listTable is the table of published address lists.
func listTable() string {
	var b strings.Builder
	b.WriteString("| list | providers | published at | snapshot |\n|---|---|---|---|\n")
	for _, l := range ipallow.Shipped(provider.Catalogue()) {
		at := "[page](" + l.Docs + "), never fetched"
		if l.URL != "" {
			at = "[" + l.URL + "](" + l.Docs + ")"
		}
		snapshot := "none: until the first fetch, which is at once, nobody is on it"
		if l.Prefixes > 0 {
			snapshot = fmt.Sprintf("%d networks of %s", l.Prefixes, l.At.Format(time.DateOnly))
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", l.Name, strings.Join(l.Providers, ", "), at, snapshot)
	}
	return b.String()
}

// kind says in a few words how a scheme proves the sender.
func kind(s *provider.Scheme) string {
	switch s.Kind {
	case "":
		return strings.TrimSpace("hmac " + string(s.Hash))
	case provider.JSONToken:
		return "jwt " + string(s.JWT.Algorithms[0])
	}
	return strings.TrimSpace(string(s.Kind) + " " + string(s.Hash))
}

// short writes 5m0s as 5m.
func short(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

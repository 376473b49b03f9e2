package natsflags

import (
	"cmp"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"

	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/pick"
)

// maxContext bounds a file of the nats CLI, in bytes.
const maxContext = 64 << 10

// contextFile is a context of the nats CLI (package natscontext of nats-io/jsm.go). It
// is read here because the libraries for it connect at once, run the program nsc that a
// file names, or bring along the whole of the CLI.
type contextFile struct {
	URL         string `json:"url"`
	Token       string `json:"token"`
	User        string `json:"user"`
	Password    string `json:"password"`
	Creds       string `json:"creds"`
	NKey        string `json:"nkey"`
	JWT         string `json:"user_jwt"`
	Seed        string `json:"user_seed"`
	Cert        string `json:"cert"`
	Key         string `json:"key"`
	CA          string `json:"ca"`
	Domain      string `json:"jetstream_domain"`
	APIPrefix   string `json:"jetstream_api_prefix"`
	InboxPrefix string `json:"inbox_prefix"`
	TLSFirst    bool   `json:"tls_first"`

	// What is not done here, and so refused.
	NSC      string `json:"nsc"`
	Socks    string `json:"socks_proxy"`
	WinStore string `json:"windows_cert_store"`
}

// directory is where the nats CLI keeps its files, "" where there is no home.
func directory() string {
	if parent := os.Getenv("XDG_CONFIG_HOME"); parent != "" {
		return filepath.Join(parent, "nats")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".config", "nats")
}

// selected is the name of the context that `nats context select` chose, "" for none.
func selected() string {
	text, _ := readBounded(filepath.Join(directory(), "context.txt"))
	return strings.TrimSpace(string(text))
}

// contexts are the names of all.
func contexts() []string {
	files, _ := filepath.Glob(filepath.Join(directory(), "context", "*.json"))
	for i, file := range files {
		files[i] = strings.TrimSuffix(filepath.Base(file), ".json")
	}
	return files
}

// readContext returns the settings of a context. No error holds what stands in its file.
func readContext(name string) (Settings, error) {
	if err := pick.Known("nats context", name, contexts()); err != nil {
		return Settings{}, err
	}
	text, err := readBounded(filepath.Join(directory(), "context", name+".json"))
	if err != nil {
		return Settings{}, exit.Usage(err)
	}
	var c contextFile
	if json.Unmarshal(text, &c) != nil {
		return Settings{}, exit.Usagef("the nats context %s is not JSON of the right form", name)
	}
	if c.NSC+c.Socks+c.WinStore != "" || strings.HasPrefix(c.Password+c.Token, "op://") {
		return Settings{}, exit.Usagef("the nats context %s uses nsc, a proxy, a Windows store or 1Password, which webhookctl does not: use --server and --creds", name)
	}
	return Settings{
		Servers:     c.URL,
		Credentials: Credentials{User: c.User, Password: c.Password, Token: c.Token, Creds: expand(c.Creds), JWT: c.JWT, Seed: c.Seed, NKey: expand(c.NKey)},
		CA:          expand(c.CA), Cert: expand(c.Cert), Key: expand(c.Key),
		Domain: c.Domain, APIPrefix: c.APIPrefix, InboxPrefix: c.InboxPrefix, TLSFirst: c.TLSFirst, context: name,
	}, nil
}

// expand replaces ~ and variables in a path, as the nats CLI does.
func expand(path string) string {
	path = os.ExpandEnv(path)
	if rest, ok := strings.CutPrefix(path, "~"); ok {
		home, _ := os.UserHomeDir()
		return cmp.Or(home, "~") + rest
	}
	return path
}

func readBounded(file string) ([]byte, error) {
	f, err := os.Open(file) //nolint:gosec // a file of the user's own configuration, named by the user
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	return io.ReadAll(io.LimitReader(f, maxContext))
}

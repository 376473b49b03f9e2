// Package keyflags holds the flag for the keys that open what the quarantine keeps.
package keyflags

import (
	"encoding/base64"
	"os"
	"regexp"
	"strings"

	"github.com/spf13/pflag"

	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/streams/archive"
)

// Flag names the environment variables of keys. Keys themselves do not belong on a command
// line, which is in everybody's process list.
type Flag struct{ pairs []string }

// Add defines the flag.
func (f *Flag) Add(flags *pflag.FlagSet) {
	flags.StringArrayVar(&f.pairs, "key", nil, "`ID=VARIABLE`: a key of quarantine.keys, its id there and the environment variable that holds it; once for each")
}

// Keys reads the keys. No error holds what may be one.
func (f *Flag) Keys() (*archive.Keys, error) {
	keys, variable := &archive.Keys{}, regexp.MustCompile(`^[A-Za-z0-9_]+$`)
	for _, pair := range f.pairs {
		id, name, _ := strings.Cut(pair, "=")
		if !variable.MatchString(name) { // what was given may be a key: it is not repeated
			return nil, exit.Usagef("--key: must be ID=VARIABLE; a key itself does not belong on a command line")
		}
		text := os.Getenv(name)
		if text == "" {
			return nil, exit.Usagef("--key: the environment variable %s is empty", name)
		}
		key, err := base64.StdEncoding.Strict().DecodeString(text)
		if err != nil {
			return nil, exit.Usagef("--key: %s holds no padded base64", name)
		}
		if err := keys.Add(id, key); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

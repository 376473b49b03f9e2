// Package vault resolves references to Kong's "env" vault, such as
// {vault://env/github-secret}: the environment variable GITHUB_SECRET, or with a
// key behind the name the string under that key of a JSON object.
//
// Other vaults belong to Kong's paid editions and are not resolved. A reference
// that leads to nothing is an error here; Kong hands on an empty string for it.
package vault

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Errors of Resolve.
var (
	// ErrReference is text that is no vault reference.
	ErrReference = errors.New("not a vault reference")
	// ErrVault is a reference to a vault that is not there.
	ErrVault = errors.New("no such vault")
	// ErrUnset is an environment variable that is not set, or set to nothing.
	ErrUnset = errors.New("environment variable is not set")
	// ErrKey is a key that is not in the JSON secret, or whose value is no string.
	ErrKey = errors.New("no such key in the JSON secret")
)

// Env is the environment and the vault entities over it.
type Env struct {
	// Lookup returns an environment variable, as os.LookupEnv does.
	Lookup func(name string) (string, bool)
	// Prefixes maps a vault entity's prefix to the prefix of its variables.
	// The vault "env" is always there.
	Prefixes map[string]string
}

// reference is a reference taken apart.
type reference struct {
	vault, resource, key string
	prefix               string // of ?prefix=
	suffix               string // of a version
}

// parse takes a reference apart. The error wraps ErrReference.
func parse(text string) (reference, error) {
	inner, ok := strings.CutPrefix(text, "{")
	inner, closed := strings.CutSuffix(inner, "}")
	u, err := url.Parse(inner)
	if !ok || !closed || err != nil || u.Scheme != "vault" || u.Host == "" {
		return reference{}, ErrReference
	}
	path := strings.TrimPrefix(u.Path, "/")
	ref := reference{vault: u.Host, resource: path, prefix: u.Query().Get("prefix")}
	if u.Fragment == "2" {
		ref.suffix = "_PREVIOUS"
	}
	if i := strings.LastIndexByte(path, '/'); i > 0 && i+1 < len(path) {
		ref.resource, ref.key = path[:i], path[i+1:]
	}
	ref.resource = strings.TrimSuffix(ref.resource, "/")
	if ref.resource == "" {
		return reference{}, fmt.Errorf("%w: empty path", ErrReference)
	}
	return ref, nil
}

// Resolve returns the value of a reference. Errors name the variable, never its
// value. In the variable's name dashes become underscores and everything is
// upper-case.
func (e Env) Resolve(text string) (string, error) {
	ref, err := parse(text)
	if err != nil {
		return "", err
	}
	prefix, known := e.Prefixes[ref.vault]
	if !known && ref.vault != "env" {
		return "", fmt.Errorf("%w: %q", ErrVault, ref.vault)
	}
	name := strings.ToUpper(strings.ReplaceAll(cmp.Or(ref.prefix, prefix)+ref.resource, "-", "_")) + ref.suffix
	value, ok := e.Lookup(name)
	if !ok || value == "" {
		return "", fmt.Errorf("%w: %s", ErrUnset, name)
	}
	if ref.key == "" {
		return value, nil
	}
	var secret map[string]json.RawMessage
	if json.Unmarshal([]byte(value), &secret) != nil {
		return "", fmt.Errorf("%w: %s is no JSON object", ErrKey, name)
	}
	var out *string
	if json.Unmarshal(secret[ref.key], &out) != nil || out == nil {
		return "", fmt.Errorf("%w: %q of %s", ErrKey, ref.key, name)
	}
	return *out, nil
}

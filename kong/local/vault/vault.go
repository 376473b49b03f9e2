// Package vault resolves references to Kong's "env" vault, such as
// {vault://env/github-secret}: the environment variable GITHUB_SECRET, or with a
// key behind the name the string under that key of a JSON object.
//
// Other vaults belong to Kong's paid editions and are not resolved. A reference
// that leads to nothing is an error here; Kong hands on an empty string for it.
package vault

import (
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
	// ErrKey is a key that a JSON secret has not.
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

// Reference is a reference taken apart.
type Reference struct {
	Vault, Resource, Key string
	Prefix               string // of ?prefix=
	Previous             bool   // version #2
}

// Parse takes a reference apart. The error wraps ErrReference.
func Parse(text string) (Reference, error) {
	inner, ok := strings.CutPrefix(text, "{")
	inner, closed := strings.CutSuffix(inner, "}")
	u, err := url.Parse(inner)
	if !ok || !closed || err != nil || u.Scheme != "vault" || u.Host == "" {
		return Reference{}, ErrReference
	}
	path := strings.TrimPrefix(u.Path, "/")
	ref := Reference{Vault: u.Host, Resource: path, Prefix: u.Query().Get("prefix"), Previous: u.Fragment == "2"}
	if i := strings.LastIndexByte(path, '/'); i > 0 && i+1 < len(path) {
		ref.Resource, ref.Key = path[:i], path[i+1:]
	}
	ref.Resource = strings.TrimSuffix(ref.Resource, "/")
	if ref.Resource == "" {
		return Reference{}, fmt.Errorf("%w: empty path", ErrReference)
	}
	return ref, nil
}

// Variable is the environment variable of a resource: dashes become underscores
// and everything upper-case.
func (r Reference) Variable(prefix string) string {
	if r.Prefix != "" {
		prefix = r.Prefix
	}
	name := strings.ToUpper(strings.ReplaceAll(prefix+r.Resource, "-", "_"))
	if r.Previous {
		name += "_PREVIOUS"
	}
	return name
}

// Resolve returns the value of a reference. Errors name the variable, never its
// value.
func (e Env) Resolve(text string) (string, error) {
	ref, err := Parse(text)
	if err != nil {
		return "", err
	}
	prefix, known := e.Prefixes[ref.Vault]
	if !known && ref.Vault != "env" {
		return "", fmt.Errorf("%w: %q", ErrVault, ref.Vault)
	}
	name := ref.Variable(prefix)
	value, ok := e.Lookup(name)
	if !ok || value == "" {
		return "", fmt.Errorf("%w: %s", ErrUnset, name)
	}
	if ref.Key == "" {
		return value, nil
	}
	var secret map[string]json.RawMessage
	if json.Unmarshal([]byte(value), &secret) != nil {
		return "", fmt.Errorf("%w: %s is no JSON object", ErrKey, name)
	}
	var out *string
	if json.Unmarshal(secret[ref.Key], &out) != nil || out == nil {
		return "", fmt.Errorf("%w: %q of %s", ErrKey, ref.Key, name)
	}
	return *out, nil
}

package config

import (
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[redacted]"

// Secret is a configuration value that must not be seen. Every way of printing
// it, with fmt, slog, JSON or text encoders, gives "[redacted]"; only Reveal and
// Bytes give the value. The zero Secret is empty.
type Secret struct {
	// A pointer, because fmt does not call methods on unexported fields of
	// other structs: it would print a string there, and prints an address here.
	value *string
	// missing says why there is none, where a list has others.
	missing *string
}

// NewSecret returns a Secret that holds value.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{value: &value}
}

// Reveal returns the value.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// Missing says why s is empty, such as the vault reference that did not resolve.
// It is "" for a Secret that is not, or that no Decode left empty: Decode refuses
// an empty secret, but in a list whose tag is tolerant beside one that is there.
func (s Secret) Missing() string {
	if s.missing == nil {
		return ""
	}
	return *s.missing
}

// Bytes returns a copy of the value.
func (s Secret) Bytes() []byte { return []byte(s.Reveal()) }

// IsZero reports whether s is empty.
func (s Secret) IsZero() bool { return s.Reveal() == "" }

// Equal reports whether s and other hold the same value, in a time that depends
// on their lengths only.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare(s.Bytes(), other.Bytes()) == 1
}

// String returns "[redacted]".
func (s Secret) String() string { return redacted }

// Format prints "[redacted]" for every verb and flag.
func (s Secret) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, redacted) // fmt.State keeps no error
}

// LogValue returns "[redacted]" for slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText returns "[redacted]", also for encoding/json and YAML.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// UnmarshalText takes the value from any encoding that knows text.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = NewSecret(string(text))
	return nil
}

var (
	_ fmt.Formatter  = Secret{}
	_ slog.LogValuer = Secret{}
)

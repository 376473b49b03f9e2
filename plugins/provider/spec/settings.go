package spec

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"webhookedge/plugins/internal/placeholder"
)

// Bounds of the value of a setting in bytes. A secret one may be two private keys of RSA
// with 4096 bits.
const (
	maxSetting       = 1024
	maxSecretSetting = 8 << 10
)

// SettingError says what is wrong with one setting, and not what its value is. It
// is an ErrOption.
type SettingError struct {
	Name string
	Why  string // "is needed by paypal: ..."
}

// Error implements error.
func (e *SettingError) Error() string { return fmt.Sprintf("the setting %q %s", e.Name, e.Why) }

// Unwrap returns ErrOption.
func (e *SettingError) Unwrap() error { return ErrOption }

func (s *Setting) needed(p *Provider) error {
	return &SettingError{s.Name, "is needed by " + p.Name + ": " + s.Doc}
}

// SettingValues returns the values of the row's settings, or everything that is wrong
// with those of o.
func (p *Provider) SettingValues(given map[string]string) (map[string]string, error) {
	var errs []error
	all := map[string]string{}
	for i := range p.Settings {
		if s := &p.Settings[i]; s.Default != "" {
			all[s.Name] = s.Default
		}
	}
	for name, value := range given {
		i := slices.IndexFunc(p.Settings, func(s Setting) bool { return s.Name == name })
		most, text := maxSetting, value
		if i >= 0 && p.Settings[i].Secret {
			most = maxSecretSetting
			if strings.HasPrefix(value, "-----BEGIN ") {
				text = strings.Join(strings.Fields(value), " ") // a key in PEM has lines
			}
		}
		switch {
		case i < 0:
			errs = append(errs, &SettingError{name, "is none of " + p.Name})
		case len(value) > most || !Printable(text):
			errs = append(errs, &SettingError{name, fmt.Sprintf("must be printable ASCII of at most %d bytes", most)})
		case placeholder.Is(value):
			errs = append(errs, &SettingError{name, placeholder.Why})
		case value != "":
			all[name] = value
		}
	}
	return all, errors.Join(errs...)
}

// Unpinned reports the settings that a route must have and given lacks, although a
// verifier works without them. It is an ErrOption.
func (p *Provider) Unpinned(given map[string]string) error {
	var errs []error
	for i := range p.Settings {
		if s := &p.Settings[i]; s.Pins && s.Default == "" && given[s.Name] == "" {
			errs = append(errs, s.needed(p))
		}
	}
	return errors.Join(errs...)
}

// Examples are values in the right form for every setting, to check a row.
func (p *Provider) Examples() map[string]string {
	all := map[string]string{}
	for i := range p.Settings {
		s := &p.Settings[i]
		all[s.Name] = cmp.Or(s.Default, s.Example, "example")
	}
	return all
}

// Printable reports whether text is printable ASCII.
func Printable(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' })
}

// Without leaves out of s what refers to optional settings that have no value.
func (p *Provider) Without(s *Scheme, settings map[string]string) {
	for i := range p.Settings {
		if name := p.Settings[i].Name; p.Settings[i].Optional && settings[name] == "" {
			mark := "{setting:" + name + "}"
			unset := func(e Expect) bool { return strings.Contains(e.At+e.Is, mark) }
			s.Expect = slices.DeleteFunc(slices.Clone(s.Expect), unset)
			s.JWT.Claims = slices.DeleteFunc(slices.Clone(s.JWT.Claims), unset)
			if strings.Contains(s.Message.Label, mark) {
				s.Message.Label = ""
			}
			s.JWT.Issuers = slices.DeleteFunc(slices.Clone(s.JWT.Issuers), func(text string) bool { return strings.Contains(text, mark) })
		}
	}
}

// IsOptional reports whether a setting may be unset.
func (p *Provider) IsOptional(name string) bool {
	return slices.ContainsFunc(p.Settings, func(s Setting) bool { return s.Name == name && s.Optional })
}

// Unset reports the settings that s refers to and that have no value.
func (p *Provider) Unset(s *Scheme, settings map[string]string) error {
	var errs []error
	for i := range p.Settings {
		name := p.Settings[i].Name
		if settings[name] == "" && !p.Settings[i].Optional && s.refersTo(name) {
			errs = append(errs, p.Settings[i].needed(p))
		}
	}
	return errors.Join(errs...)
}

// MaxTolerance bounds Options.Tolerance: the longest retries of a sender whose tries may
// all have the time of the first (Customer.io and Klaviyo, a week).
const MaxTolerance = 7 * 24 * time.Hour

// Package exit says how a command of webhookctl ends: 0 where all is fine, 1 where it
// found something or could not do its work, 2 where it was used wrongly.
package exit

import (
	"errors"
	"fmt"
)

// The exit codes.
const (
	Fine   = 0
	Found  = 1
	Misuse = 2
)

// ErrFailed ends the command with exit code 1 after it has said why itself.
var ErrFailed = errors.New("failed")

// ErrUsage is the fault of a command line: exit code 2.
var ErrUsage = errors.New("used wrongly")

type usage struct{ error }

func (u usage) Unwrap() error        { return u.error }
func (u usage) Is(target error) bool { return target == ErrUsage }

// Usage makes err, which may be nil, a fault of the command line. Its text stays.
func Usage(err error) error {
	if err == nil {
		return nil
	}
	return usage{err}
}

// Usagef is the fault of a command line in words.
func Usagef(format string, values ...any) error { return usage{fmt.Errorf(format, values...)} }

// Code returns the exit code of what a command returned.
func Code(err error) int {
	switch {
	case err == nil:
		return Fine
	case errors.Is(err, ErrUsage):
		return Misuse
	}
	return Found
}

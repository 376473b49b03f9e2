// Package exit says how a command of webhookctl ends.
package exit

import "errors"

// ErrFailed ends the command with exit code 1 after it has said why itself.
var ErrFailed = errors.New("failed")

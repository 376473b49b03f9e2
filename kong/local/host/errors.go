package host

import (
	"errors"
	"fmt"
)

// Errors of Access. Kong answers each with 500, see Raised for the difference.
var (
	// ErrClosed means that the plugin hung up in the middle of an exchange.
	ErrClosed = errors.New("plugin closed the connection")
	// ErrTimeout means that the plugin was silent for the time-out.
	ErrTimeout = errors.New("plugin timed out")
	// ErrUnknownMethod is a call of a PDK function that Kong does not have.
	ErrUnknownMethod = errors.New("PDK method not found")
	// ErrReruns means that a handler was run as often as allowed and hung up
	// each time. Kong goes on without bound.
	ErrReruns = errors.New("handler kept closing the connection")
	// ErrClaim means that another request has been starting the instance for
	// ten seconds.
	ErrClaim = errors.New("could not claim the plugin instance")
)

// Raised is an error that Kong raises inside Lua, such as a PDK function called
// with a wrong argument or an instance that does not start. Kong answers with
// {"message":"An unexpected error occurred"}; for every other error of a plugin
// server the body has a request_id as well.
type Raised struct{ Err error }

// Error implements error.
func (r *Raised) Error() string { return r.Err.Error() }

// Unwrap returns the reason.
func (r *Raised) Unwrap() error { return r.Err }

func raise(format string, args ...any) error { return &Raised{fmt.Errorf(format, args...)} }

// errExit ends the bridge loop: the plugin has answered.
var errExit = errors.New("exit")

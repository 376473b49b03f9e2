package normalize

import "errors"

// ErrConfig is a fault of the configuration.
var ErrConfig = errors.New("normalize cannot be configured so")

// Config is what a route may set about its events.
type Config struct {
	Tenant string `json:"tenant" doc:"Tenant of every event of this route, instead of the account that the payload names." minlen:"1" maxlen:"256"`
}

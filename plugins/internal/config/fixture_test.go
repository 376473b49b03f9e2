package config_test

import (
	"errors"

	"webhookedge/plugins/internal/config"
)

// color supplies its own enum, as a catalogue's names do.
type color string

func (color) Enum() []string { return []string{"red", "green", "blue"} }

type timing struct {
	DeadlineMs int `json:"deadline_ms" doc:"Longest wait for an answer in milliseconds." default:"2000" min:"1" max:"60000"`
	Ratio      int `json:"ratio" doc:"One in how many deliveries is traced." default:"1" min:"0" max:"9"`
}

type key struct {
	ID    string        `json:"id" doc:"Name of the secret, shown in logs." required:"true" maxlen:"16"`
	Value config.Secret `json:"value" doc:"The secret that signs deliveries." required:"true" minlen:"4"`
}

type verify struct {
	Provider color  `json:"provider" doc:"Who sends the deliveries of this route." required:"true"`
	Secrets  []key  `json:"secrets" doc:"Secrets that are valid, newest first." required:"true" minlen:"1" maxlen:"4"`
	Note     string `json:"note,omitempty" doc:"Any text, also an empty one." minlen:"0"`
}

// Validate refuses two secrets of one name.
func (v *verify) Validate() error {
	seen := map[string]bool{}
	for _, s := range v.Secrets {
		if seen[s.ID] {
			return errSameID
		}
		seen[s.ID] = true
	}
	return nil
}

var errSameID = errors.New("secrets: two have the same id")

type tls struct {
	Cert config.Secret `json:"cert" doc:"Certificate in the PEM format."`
	Key  config.Secret `json:"key" doc:"Private key in the PEM format."`
}

// KongChecks implements the structural interface of entity checks.
func (tls) KongChecks() []config.EntityCheck {
	return []config.EntityCheck{{MutuallyRequired: []string{"cert", "key"}}}
}

type settings struct {
	Timing
	Mode     string            `json:"mode" doc:"What answers the sender, this plugin or Kong." default:"exit" enum:"exit,continue"`
	Verify   verify            `json:"verify" doc:"How deliveries are verified."`
	URLs     []string          `json:"urls" doc:"Servers to connect to, tried in order." default:"[\"nats://127.0.0.1:4222\"]" referenceable:"true"`
	Labels   map[string]string `json:"labels" doc:"Labels that every event gets." maxlen:"2"`
	Ports    []int32           `json:"ports" doc:"Ports that are listened on." min:"1" max:"65535"`
	MaxBytes int64             `json:"max_bytes" doc:"Largest body in bytes." default:"26214400" min:"1"`
	Strict   bool              `json:"strict" doc:"Whether oddities are refused." default:"true"`
	TLS      *tls              `json:"tls" doc:"Settings of TLS, off without them."`
	Token    config.Secret     `json:"token" doc:"Token for the server."`
	User     string            `json:"user" doc:"Name of the user at the server."`
	File     string            `json:"file" doc:"File with the credentials." referenceable:"true"`
}

// Timing is inlined.
type Timing timing

// KongChecks implements the structural interface of entity checks.
func (settings) KongChecks() []config.EntityCheck {
	return []config.EntityCheck{
		{MutuallyExclusive: []string{"token", "user", "file"}},
	}
}

package publish

import (
	"errors"
	"path/filepath"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/publish/jsconn"
)

// The values of Config.Dedupe.
const (
	DedupeWindow = "window"
	DedupeExact  = "exact"
	DedupeOff    = "off"
)

// The values of Config.DedupeScope.
const (
	ScopeRoute    = "route"
	ScopeProvider = "provider"
)

// The values of Config.ContentMode.
const (
	ModeStructured = "structured"
	ModeBinary     = "binary"
)

// The values of Config.Ack.
const (
	AckBoth    = "both"
	AckJournal = "journal"
	AckBroker  = "broker"
)

// The values of Config.Require.
const (
	RequireAny     = "any"
	RequireDurable = "durable"
)

// The values of the connection's settings that callers of New set.
const (
	EnsureOff    = jsconn.EnsureOff
	SyncInterval = jsconn.SyncInterval
	SyncAlways   = jsconn.SyncAlways
)

// Config says where events are stored.
type Config struct {
	Servers                   []string             `json:"servers" format:"server" doc:"URLs of NATS servers of one cluster: nats://host:port or tls://host:port, without credentials." default:"[\"nats://127.0.0.1:4222\"]" minlen:"1" maxlen:"16" referenceable:"true"`
	SubjectPrefix             string               `json:"subject_prefix" format:"subject" doc:"First token or tokens of every subject; provider, tenant, the levels of the event and the action follow, a token each." default:"webhooks" minlen:"1" maxlen:"128"`
	Stream                    jsconn.StreamConfig  `json:"stream" doc:"The JetStream stream that must acknowledge every event."`
	ContentMode               string               `json:"content_mode" doc:"How an event is written (CloudEvents): structured, as one JSON document; or binary, the payload alone with the attributes as ce- headers." default:"structured" enum:"structured,binary"`
	Dedupe                    string               `json:"dedupe" doc:"How a second delivery of an id is noticed: window, by the stream's duplicate window; exact, by a subject of its own for each id, as long as the stream keeps the event; off, never, so that each try of the sender is an event. Exact adds the id to every subject as its last token and costs the server about 150 bytes of memory an event." default:"window" enum:"window,exact,off"`
	DedupeScope               string               `json:"dedupe_scope" doc:"Where an id of the provider's is taken for one event: at one route, or at all routes of the provider, for two hooks that deliver the same events on purpose." default:"route" enum:"route,provider"`
	OrderingKey               string               `json:"ordering_key" format:"ordering" doc:"Events of one key are stored in the order in which they came: tenant, subject (the resource), or json: and a path in the payload, such as json:data.object.id. Events without the key, and all where this is empty, have no order." minlen:"0" maxlen:"256"`
	AckTimeoutMS              int                  `json:"ack_timeout_ms" doc:"Milliseconds for storing an event, retries and the journal included; then the sender gets 503 and tries again. At most half of the time that the provider waits for an answer." default:"1500" min:"50" max:"30000"`
	Ack                       string               `json:"ack" doc:"What an answer of 200 waits for where there is a journal: both, the broker's ack and the journal, or the journal alone when the broker does not answer in time; journal, the journal alone, and the event is published behind; broker, the broker's ack alone, or the journal when it does not come in time. Without a journal it is the broker." default:"both" enum:"both,journal,broker"`
	Require                   string               `json:"require" doc:"What an event must have for an answer of 200: any, one of the above; durable, that a power cut of any machine leaves it: otherwise, as where the journal's disk fails, the sender gets 503." default:"any" enum:"any,durable"`
	BrokerSync                string               `json:"broker_sync" doc:"When NATS's disk has what it acknowledged: always, with the ack (sync_interval: always in its configuration); or interval, later. It decides when an event leaves the journal, and without one what the ack is called." default:"interval" enum:"interval,always"`
	BrokerSyncIntervalSeconds int                  `json:"broker_sync_interval_seconds" doc:"NATS's sync_interval with broker_sync: interval; its default is 120. An event leaves the journal after twice that time." default:"120" min:"1" max:"86400"`
	MonitorURL                string               `json:"monitor_url" format:"monitor" doc:"URL of NATS's monitoring endpoint (its http_port), those of a cluster's servers with commas between them: it says how NATS syncs, which is believed before broker_sync." minlen:"0" maxlen:"1024" referenceable:"true"`
	Journal                   JournalConfig        `json:"journal" doc:"Where events are kept on this machine until the broker can no longer lose them."`
	Objects                   jsconn.ObjectsConfig `json:"objects" doc:"Where payloads go that are too large for a message."`
	Username                  string               `json:"username" doc:"User for NATS, together with password." maxlen:"256" referenceable:"true"`
	Password                  config.Secret        `json:"password" doc:"Password for NATS, together with username."`
	Token                     config.Secret        `json:"token" doc:"Token for NATS, instead of a user."`
	NKeySeed                  config.Secret        `json:"nkey_seed" format:"nkey" doc:"Seed of a NATS user nkey (it starts with SU), instead of a user."`
	CredsFile                 string               `json:"creds_file" doc:"Path of a NATS credentials file (JWT and seed), instead of a user; read again at every connect." maxlen:"4096"`
	TLS                       jsconn.TLSConfig     `json:"tls" doc:"TLS towards NATS; any of its settings turns it on, as does a tls:// URL."`
	JetStreamDomain           string               `json:"jetstream_domain" format:"name" doc:"JetStream domain of the stream, where it is not that of the server." maxlen:"64"`
}

// KongChecks are the rules between fields.
func (Config) KongChecks() []config.EntityCheck {
	return []config.EntityCheck{
		{MutuallyRequired: []string{"username", "password"}},
		{MutuallyExclusive: []string{"username", "token", "nkey_seed", "creds_file"}},
	}
}

// Validate reports what the tags cannot say, each fault after the path of its
// field. It reads no files: New does.
func (c *Config) Validate() error {
	settings := c.settings()
	faults := settings.Validate()
	if c.Journal.on() && !filepath.IsAbs(c.Journal.Directory) {
		faults = append(faults, errors.New("journal.directory: must be an absolute path"))
	}
	_, orderErr := newOrdering(c.OrderingKey)
	return errors.Join(append(faults, orderErr)...)
}

// Check reports everything that keeps New from making a stage of c, but for a journal
// that another process has. It reads the files that c names and dials nothing.
func (c *Config) Check() error {
	settings := c.settings()
	return errors.Join(c.Validate(), settings.Check())
}

// settings are those of the connection.
func (c *Config) settings() jsconn.Settings {
	return jsconn.Settings{
		Servers: c.Servers, SubjectPrefix: c.SubjectPrefix, Stream: c.Stream, Objects: c.Objects,
		BrokerSync: c.BrokerSync, BrokerSyncIntervalSeconds: c.BrokerSyncIntervalSeconds, MonitorURL: c.MonitorURL,
		Username: c.Username, Password: c.Password, Token: c.Token, NKeySeed: c.NKeySeed, CredsFile: c.CredsFile,
		TLS: c.TLS, JetStreamDomain: c.JetStreamDomain,
	}
}

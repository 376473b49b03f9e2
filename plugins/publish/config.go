package publish

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"webhookedge/plugins/internal/config"
)

// The values of StreamConfig.Ensure.
const (
	EnsureOff    = "off"
	EnsureCheck  = "check"
	EnsureCreate = "create"
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

// Config says where events are stored.
type Config struct {
	Servers                   []string      `json:"servers" doc:"URLs of NATS servers of one cluster: nats://host:port or tls://host:port, without credentials." default:"[\"nats://127.0.0.1:4222\"]" minlen:"1" maxlen:"16" referenceable:"true"`
	SubjectPrefix             string        `json:"subject_prefix" doc:"First token or tokens of every subject; provider, tenant, event and action follow, a token each." default:"webhooks" minlen:"1" maxlen:"128"`
	Stream                    StreamConfig  `json:"stream" doc:"The JetStream stream that must acknowledge every event."`
	ContentMode               string        `json:"content_mode" doc:"How an event is written (CloudEvents): structured, as one JSON document; or binary, the payload alone with the attributes as ce- headers." default:"structured" enum:"structured,binary"`
	Dedupe                    string        `json:"dedupe" doc:"How a second delivery of an id is noticed: window, by the stream's duplicate window; exact, by a subject of its own for each id, as long as the stream keeps the event; off, never, so that each try of the sender is an event. Exact adds the id to every subject as its last token and costs the server about 150 bytes of memory an event." default:"window" enum:"window,exact,off"`
	DedupeScope               string        `json:"dedupe_scope" doc:"Where an id of the provider's is taken for one event: at one route, or at all routes of the provider, for two hooks that deliver the same events on purpose." default:"route" enum:"route,provider"`
	OrderingKey               string        `json:"ordering_key" doc:"Events of one key are stored in the order in which they came: tenant, subject (the resource), or json: and a path in the payload, such as json:data.object.id. Events without the key, and all where this is empty, have no order." minlen:"0" maxlen:"256"`
	AckTimeoutMS              int           `json:"ack_timeout_ms" doc:"Milliseconds for storing an event, retries and the journal included; then the sender gets 503 and tries again. At most half of the time that the provider waits for an answer." default:"1500" min:"50" max:"30000"`
	Ack                       string        `json:"ack" doc:"What an answer of 200 waits for where there is a journal: both, the broker's ack and the journal, or the journal alone when the broker does not answer in time; journal, the journal alone, and the event is published behind; broker, the broker's ack alone, or the journal when it does not come in time. Without a journal it is the broker." default:"both" enum:"both,journal,broker"`
	Require                   string        `json:"require" doc:"What an event must have for an answer of 200: any, one of the above; durable, that a power cut of any machine leaves it: otherwise, as where the journal's disk fails, the sender gets 503." default:"any" enum:"any,durable"`
	BrokerSync                string        `json:"broker_sync" doc:"When NATS's disk has what it acknowledged: always, with the ack (sync_interval: always in its configuration); or interval, later. It decides when an event leaves the journal, and without one what the ack is called." default:"interval" enum:"interval,always"`
	BrokerSyncIntervalSeconds int           `json:"broker_sync_interval_seconds" doc:"NATS's sync_interval with broker_sync: interval; its default is 120. An event leaves the journal after twice that time." default:"120" min:"1" max:"86400"`
	MonitorURL                string        `json:"monitor_url" doc:"URL of NATS's monitoring endpoint (its http_port), those of a cluster's servers with commas between them: it says how NATS syncs, which is believed before broker_sync." minlen:"0" maxlen:"1024" referenceable:"true"`
	Journal                   JournalConfig `json:"journal" doc:"Where events are kept on this machine until the broker can no longer lose them."`
	Objects                   ObjectsConfig `json:"objects" doc:"Where payloads go that are too large for a message."`
	Username                  string        `json:"username" doc:"User for NATS, together with password." maxlen:"256" referenceable:"true"`
	Password                  config.Secret `json:"password" doc:"Password for NATS, together with username."`
	Token                     config.Secret `json:"token" doc:"Token for NATS, instead of a user."`
	NKeySeed                  config.Secret `json:"nkey_seed" doc:"Seed of a NATS user nkey (it starts with SU), instead of a user."`
	CredsFile                 string        `json:"creds_file" doc:"Path of a NATS credentials file (JWT and seed), instead of a user; read again at every connect." maxlen:"4096"`
	TLS                       TLSConfig     `json:"tls" doc:"TLS towards NATS; any of its settings turns it on, as does a tls:// URL."`
	JetStreamDomain           string        `json:"jetstream_domain" doc:"JetStream domain of the stream, where it is not that of the server." maxlen:"64"`
}

// StreamConfig names the stream and, with EnsureCreate, its limits.
type StreamConfig struct {
	Name                      string `json:"name" doc:"Name of the stream. An ack of another stream does not count." default:"WEBHOOKS" minlen:"1" maxlen:"64"`
	Ensure                    string `json:"ensure" doc:"What to do about the stream after each connect: off, check that it is fit, or create it when it is missing and check." default:"check" enum:"off,check,create"`
	Replicas                  int    `json:"replicas" doc:"Copies that a created stream keeps; more than 1 needs a cluster." default:"1" min:"1" max:"5"`
	MaxAgeHours               int    `json:"max_age_hours" doc:"Hours that a created stream keeps events; 0 keeps them without end." default:"168" min:"0" max:"87600"`
	MaxBytes                  int64  `json:"max_bytes" doc:"Bytes that a created stream may take; when it is full new events are refused, not old ones dropped. 0 is no limit." default:"0" min:"0" max:"1125899906842624"`
	DuplicateWindowSeconds    int    `json:"duplicate_window_seconds" doc:"Seconds in which the stream drops an event of an id that it has. 0 is the time in which the provider may send a delivery again, as the catalogue has it, at least 120 and at most max_duplicate_window_seconds." default:"0" min:"0" max:"2592000"`
	MaxDuplicateWindowSeconds int    `json:"max_duplicate_window_seconds" doc:"Most seconds for a duplicate window that follows the provider. The server keeps about 200 bytes of memory for each id in the window." default:"3600" min:"120" max:"2592000"`
	File                      string `json:"file" doc:"Path of a file of streams such as kong/streams.yml. With ensure: create all its streams are created when they are missing, and the limits here are without effect." maxlen:"4096"`
}

// TLSConfig is TLS towards NATS.
type TLSConfig struct {
	Required   bool   `json:"required" doc:"Refuse a NATS server that offers no TLS." default:"false"`
	CAFile     string `json:"ca_file" doc:"PEM file of the authorities that may sign the server's certificate, instead of the system's." maxlen:"4096"`
	CertFile   string `json:"cert_file" doc:"PEM file of the client certificate, together with key_file." maxlen:"4096"`
	KeyFile    string `json:"key_file" doc:"PEM file of the client certificate's key." maxlen:"4096"`
	ServerName string `json:"server_name" doc:"Name that the server's certificate must have, where it is not the host of the URL." maxlen:"253"`
}

// KongChecks are the rules between fields.
func (Config) KongChecks() []config.EntityCheck {
	return []config.EntityCheck{
		{MutuallyRequired: []string{"username", "password"}},
		{MutuallyExclusive: []string{"username", "token", "nkey_seed", "creds_file"}},
	}
}

// KongChecks are the rules between fields.
func (TLSConfig) KongChecks() []config.EntityCheck {
	return []config.EntityCheck{{MutuallyRequired: []string{"cert_file", "key_file"}}}
}

// Validate reports what the tags cannot say, each fault after the path of its
// field. It reads no files: New does.
func (c *Config) Validate() error {
	var faults []error
	for i, server := range c.Servers {
		if err := checkServer(server); err != nil {
			faults = append(faults, fmt.Errorf("servers[%d]: %w", i, err))
		}
	}
	if err := checkPrefix(c.SubjectPrefix); err != nil {
		faults = append(faults, fmt.Errorf("subject_prefix: %w", err))
	}
	if !isName(c.Stream.Name) {
		faults = append(faults, errors.New("stream.name: only letters, digits, _ and - are possible"))
	}
	if c.JetStreamDomain != "" && !isName(c.JetStreamDomain) {
		faults = append(faults, errors.New("jetstream_domain: only letters, digits, _ and - are possible"))
	}
	age := time.Duration(c.Stream.MaxAgeHours) * time.Hour
	if age > 0 && time.Duration(c.Stream.DuplicateWindowSeconds)*time.Second > age {
		faults = append(faults, errors.New("stream.duplicate_window_seconds: longer than max_age_hours, which JetStream refuses"))
	}
	_, orderErr := newOrdering(c.OrderingKey)
	return errors.Join(append(faults, c.Journal.validate(), c.checkMonitors(), c.Objects.validate(), orderErr)...)
}

// checkServer never repeats the URL: what it objects to may be a password.
func checkServer(server string) error {
	u, err := url.Parse(server)
	switch {
	case err != nil:
		return errors.New("not a URL")
	case !slices.Contains([]string{"nats", "tls"}, u.Scheme) || u.Hostname() == "":
		return errors.New("must be nats://host:port or tls://host:port")
	case u.User != nil:
		return errors.New("must not hold credentials; username, password and token are fields of their own")
	case u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "":
		return errors.New("must have nothing after the port")
	}
	return nil
}

// checkPrefix keeps the prefix out of NATS's own subjects: no name can begin with
// $, and _INBOX is where acks come in.
func checkPrefix(prefix string) error {
	for token := range strings.SplitSeq(prefix, ".") {
		if !isName(token) {
			return errors.New("must be tokens of letters, digits, _ and -, with dots between them")
		}
	}
	if strings.HasPrefix(prefix, "_INBOX") {
		return errors.New("must not begin with _INBOX")
	}
	return nil
}

func isName(s string) bool {
	odd := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '-'
	}
	return s != "" && !strings.ContainsFunc(s, odd)
}

package jsconn

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/text"
	"webhookedge/plugins/streams"
)

// Settings say what a connection is for and how to make it. Field by field they are those
// of the stage's configuration.
type Settings struct {
	Servers                   []string
	SubjectPrefix             string
	Stream                    StreamConfig
	Objects                   ObjectsConfig
	BrokerSync                string // SyncInterval or SyncAlways
	BrokerSyncIntervalSeconds int
	MonitorURL                string
	Username                  string
	Password                  config.Secret
	Token                     config.Secret
	NKeySeed                  config.Secret
	CredsFile                 string
	TLS                       TLSConfig
	JetStreamDomain           string
}

// Validate returns each fault after the path of its field. It reads no files.
func (c *Settings) Validate() []error {
	var faults []error
	for i, server := range c.Servers {
		if err := checkServer(server); err != nil {
			faults = append(faults, fmt.Errorf("servers[%d]: %w", i, err))
		}
	}
	if err := checkPrefix(c.SubjectPrefix); err != nil {
		faults = append(faults, fmt.Errorf("subject_prefix: %w", err))
	}
	if !text.IsName(c.Stream.Name) {
		faults = append(faults, errors.New("stream.name: only letters, digits, _ and - are possible"))
	}
	if c.JetStreamDomain != "" && !text.IsName(c.JetStreamDomain) {
		faults = append(faults, errors.New("jetstream_domain: only letters, digits, _ and - are possible"))
	}
	age := time.Duration(c.Stream.MaxAgeHours) * time.Hour
	if age > 0 && time.Duration(c.Stream.DuplicateWindowSeconds)*time.Second > age {
		faults = append(faults, errors.New("stream.duplicate_window_seconds: longer than max_age_hours, which JetStream refuses"))
	}
	if c.MonitorURL != "" {
		for one := range strings.SplitSeq(c.MonitorURL, ",") {
			if err := streams.CheckMonitor(strings.TrimSpace(one)); err != nil {
				faults = append(faults, fmt.Errorf("monitor_url: %w", err))
			}
		}
	}
	if c.Objects.On() && !text.IsName(c.Objects.Bucket) {
		faults = append(faults, errors.New("objects.bucket: only letters, digits, _ and - are possible"))
	}
	return faults
}

// The values of StreamConfig.Ensure.
const (
	EnsureOff    = "off"
	EnsureCheck  = "check"
	EnsureCreate = "create"
)

// StreamConfig names the stream and, with EnsureCreate, its limits.
type StreamConfig struct {
	Name                      string `json:"name" format:"name" doc:"Name of the stream. An ack of another stream does not count." default:"WEBHOOKS" minlen:"1" maxlen:"64"`
	Ensure                    string `json:"ensure" doc:"What to do about the stream after each connect: off, check that it is fit, or create it when it is missing and check." default:"check" enum:"off,check,create"`
	Replicas                  int    `json:"replicas" doc:"Copies that a created stream keeps; more than 1 needs a cluster." default:"1" min:"1" max:"5"`
	MaxAgeHours               int    `json:"max_age_hours" doc:"Hours that a created stream keeps events; 0 keeps them without end." default:"168" min:"0" max:"87600"`
	MaxBytes                  int64  `json:"max_bytes" doc:"Bytes that a created stream may take; when it is full new events are refused, not old ones dropped. 0 is no limit." default:"0" min:"0" max:"1125899906842624"`
	DuplicateWindowSeconds    int    `json:"duplicate_window_seconds" doc:"Seconds in which the stream drops an event of an id that it has. 0 is the time in which the provider may send a delivery again, as the catalogue has it, at least 120 and at most max_duplicate_window_seconds; or the tolerance of its signed time, where that is more." default:"0" min:"0" max:"2592000"`
	MaxDuplicateWindowSeconds int    `json:"max_duplicate_window_seconds" doc:"Most seconds for a duplicate window that follows the provider's retries. The server keeps about 200 bytes of memory for each id in the window." default:"3600" min:"120" max:"2592000"`
	File                      string `json:"file" doc:"Path of a file of streams such as kong/streams.yml. With ensure: create all its streams are created when they are missing, and the limits here are without effect." maxlen:"4096"`
}

// TLSConfig is TLS towards NATS.
type TLSConfig struct {
	Required   bool   `json:"required" doc:"Refuse a NATS server that offers no TLS." default:"false"`
	CAFile     string `json:"ca_file" doc:"PEM file of the authorities that may sign the server's certificate, instead of the system's." maxlen:"4096"`
	CertFile   string `json:"cert_file" doc:"PEM file of the client certificate, together with key_file." maxlen:"4096"`
	KeyFile    string `json:"key_file" doc:"PEM file of the client certificate's key." maxlen:"4096"`
	ServerName string `json:"server_name" format:"domain" doc:"Name that the server's certificate must have, where it is not the host of the URL." maxlen:"253"`
}

// KongChecks are the rules between fields.
func (TLSConfig) KongChecks() []config.EntityCheck {
	return []config.EntityCheck{{MutuallyRequired: []string{"cert_file", "key_file"}}}
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
		if !text.IsName(token) {
			return errors.New("must be tokens of letters, digits, _ and -, with dots between them")
		}
	}
	if strings.HasPrefix(prefix, "_INBOX") {
		return errors.New("must not begin with _INBOX")
	}
	return nil
}

// The values of Config.BrokerSync.
const (
	SyncInterval = "interval"
	SyncAlways   = "always"
)

// Hold is for how long the broker may lose what it acknowledged: twice its interval,
// because a message that comes right behind a sync waits for the next one, which
// takes its time too.
func (c *Settings) Hold() time.Duration {
	if c.BrokerSync == SyncAlways {
		return 0
	}
	return 2 * time.Duration(c.BrokerSyncIntervalSeconds) * time.Second
}

// IsOwn reports whether the stage's own stream has to take subject.
func (c *Settings) IsOwn(subject string) bool { return strings.HasPrefix(subject, c.SubjectPrefix+".") }

// ObjectsConfig is the place for payloads that are too large for a message.
type ObjectsConfig struct {
	Bucket   string `json:"bucket" format:"bucket" doc:"Bucket of the NATS object store for payloads that are too large for the server's max_payload or the stream; their events carry dataref, datasize and datasha256. With stream.ensure: create it is created, with the stream's replicas and a day more than its max_age. Empty refuses such events." default:"WEBHOOKS_DATA" minlen:"0" maxlen:"64"`
	MaxBytes int64  `json:"max_bytes" doc:"Bytes that a created bucket may take; 0 is no limit." default:"0" min:"0" max:"1125899906842624"`
}

// On reports whether there is a bucket.
func (c *ObjectsConfig) On() bool { return c.Bucket != "" }

// AdviceForObjects says what to create for large events.
func (c *Settings) AdviceForObjects() string {
	if !c.Objects.On() {
		return "objects.bucket is off"
	}
	return fmt.Sprintf("create a bucket for such payloads, for instance: nats object add %s --storage file", c.Objects.Bucket)
}

// key identifies a connection: equal settings share one.
func (c *Settings) key() string {
	shared := *c
	// Routes of several providers share a stream and with it a connection; the
	// longest window counts.
	shared.Stream.DuplicateWindowSeconds, shared.Stream.MaxDuplicateWindowSeconds = 0, 0
	return fmt.Sprintf("%#v %q %q %q", shared, c.Password.Reveal(), c.Token.Reveal(), c.NKeySeed.Reveal())
}

// subjects is the wildcard over everything that cfg publishes.
func (c *Settings) subjects() string { return c.SubjectPrefix + ".>" }

// checkFile reads the file of streams for New.
func (s *StreamConfig) checkFile() error {
	if s.File == "" {
		return nil
	}
	specs, err := streams.Load(s.File)
	if err != nil {
		return fmt.Errorf("stream.file: %w", err)
	}
	if !slices.ContainsFunc(specs, func(spec streams.Spec) bool { return spec.Name == s.Name }) {
		return fmt.Errorf("stream.file: it has no stream %s", s.Name)
	}
	return nil
}

// minWindow is what a stream keeps ids for at least: the server's own default.
const minWindow = 2 * time.Minute

// Window is how long the stream should know an id: as long as the provider may
// send a delivery again, within the cap, and at least as long as a captured delivery
// would pass, unless the setting names it.
func (s *StreamConfig) Window(retrySpan, replaySpan time.Duration) time.Duration {
	if s.DuplicateWindowSeconds > 0 {
		return time.Duration(s.DuplicateWindowSeconds) * time.Second
	}
	window := min(max(retrySpan, minWindow), time.Duration(s.MaxDuplicateWindowSeconds)*time.Second)
	window = max(window, replaySpan)
	if age := time.Duration(s.MaxAgeHours) * time.Hour; age > 0 {
		window = min(window, age) // JetStream refuses more
	}
	return window
}

// Advice says what to create, and names no other tool than NATS's own.
func (c *Settings) Advice() string {
	return fmt.Sprintf("create a stream %s that takes %q, for instance: nats stream add %s --subjects %q --storage file --discard new --dupe-window %ds --defaults",
		c.Stream.Name, c.subjects(), c.Stream.Name, c.subjects(), int(c.Stream.Window(0, 0).Seconds()))
}

package ratelimit

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ulule/limiter/v3"

	"webhookedge/plugins/internal/config"
)

// The values of Config.Mode, Store and OnStoreError.
const (
	ModeEnforce = "enforce"
	ModeObserve = "observe"

	StoreMemory = "memory"
	StoreRedis  = "redis"

	OnErrorLocal  = "local"
	OnErrorAllow  = "allow"
	OnErrorRefuse = "refuse"
)

// Config is the stage's part of a plugin's configuration.
type Config struct {
	Mode         string        `json:"mode" enum:"enforce,observe" default:"enforce" doc:"What follows a delivery over a limit: enforce refuses it; observe lets it pass, counts it and logs what would have been refused."`
	Limits       []LimitConfig `json:"limits" maxlen:"16" doc:"The limits. A delivery passes when it is within all of them, and one that does not spends none."`
	Group        string        `json:"group" format:"key" maxlen:"64" doc:"Name under which routes share their counts: lower case letters, digits, - and _. Empty for counts of each route's own."`
	Store        string        `json:"store" enum:"memory,redis" default:"memory" doc:"Where counts are kept: memory of the process, or redis, which several gateways share."`
	Redis        RedisConfig   `json:"redis" doc:"The Redis of store redis."`
	OnStoreError string        `json:"on_store_error" enum:"local,allow,refuse" default:"local" doc:"What happens while Redis does not answer: local counts in memory, allow lets pass, refuse answers 503."`
}

// LimitConfig is one limit.
type LimitConfig struct {
	Rate  string `json:"rate" format:"rate" required:"true" minlen:"3" maxlen:"16" doc:"Deliveries in a second, minute, hour or day: 50-S, 1000-M, 20000-H, 100000-D."`
	By    string `json:"by" format:"by" required:"true" minlen:"1" maxlen:"72" doc:"What is counted by: client_ip, client_net (its /24 or /64), route, provider, tenant, event_type, or header:<name>."`
	Burst int    `json:"burst" default:"0" min:"0" max:"1000000000" doc:"Deliveries beyond rate that one period may have, as long as ten periods have no more than ten times the rate. At most nine times the rate."`
}

// NeedsEvent reports whether l counts by what only normalize tells.
func (l *LimitConfig) NeedsEvent() bool {
	b, _, err := parseBy(l.By)
	return err == nil && b.late()
}

// RedisConfig says which Redis keeps the counts, and how it is reached.
type RedisConfig struct {
	URL              config.Secret `json:"url" format:"redis" doc:"redis://user:password@host:port/db: a single server. redis+sentinel://user:password@host:port/db?master_name=NAME&addr=host:port: the master NAME of the Sentinels at host and at each addr, with Redis's user and password. rediss instead of redis for TLS. Best as a vault reference."`
	Addresses        []string      `json:"addresses" format:"address" maxlen:"16" doc:"host:port of Sentinels (with sentinel_master), of cluster nodes (with cluster), or of a single server, instead of url." referenceable:"true"`
	SentinelMaster   string        `json:"sentinel_master" maxlen:"128" doc:"Name of the master that the Sentinels at addresses watch."`
	Cluster          bool          `json:"cluster" default:"false" doc:"The addresses are nodes of a Redis Cluster."`
	Username         string        `json:"username" maxlen:"256" doc:"ACL user, where url has none. It needs EVALSHA, EVAL, INCR, DECR, PEXPIRE, PTTL and DEL on the keys that begin with { and the prefix." referenceable:"true"`
	Password         config.Secret `json:"password" doc:"Password of the user, where url has none."`
	SentinelUsername string        `json:"sentinel_username" maxlen:"256" doc:"ACL user of the Sentinels, where they have one." referenceable:"true"`
	SentinelPassword config.Secret `json:"sentinel_password" doc:"Password of the Sentinels, where they have one."`
	DB               int           `json:"db" default:"0" min:"0" max:"1023" doc:"Number of the database, where url has none; a cluster has only 0."`
	Prefix           string        `json:"prefix" format:"key" default:"webhook-edge" minlen:"1" maxlen:"64" doc:"Beginning of every key: lower case letters, digits, - and _."`
	TimeoutMS        int           `json:"timeout_ms" default:"50" min:"1" max:"50" doc:"Milliseconds that a delivery waits for Redis at most; then on_store_error applies."`
	PoolSize         int           `json:"pool_size" default:"16" min:"1" max:"1024" doc:"Connections to each server at most."`
	TLS              TLSConfig     `json:"tls" doc:"TLS towards Redis; any of its settings turns it on, as does a URL of rediss. It holds for Sentinels, too."`
}

// TLSConfig is TLS towards Redis.
type TLSConfig struct {
	Required   bool   `json:"required" default:"false" doc:"Use TLS with the system's authorities."`
	CAFile     string `json:"ca_file" maxlen:"4096" doc:"PEM file of the authorities that may sign the server's certificate, instead of the system's."`
	CertFile   string `json:"cert_file" maxlen:"4096" doc:"PEM file of the client certificate, together with key_file."`
	KeyFile    string `json:"key_file" maxlen:"4096" doc:"PEM file of the client certificate's key."`
	ServerName string `json:"server_name" format:"domain" maxlen:"253" doc:"Name that the server's certificate must have, where it is not the host's."`
}

// KongChecks are the rules between fields.
func (TLSConfig) KongChecks() []config.EntityCheck {
	return []config.EntityCheck{{MutuallyRequired: []string{"cert_file", "key_file"}}}
}

// ErrConfig means that a configuration cannot be used. Each line of the error
// starts with the path of a field.
var ErrConfig = errors.New("cannot be used")

// Enabled reports whether c limits anything.
func (c *Config) Enabled() bool { return len(c.Limits) > 0 }

// Validate reports what the tags cannot say, each fault after the path of its
// field.
func (c *Config) Validate() error {
	_, err := c.rules()
	if c.Group != "" && !plain(c.Group) {
		err = errors.Join(err, fmt.Errorf("group: %w: only lower case letters, digits, - and _ are possible", ErrConfig))
	}
	if c.Store != StoreRedis {
		return err
	}
	if c.Redis.Prefix != "" && !plain(c.Redis.Prefix) {
		err = errors.Join(err, fmt.Errorf("redis.prefix: %w: only lower case letters, digits, - and _ are possible", ErrConfig))
	}
	_, rerr := c.Redis.check()
	return errors.Join(err, rerr)
}

func (c *Config) usable() error {
	err := c.Validate()
	if !c.Enabled() {
		err = errors.Join(err, fmt.Errorf("limits: %w: without limits nothing is limited", ErrConfig))
	}
	return err
}

// Check reports everything that keeps New from making a stage of c. It reads the files of
// TLS and dials nothing.
func (c *Config) Check() error {
	err := c.usable()
	if err == nil && c.Store == StoreRedis {
		_, err = c.Redis.options()
	}
	return err
}

// plain reports whether text can stand in a key without an escape.
func plain(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_'
	})
}

// maxRate keeps ten periods of a rate, and a burst, within every counter.
const maxRate = 1_000_000_000

// parseRate reads 50-S, 1000-M, 20000-H or 100000-D.
func parseRate(text string) (limiter.Rate, error) {
	r, err := limiter.NewRateFromFormatted(text)
	bad := err != nil || r.Limit < 1 || r.Limit > maxRate || text[0] == '+' || text[0] == '0' // the library takes +5-S and 05-S
	if bad {
		return limiter.Rate{}, fmt.Errorf("%w: it must be a number from 1 to %d and -S, -M, -H or -D", ErrConfig, maxRate)
	}
	return r, nil
}

func (c *Config) rules() ([]rule, error) {
	var all []rule
	var faults []error
	fault := func(i int, field string, err error) {
		faults = append(faults, fmt.Errorf("limits[%d].%s: %w", i, field, err))
	}
	type window struct {
		by     string
		period time.Duration
	}
	seen := map[window]int{}
	for i, l := range c.Limits {
		rate, err := parseRate(l.Rate)
		if err != nil {
			fault(i, "rate", err)
		}
		r := rule{rate: rate, burst: int64(l.Burst)}
		if r.by, r.header, err = parseBy(l.By); err != nil {
			fault(i, "by", err)
		}
		if err == nil && int64(l.Burst) > 9*rate.Limit && rate.Limit > 0 {
			fault(i, "burst", fmt.Errorf("%w: more than nine times the rate", ErrConfig))
		}
		// Windows of one key and period would be one count with two limits.
		id := window{l.By, rate.Period}
		if first, double := seen[id]; double {
			fault(i, "rate", fmt.Errorf("%w: limits[%d] is by the same over the same period", ErrConfig, first))
		}
		seen[id] = i
		all = append(all, r)
	}
	return all, errors.Join(faults...)
}

// longPeriods is how many periods of a rate bound its bursts.
const longPeriods = 10

// windows are the counts of one value: with a burst a short one with room for it, and a
// long one that bounds the average.
func (r *rule) windows() []limiter.Rate {
	if r.burst == 0 {
		return []limiter.Rate{r.rate}
	}
	return []limiter.Rate{
		{Period: r.rate.Period, Limit: r.rate.Limit + r.burst},
		{Period: longPeriods * r.rate.Period, Limit: longPeriods * r.rate.Limit},
	}
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }

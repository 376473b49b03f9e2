package ratelimit

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/redis/go-redis/v9"
)

// takeScript counts one delivery in all windows KEYS, and takes it back if one is over: one
// command a window for those that pass. ARGV has limit and period in milliseconds of each. It
// returns 1, or else the counts and the milliseconds until each window ends; a window without
// an end gets one.
const takeScript = `
local over = false
for i, key in ipairs(KEYS) do
  local c = redis.call('INCR', key)
  if c == 1 then redis.call('PEXPIRE', key, ARGV[2 * i]) end
  if c > tonumber(ARGV[2 * i - 1]) then over = true end
end
if not over then return 1 end
local answer = {}
for i, key in ipairs(KEYS) do
  local left = redis.call('PTTL', key)
  if left < 0 then
    left = tonumber(ARGV[2 * i])
    redis.call('PEXPIRE', key, left)
  end
  local c = redis.call('DECR', key)
  if c == 0 then redis.call('DEL', key) end
  answer[i], answer[#KEYS + i] = c, left
end
return answer`

// shared counts in Redis, all windows of a delivery in one round trip and cluster slot.
type shared struct {
	client  redis.UniversalClient
	takes   *redis.Script
	timeout time.Duration
}

func newShared(o *redis.UniversalOptions, timeout time.Duration) *shared {
	return &shared{client: redis.NewUniversalClient(o), timeout: timeout, takes: redis.NewScript(takeScript)}
}

// take implements store. It returns within the time-out.
func (r *shared) take(ctx context.Context, windows []window, dst []count) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	keys := make([]string, len(windows))
	args := make([]any, 0, 2*len(windows))
	for i := range windows {
		keys[i] = windows[i].key
		args = append(args, windows[i].rate.Limit, windows[i].rate.Period.Milliseconds())
	}
	answer, err := r.takes.Run(ctx, r.client, keys, args...).Result()
	if err != nil {
		return -1, fmt.Errorf("%w: %w", ErrStore, err)
	}
	if answer == int64(1) {
		return -1, nil
	}
	numbers, _ := answer.([]any)
	if err := counts(numbers, dst[:len(windows)]); err != nil {
		return -1, err
	}
	return latest(windows, dst[:len(windows)]), nil
}

// counts reads counts and the milliseconds until their windows end.
func counts(numbers []any, dst []count) error {
	if len(numbers) != 2*len(dst) {
		return fmt.Errorf("%w: an answer of %d numbers", ErrStore, len(numbers))
	}
	for i := range dst {
		n, counted := numbers[i].(int64)
		left, ends := numbers[len(dst)+i].(int64)
		if !counted || !ends {
			return fmt.Errorf("%w: an answer that is not a number", ErrStore)
		}
		dst[i] = count{n: n, reset: time.Duration(left) * time.Millisecond}
	}
	return nil
}

var _ store = (*shared)(nil)

// options maps c to those of the client. It reads the files of TLS.
func (c *RedisConfig) options() (*redis.UniversalOptions, error) {
	o, err := c.check()
	if err != nil {
		return nil, err
	}
	t, err := c.TLS.config()
	if t != nil {
		o.TLSConfig = t
	}
	return o, err
}

// Time asks Redis for the time, as a sign that it answers and takes who asks. Errors never
// repeat the URL.
func (c *RedisConfig) Time(ctx context.Context) (time.Time, error) {
	o, err := c.options()
	if err != nil {
		return time.Time{}, err
	}
	client := redis.NewUniversalClient(o)
	defer client.Close() //nolint:errcheck // nothing was written
	return client.Time(ctx).Result()
}

// check maps c to the client's options, without TLS files. Errors never repeat the URL.
func (c *RedisConfig) check() (*redis.UniversalOptions, error) {
	bad := func(field, what string) error { return fmt.Errorf("redis.%s: %w: %s", field, ErrConfig, what) }
	timeout := time.Duration(c.TimeoutMS) * time.Millisecond
	o := &redis.UniversalOptions{
		Addrs: c.Addresses, MasterName: c.SentinelMaster, IsClusterMode: c.Cluster, DB: c.DB,
		Username: c.Username, Password: c.Password.Reveal(), SentinelPassword: c.SentinelPassword.Reveal(),
		// A delivery waits for one try and no longer; the circuit breaker decides about the next.
		MaxRetries: -1, DialerRetries: 1, DialTimeout: timeout, ReadTimeout: timeout, WriteTimeout: timeout, PoolTimeout: timeout,
		ContextTimeoutEnabled: true, PoolSize: c.PoolSize, DisableIdentity: true, ReadBufferSize: 4 << 10, WriteBufferSize: 4 << 10,
		PipelinePoolSize: -1,
	}
	switch {
	case c.URL.IsZero() == (len(c.Addresses) == 0):
		return nil, bad("url", "one of url and addresses must be set")
	case !c.URL.IsZero() && (c.Cluster || c.SentinelMaster != ""):
		return nil, bad("url", "Sentinel and Cluster take addresses instead")
	case c.Cluster && (c.SentinelMaster != "" || c.DB != 0):
		return nil, bad("cluster", "a cluster has neither Sentinels nor databases")
	}
	for i, addr := range c.Addresses {
		if host, port, err := net.SplitHostPort(addr); err != nil || host == "" || port == "" {
			return nil, bad(fmt.Sprintf("addresses[%d]", i), "it must be host:port")
		}
	}
	if !c.URL.IsZero() {
		if err := c.fromURL(o); err != nil {
			return nil, bad("url", "it must be redis://user:password@host:port/db, or rediss:// for TLS")
		}
	}
	return o, nil
}

// fromURL takes what c.URL says over what o has.
func (c *RedisConfig) fromURL(o *redis.UniversalOptions) error {
	u, err := redis.ParseURL(c.URL.Reveal())
	if err != nil || u.Network != "tcp" {
		return errors.Join(ErrConfig, err)
	}
	o.Addrs = []string{u.Addr}
	if u.Username != "" {
		o.Username = u.Username
	}
	if u.Password != "" {
		o.Password = u.Password
	}
	if u.DB != 0 {
		o.DB = u.DB
	}
	o.TLSConfig = u.TLSConfig
	return nil
}

// config returns nil where none of t's settings is made.
func (t *TLSConfig) config() (*tls.Config, error) {
	if *t == (TLSConfig{}) {
		return nil, nil
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: t.ServerName}
	if t.CAFile != "" {
		pem, err := os.ReadFile(t.CAFile)
		if err != nil {
			return nil, fmt.Errorf("redis.tls.ca_file: %w", err)
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("redis.tls.ca_file: %w: no certificate in it", ErrConfig)
		}
	}
	if t.CertFile != "" {
		cert, err := tls.LoadX509KeyPair(t.CertFile, t.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("redis.tls.cert_file: %w", err)
		}
		c.Certificates = []tls.Certificate{cert}
	}
	return c, nil
}

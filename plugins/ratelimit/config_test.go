package ratelimit

import (
	"crypto/tls"
	"fmt"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/config"
)

func TestNew_namesEveryFault(t *testing.T) {
	redis := func(c RedisConfig) Config {
		cfg := limits("1-S", "route")
		cfg.Store, cfg.Redis = StoreRedis, c
		return cfg
	}
	const secret = "s3cret-of-redis"
	tests := map[string]struct {
		cfg  Config
		want []string
	}{
		"no limits":                  {Config{}, []string{"limits: "}},
		"rates":                      {limits("0-S", "route", "5-W", "provider", "x", "tenant", "5", "client_ip", "-5-S", "client_net", "+5-S", "event_type"), []string{"limits[0].rate", "limits[1].rate", "limits[2].rate", "limits[3].rate", "limits[4].rate", "limits[5].rate"}},
		"a rate out of range":        {limits("1000000001-D", "route", "99999999999999999999-D", "tenant"), []string{"limits[0].rate", "limits[1].rate"}},
		"what cannot be counted by":  {limits("5-S", "country", "5-S", "header:", "5-S", "header:a b"), []string{"limits[0].by", "limits[1].by", "limits[2].by"}},
		"two limits of one count":    {limits("5-S", "route", "9-S", "route"), []string{"limits[1].rate"}},
		"a burst without an end":     {Config{Limits: []LimitConfig{{Rate: "5-S", By: "route", Burst: 46}}}, []string{"limits[0].burst"}},
		"a group that opens a slot":  {Config{Group: "a}b", Limits: limits("5-S", "route").Limits}, []string{"group: "}},
		"no server":                  {redis(RedisConfig{}), []string{"redis.url: "}},
		"two ways to a server":       {redis(RedisConfig{URL: config.NewSecret("redis://h:1"), Addresses: []string{"h:1"}}), []string{"redis.url: "}},
		"a URL of another kind":      {redis(RedisConfig{URL: config.NewSecret("http://u:" + secret + "@h:1")}), []string{"redis.url: "}},
		"a malformed URL":            {redis(RedisConfig{URL: config.NewSecret("redis://u:" + secret + "@h:1:2/%zz")}), []string{"redis.url: "}},
		"an address without a port":  {redis(RedisConfig{Addresses: []string{"h:1", "h"}}), []string{"redis.addresses[1]: "}},
		"a cluster with a database":  {redis(RedisConfig{Addresses: []string{"h:1"}, Cluster: true, DB: 2}), []string{"redis.cluster: "}},
		"a cluster behind Sentinels": {redis(RedisConfig{Addresses: []string{"h:1"}, Cluster: true, SentinelMaster: "m"}), []string{"redis.cluster: "}},
		"Sentinels by URL":           {redis(RedisConfig{URL: config.NewSecret("redis://h:1"), SentinelMaster: "m"}), []string{"redis.url: "}},
		"a Sentinel without a port":  {redis(RedisConfig{URL: config.NewSecret("redis+sentinel://u:" + secret + "@h?master_name=m")}), []string{"redis.url: "}},
		"no Sentinel":                {redis(RedisConfig{URL: config.NewSecret("redis+sentinel://:1?master_name=m")}), []string{"redis.url: "}},
		"no master":                  {redis(RedisConfig{URL: config.NewSecret("redis+sentinel://u:" + secret + "@h:1")}), []string{"redis.url: "}},
		"two masters":                {redis(RedisConfig{URL: config.NewSecret("redis+sentinel://h:1?master_name=m&master_name=n")}), []string{"redis.url: "}},
		"a Sentinel that is none":    {redis(RedisConfig{URL: config.NewSecret("redis+sentinel://h:1?master_name=m&addr=h")}), []string{"redis.url: "}},
		"a negative database":        {redis(RedisConfig{URL: config.NewSecret("redis+sentinel://h:1/-1?master_name=m")}), []string{"redis.url: "}},
		"no look at certificates":    {redis(RedisConfig{URL: config.NewSecret("rediss+sentinel://h:1?master_name=m&skip_verify=true")}), []string{"redis.url: "}},
		"counts of a replica":        {redis(RedisConfig{URL: config.NewSecret("redis+sentinel://h:1?master_name=m&replica_only=true")}), []string{"redis.url: "}},
		"a wait without a bound":     {redis(RedisConfig{URL: config.NewSecret("redis+sentinel://h:1?master_name=m&read_timeout=-1")}), []string{"redis.url: "}},
		"too many Sentinels":         {redis(RedisConfig{URL: config.NewSecret("redis+sentinel://h:1?master_name=m" + strings.Repeat("&addr=h:1", 16))}), []string{"redis.url: "}},
		"two names of a master":      {redis(RedisConfig{URL: config.NewSecret("redis+sentinel://h:1?master_name=m"), SentinelMaster: "m"}), []string{"redis.url: "}},
		"authorities that are gone":  {redis(RedisConfig{Addresses: []string{"h:1"}, TLS: TLSConfig{CAFile: "/nowhere"}}), []string{"redis.tls.ca_file: "}},
		"a prefix that opens a slot": {redis(RedisConfig{Addresses: []string{"h:1"}, Prefix: "{}"}), []string{"redis.prefix: "}},
		"a certificate that is gone": {redis(RedisConfig{Addresses: []string{"h:1"}, TLS: TLSConfig{CertFile: "/nowhere", KeyFile: "/nowhere"}}), []string{"redis.tls.cert_file: "}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := New("github", tc.cfg, newKit(t).stores)
			if err == nil {
				t.Fatal("accepted")
			}
			for _, want := range tc.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in %v", want, err)
				}
			}
			if strings.Contains(err.Error(), secret) {
				t.Errorf("the password is in %v", err)
			}
		})
	}
}

// TestRedis_sentinelURL holds what a URL becomes against the same in single settings.
func TestRedis_sentinelURL(t *testing.T) {
	read := func(c RedisConfig) any {
		t.Helper()
		c.TimeoutMS, c.PoolSize = 50, 2
		o, err := c.options()
		if err != nil {
			t.Fatal(err)
		}
		if encrypted := o.TLSConfig != nil; encrypted && (o.TLSConfig.ServerName != "" || o.TLSConfig.InsecureSkipVerify || o.TLSConfig.MinVersion != tls.VersionTLS12) {
			t.Errorf("servers of several names are checked with %+v", o.TLSConfig)
		}
		return []any{o.Addrs, o.MasterName, o.DB, o.Username, o.Password, o.SentinelUsername, o.SentinelPassword, o.TLSConfig != nil, o.MaxRetries, o.ReadTimeout, o.PoolSize}
	}
	single := RedisConfig{
		Addresses: []string{"a:1", "b:2"}, SentinelMaster: "edge", DB: 3, Username: "limits", Password: config.NewSecret("p@ss"),
		SentinelUsername: "watcher", SentinelPassword: config.NewSecret("other"), TLS: TLSConfig{Required: true},
	}
	url := RedisConfig{
		URL:              config.NewSecret("rediss+sentinel://limits:p%40ss@a:1/3?master_name=edge&addr=b:2"),
		SentinelUsername: "watcher", SentinelPassword: config.NewSecret("other"),
	}
	if diff := gocmp.Diff(read(single), read(url)); diff != "" {
		t.Error(diff)
	}
	single.TLS = TLSConfig{}
	url.URL, url.Username, url.Password, url.DB = config.NewSecret("redis+sentinel://a:1?master_name=edge&addr=b:2"), single.Username, single.Password, single.DB
	if diff := gocmp.Diff(read(single), read(url)); diff != "" {
		t.Errorf("what the URL does not name: %s", diff)
	}
}

func TestConfig_defaultsAreValid(t *testing.T) {
	if _, err := config.JSONSchema("", "", Config{}); err != nil {
		t.Error(err)
	}
	var cfg Config
	if err := config.Decode([]byte(`{"limits":[{"rate":"50-S","by":"client_ip"}]}`), &cfg); err != nil {
		t.Fatal(err)
	}
	if cfg.Mode != ModeEnforce || cfg.Store != StoreMemory || cfg.OnStoreError != OnErrorLocal || cfg.Redis.TimeoutMS != 50 || cfg.Redis.Prefix != "webhook-edge" {
		t.Errorf("got %+v", cfg)
	}
}

func TestKeys_differForDifferentValues(t *testing.T) {
	seen := map[string]string{}
	for _, value := range []string{"", "a", "A", "a:b", "a}b", "{a}", strings.Repeat("x", 64), strings.Repeat("x", 65), strings.Repeat("x", 66), "~", "\xff", " "} {
		key := safe(value)
		if other, double := seen[key]; double {
			t.Errorf("%q and %q are both %q", value, other, key)
		}
		if len(key) > 64 || strings.ContainsAny(key, "{}: \n") {
			t.Errorf("%q became %q", value, key)
		}
		seen[key] = value
	}
}

func FuzzRate(f *testing.F) {
	for _, text := range []string{"50-S", "1000-m", "0-S", "5-W", "-", "5-S-S", "+5-S", "9223372036854775807-D", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := parseRate(text)
		if err != nil {
			return
		}
		if r.Limit < 1 || r.Limit > maxRate || r.Period < time.Second || r.Period > 24*time.Hour {
			t.Fatalf("%q became %+v", text, r)
		}
		if again, err := parseRate(fmt.Sprintf("%d-%s", r.Limit, strings.ToUpper(text[len(text)-1:]))); err != nil || again.Limit != r.Limit || again.Period != r.Period {
			t.Fatalf("%q reads back as %+v, %v", text, again, err)
		}
	})
}

func FuzzBy(f *testing.F) {
	for _, text := range []string{"client_ip", "header:x-a", "header:", "tenant", "HEADER:x"} {
		f.Add(text, "value")
	}
	f.Fuzz(func(t *testing.T, text, value string) {
		b, name, err := parseBy(text)
		if err != nil {
			return
		}
		if b >= byCount || (b == byHeader) != (name != "") || !plain(name) {
			t.Fatalf("%q became %v, %q", text, b, name)
		}
		if key := safe(value); len(key) > 64 || strings.ContainsAny(key, "{}:") {
			t.Fatalf("%q became %q", value, key)
		}
	})
}

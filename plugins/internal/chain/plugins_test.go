package chain

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/provider/catalogue"
)

func TestConfig_ofEveryPluginIsSound(t *testing.T) {
	for _, p := range Plugins() {
		if _, err := config.JSONSchema("", "", p.Config); err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
	}
}

// lines is a log that is read while connections still write to it.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// opened is what the plugins share, with a log.
func opened(t testing.TB) (p *Process, log *lines) {
	t.Helper()
	log = &lines{}
	logger := telemetry.NewLogger(log, slog.LevelDebug)
	metrics, err := telemetry.NewMetrics("test", catalogue.Names(), Stages())
	if err != nil {
		t.Fatal(err)
	}
	p, err = Open(pluginserver.Env{Logger: logger, Metrics: metrics, Checks: telemetry.NewServer(metrics, logger), Now: time.Now}, "test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p, log
}

// builder builds handlers of a plugin, and shows them in the log.
func builder(t *testing.T, plugin string) (build func(string) error, log *lines) {
	t.Helper()
	process, log := opened(t)
	return func(config string) error {
		h, err := process.Build(plugin, []byte(config))
		if err != nil {
			return err
		}
		h.Close()
		process.shared.Env.Logger.Info("handler", "value", fmt.Sprintf("%+v %#v", h, h))
		return nil
	}, log
}

// sample is a config of a plugin, with %[1]s where a secret can stand and %[2]s where more
// settings can, and the stages of its chain.
type sample struct{ config, stages string }

// with is the config with that secret.
func (s sample) with(secret, more string) string {
	return strings.NewReplacer("%[1]s", secret, "%[2]s", more).Replace(s.config)
}

// samples are one of each plugin; a plugin has secrets if its sample has one.
func samples() map[string]sample {
	const verify = `"secrets":[{"value":"%[1]s"}]`
	const publish = `"servers":["nats://127.0.0.1:1"],"username":"u","password":"%[1]s"`
	return map[string]sample{
		"webhook-edge":      {`{"provider":"github","verify":{` + verify + `},"publish":{` + publish + `},"ratelimit":{"limits":[{"rate":"10-S","by":"route"}],"store":"redis","redis":{"url":"redis://u:%[1]s@127.0.0.1:1/0"}}%[2]s}`, "ratelimit body verify normalize publish"},
		"webhook-ipallow":   {`{"provider":"github","allow":["192.0.2.1"]%[2]s}`, "ipallow"},
		"webhook-ratelimit": {`{"provider":"github","limits":[{"rate":"10-S","by":"route"}],"store":"redis","redis":{"addresses":["127.0.0.1:1"],"username":"u","password":"%[1]s"}%[2]s}`, "ratelimit"},
		"webhook-verify":    {`{"provider":"github",` + verify + `%[2]s}`, "body verify"},
		"webhook-policy":    {`{"provider":"github","directory":"../../../policies","redact_key":"%[1]s"%[2]s}`, "body normalize policy"},
		"webhook-publish":   {`{"provider":"github",` + publish + `%[2]s}`, "body normalize publish"},
	}
}

func TestSamples_areOfEveryPlugin(t *testing.T) {
	for _, p := range Plugins() {
		if _, ok := samples()[p.Name]; !ok {
			t.Errorf("%s has no sample", p.Name)
		}
	}
}

func TestConfig_showsNoSecret(t *testing.T) {
	const secret = "s3cret-that-nobody-must-see"
	for _, p := range Plugins() {
		for name, spoil := range map[string]struct {
			value, more string
			broken      bool
		}{
			"good":                       {secret, "", false},
			"an unknown key beside it":   {secret, `,"secret":"` + secret + `"`, true},
			"a blank at the end":         {secret + " ", `,"deadline_ms":1`, true},
			"a setting out of its range": {secret, `,"max_body_bytes":"` + secret + `"`, true},
		} {
			t.Run(p.Name+"/"+name, func(t *testing.T) {
				build, log := builder(t, p.Name)
				err := build(samples()[p.Name].with(spoil.value, spoil.more))
				if (err != nil) != spoil.broken {
					t.Fatalf("got %v", err)
				}
				if strings.Contains(fmt.Sprint(err)+log.String(), secret) {
					t.Errorf("the secret is in the error or the log:\n%v\n%s", err, log)
				}
			})
		}
	}
}

func TestConfig_unresolvedReferenceIsAFault(t *testing.T) {
	tests := map[string]struct{ plugin, config, want string }{
		"the provider's secret": {
			"webhook-edge", `{"provider":"github","verify":{"secrets":[{"value":"","$refs":{"value":"{vault://env/gone}"}}]}}`,
			"verify.secrets[0].value",
		},
		"NATS's password": {
			"webhook-edge", `{"provider":"github","verify":{"secrets":[{"value":"long-enough-secret"}]},"publish":{"username":"u","password":"","$refs":{"password":"{vault://env/gone}"}}}`,
			"publish.password",
		},
		"the URL of Redis": {
			"webhook-ratelimit", `{"provider":"github","limits":[{"rate":"10-S","by":"route"}],"store":"redis","redis":{"url":"","$refs":{"url":"{vault://env/gone}"}}}`,
			"redis.url",
		},
		"NATS's token": {
			"webhook-publish", `{"provider":"github","token":"","$refs":{"token":"{vault://env/gone}"}}`,
			"token",
		},
		"NATS's address": {
			"webhook-publish", `{"provider":"github","servers":[""],"$refs":{"servers":["{vault://env/gone}"]}}`,
			"servers[0]",
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			build, _ := builder(t, tc.plugin)
			if err := build(tc.config); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want a fault of %s", err, tc.want)
			}
		})
	}
}

func TestConfig_faultNamesItsFieldOnOneLine(t *testing.T) {
	tests := map[string]struct{ plugin, config, want string }{
		"a key that is none":   {"webhook-edge", `{"provider":"discord","verify":{"secrets":[{"value":"nothing-hexadecimal-at-all"}]}}`, "verify.secrets[0]: "},
		"a secret too short":   {"webhook-verify", `{"provider":"stripe","secrets":[{"value":"short"}]}`, "secrets[0]: "},
		"an unknown scheme":    {"webhook-edge", `{"provider":"github","verify":{"scheme":"md5","secrets":[{"value":"long-enough-secret"}]}}`, "verify.scheme: "},
		"a setting is missing": {"webhook-edge", `{"provider":"aws-sns","verify":{"secrets":[]}}`, "verify.settings: "},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			build, _ := builder(t, tc.plugin)
			if err := build(tc.config); err == nil || !strings.HasPrefix(err.Error(), tc.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want %s", err, tc.want)
			}
		})
	}
}

// TestConfig_ofASinglePluginReadsItsSender refuses senders whose payload a plugin behind
// webhook-verify never sees, unless nothing needs to be verified.
func TestConfig_ofASinglePluginReadsItsSender(t *testing.T) {
	tests := map[string]struct {
		plugin, config string
		refused        bool
	}{
		"one that always encrypts":                {"webhook-publish", `{"provider":"wecom","servers":["nats://127.0.0.1:1"],"stream":{"name":"W"}}`, true},
		"one that nobody verifies":                {"webhook-publish", `{"provider":"wecom","servers":["nats://127.0.0.1:1"],"stream":{"name":"W"},"require_verified":false}`, false},
		"one whose other scheme does not encrypt": {"webhook-publish", `{"provider":"lark","servers":["nats://127.0.0.1:1"],"stream":{"name":"W"}}`, false},
		"one before a policy":                     {"webhook-policy", `{"provider":"wecom","directory":"policies"}`, true},
		"one that is whole":                       {"webhook-policy", `{"provider":"github","directory":"policies"}`, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Decode(tc.plugin, []byte(tc.config))
			if got := errors.Is(err, normalize.ErrSealed); got != tc.refused || got && !strings.Contains(err.Error(), "provider: ") {
				t.Errorf("error %v", err)
			}
		})
	}
}

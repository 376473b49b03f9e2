package policy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/open-policy-agent/opa/v1/plugins"
	"github.com/open-policy-agent/opa/v1/plugins/logs"
)

const (
	// sinkName is the name of the sink in an OPA configuration.
	sinkName       = "webhook_nats"
	defaultSubject = "webhooks-policy.decisions"
	// connectTimeout bounds the wait for a connection. No delivery waits.
	connectTimeout = time.Second
)

// What is wrong with a sink.
var (
	ErrSink   = errors.New("plugins." + sinkName + " cannot be used")
	ErrNoNATS = errors.New("there is no connection to NATS: only webhook-edge has one")
)

// broker is the connection to NATS of one stage.
type broker struct {
	servers string // tells clusters apart
	client  func(context.Context) (jetstream.JetStream, error)
}

func (b *broker) publish(ctx context.Context, subject string, text []byte) error {
	if b == nil {
		return ErrNoNATS
	}
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	js, err := b.client(ctx)
	if err != nil {
		return err
	}
	return js.Conn().Publish(subject, text)
}

// sink is a plugin of OPA that publishes decision logs, masked and filtered, to a subject
// of NATS, for a stream or for subscribers.
type sink struct {
	source  *source
	manager *plugins.Manager
	subject atomic.Pointer[string]
}

type sinkFactory struct{ source *source }

type sinkConfig struct {
	Subject string `json:"subject"`
}

// Validate implements plugins.Factory.
func (f sinkFactory) Validate(_ *plugins.Manager, raw []byte) (any, error) {
	cfg := sinkConfig{Subject: defaultSubject}
	if len(bytes.TrimSpace(raw)) > 0 {
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&cfg); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrSink, err)
		}
	}
	if cfg.Subject == "" || strings.ContainsAny(cfg.Subject, " \t\r\n*>") || strings.Contains("."+cfg.Subject+".", "..") || strings.HasPrefix(cfg.Subject, "$") {
		return nil, fmt.Errorf("%w: subject cannot be published to", ErrSink)
	}
	if f.source.broker() == nil {
		return nil, fmt.Errorf("%w: %w", ErrSink, ErrNoNATS)
	}
	return &cfg, nil
}

// New implements plugins.Factory.
func (f sinkFactory) New(m *plugins.Manager, config any) plugins.Plugin {
	cfg, _ := config.(*sinkConfig) // what Validate returned
	m.UpdatePluginStatus(sinkName, &plugins.Status{State: plugins.StateNotReady})
	s := &sink{source: f.source, manager: m}
	s.subject.Store(&cfg.Subject)
	return s
}

// Start implements plugins.Plugin. The stages have connected already.
func (s *sink) Start(context.Context) error {
	s.manager.UpdatePluginStatus(sinkName, &plugins.Status{State: plugins.StateOK})
	return nil
}

// Stop implements plugins.Plugin.
func (s *sink) Stop(context.Context) {
	s.manager.UpdatePluginStatus(sinkName, &plugins.Status{State: plugins.StateNotReady})
}

// Reconfigure implements plugins.Plugin, for discovery.
func (s *sink) Reconfigure(_ context.Context, config any) {
	if cfg, ok := config.(*sinkConfig); ok {
		s.subject.Store(&cfg.Subject)
	}
}

// Log implements logs.Logger.
func (s *sink) Log(ctx context.Context, e logs.EventV1) error {
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return s.source.broker().publish(ctx, *s.subject.Load(), text)
}

// broker is that of one of the stages that use the source, nil for none.
func (s *source) broker() *broker {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.brokers); n > 0 {
		return s.brokers[n-1]
	}
	return nil
}

var (
	_ plugins.Factory = sinkFactory{}
	_ logs.Logger     = (*sink)(nil)
)

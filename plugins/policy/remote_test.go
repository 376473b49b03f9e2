package policy_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/bundle"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/policy"
)

// packed is a bundle with a policy, signed where a key is given.
func packed(t *testing.T, rules, revision, key string, more map[string]string) []byte {
	t.Helper()
	b := bundle.Bundle{Manifest: bundle.Manifest{Revision: revision, Roots: &[]string{"webhook", "system", "opa"}}, Data: map[string]any{}}
	add := func(path, text string) {
		m, err := ast.ParseModule(path, text)
		if err != nil {
			t.Fatal(err)
		}
		b.Modules = append(b.Modules, bundle.ModuleFile{URL: path, Path: path, Raw: []byte(text), Parsed: m})
	}
	add("/webhook/main/main.rego", head+rules)
	for path, text := range more {
		add(path, text)
	}
	if key != "" {
		if err := b.GenerateSignature(bundle.NewSigningConfig(key, "HS256", ""), "edge", false); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := bundle.NewWriter(&out).Write(b); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// bundles is a server of bundles whose answer can be changed, which also takes
// decision logs.
type bundles struct {
	*httptest.Server

	mu     sync.Mutex
	answer func(http.ResponseWriter, *http.Request)
	logged []map[string]any
}

func serve(t *testing.T) *bundles {
	t.Helper()
	b := &bundles{}
	b.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/logs") {
			b.take(t, r)
			return
		}
		b.mu.Lock()
		answer := b.answer
		b.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(b.Close)
	return b
}

func (b *bundles) take(t *testing.T, r *http.Request) {
	z, err := gzip.NewReader(r.Body)
	if err != nil {
		t.Error(err)
		return
	}
	var events []map[string]any
	if err := json.NewDecoder(z).Decode(&events); err != nil && !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.logged = append(b.logged, events...)
}

func (b *bundles) set(answer func(http.ResponseWriter, *http.Request)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answer = answer
}

func (b *bundles) give(raw []byte) {
	b.set(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(raw) }) // a client that is gone asks again
}

// opa writes a configuration of OPA and returns its path.
func (b *bundles) opa(t *testing.T, more string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "opa.yaml")
	text := fmt.Sprintf(`services:
  - name: edge
    url: %s
    response_header_timeout_seconds: 1
bundles:
  edge:
    service: edge
    resource: bundle.tar.gz
    polling: {min_delay_seconds: 1, max_delay_seconds: 1}
%s`, b.URL, more)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func tenantOf(t *testing.T, s *policy.Stage) func() string {
	return func() string {
		d := delivery(push())
		if err := s.Handle(t.Context(), d); err != nil {
			return err.Error()
		}
		return d.Event().Tenant
	}
}

func says(tenant string) string {
	return "decision := {\"allow\": true, \"tenant\": \"" + tenant + "\"}\n"
}

func TestBundles_lastGoodOneGoesOn(t *testing.T) {
	k, b := newKit(t), serve(t)
	b.set(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	s := k.stage(t, map[string]any{"opa_config": b.opa(t, ""), "max_stale_seconds": 60})
	tenant := tenantOf(t, s)
	var reject *pipeline.Reject
	if err := s.Handle(t.Context(), delivery(push())); !errors.Is(err, policy.ErrNone) || !errors.As(err, &reject) || reject.Code != pipeline.PolicyUnavailable {
		t.Fatalf("before there was a bundle: %v", err)
	}
	b.give(packed(t, says("one"), "r1", "", nil))
	eventually(t, "the first bundle", func() bool { return tenant() == "one" })
	b.give(packed(t, says("two"), "r2", "", nil))
	eventually(t, "the second bundle", func() bool { return tenant() == "two" })

	for name, spoil := range map[string]func(){
		"garbage": func() { b.give([]byte("no bundle at all")) },
		"an error of the server": func() {
			b.set(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
		},
		"a slow server":          func() { b.set(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }) },
		"Rego that does not fit": func() { b.give(packed(t, "decision := {\"allow\": true, \"tenant\": input.evnt.x}\n", "r3", "", nil)) },
	} {
		spoil()
		eventually(t, name, func() bool { return gauge(t, k, "webhook_edge_policy_stale_seconds") > 0 || advance(k) })
		if got := tenant(); got != "two" && !strings.Contains(got, policy.ErrStale.Error()) {
			t.Errorf("%s: %s", name, got)
		}
		k.clock.add(2 * time.Minute)
		if got := tenant(); !strings.Contains(got, policy.ErrStale.Error()) {
			t.Errorf("%s, two minutes later: %s", name, got)
		}
		b.give(packed(t, says("two"), "again after "+name, "", nil))
		eventually(t, "the repair after "+name, func() bool { return tenant() == "two" })
	}
}

// advance lets a second pass, so that what is stale shows.
func advance(k *kit) bool {
	k.clock.add(time.Second)
	return false
}

func TestBundles_wrongSignatureIsNotUsed(t *testing.T) {
	k, b := newKit(t), serve(t)
	b.give(packed(t, says("forged"), "r1", "another-key-of-enough-bytes-for-hs256", nil))
	const keys = `keys:
  edge: {algorithm: HS256, key: the-right-key-of-enough-bytes-for-hs256}
`
	config := b.opa(t, keys)
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	signed := strings.Replace(string(text), "    resource: bundle.tar.gz\n", "    resource: bundle.tar.gz\n    signing: {keyid: edge}\n", 1)
	if err := os.WriteFile(config, []byte(signed), 0o600); err != nil {
		t.Fatal(err)
	}
	s := k.stage(t, map[string]any{"opa_config": config})
	tenant := tenantOf(t, s)
	eventually(t, "the fault in the log", func() bool {
		return strings.Contains(k.log.String(), "policy cannot be loaded: deliveries are refused")
	})
	if got := tenant(); !strings.Contains(got, policy.ErrNone.Error()) {
		t.Errorf("with a forged bundle: %s", got)
	}
	b.give(packed(t, says("signed"), "r2", "the-right-key-of-enough-bytes-for-hs256", nil))
	eventually(t, "a bundle of the right key", func() bool { return tenant() == "signed" })
}

func TestDecisionLog_isMasked(t *testing.T) {
	k, b := newKit(t), serve(t)
	b.give(packed(t, "decision := {\"allow\": true, \"tenant\": input.data.pusher.name, \"rule\": \"named\"}\n", "r7", "",
		map[string]string{"/system/log/mask.rego": "package system.log\n\nmask contains \"/input/data/pusher/name\"\n"}))
	s := k.stage(t, map[string]any{"opa_config": b.opa(t, "decision_logs:\n  service: edge\n  reporting: {min_delay_seconds: 1, max_delay_seconds: 1}\n")})
	eventually(t, "the policy", func() bool { return tenantOf(t, s)() == "mona" })
	var found map[string]any
	eventually(t, "a decision in the log", func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		if len(b.logged) > 0 {
			found = b.logged[0]
		}
		return found != nil
	})
	if found["path"] != "webhook/main/decision" || fmt.Sprint(found["erased"]) != "[/input/data/pusher/name]" || fmt.Sprint(found["bundles"]) != "map[edge:map[revision:r7]]" {
		t.Errorf("logged: %v", found)
	}
	if input, _ := found["input"].(map[string]any); strings.Contains(fmt.Sprint(input), "mona") {
		t.Errorf("the masked value is in %v", input)
	}
	if result, _ := found["result"].(map[string]any); result["rule"] != "named" {
		t.Errorf("the result is %v", found["result"])
	}
}

func TestBundles_fromAFileWithVariables(t *testing.T) {
	k := newKit(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "bundle.tar.gz"), packed(t, says("file"), "r1", "", nil), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("BUNDLES_OF_THE_TEST", dir)
	config := filepath.Join(dir, "opa.yaml")
	if err := os.WriteFile(config, []byte("bundles:\n  edge:\n    resource: file://${BUNDLES_OF_THE_TEST}/bundle.tar.gz\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tenant := tenantOf(t, k.stage(t, map[string]any{"opa_config": config}))
	eventually(t, "the file", func() bool { return tenant() == "file" })
}

func TestDiscovery_bringsTheConfiguration(t *testing.T) {
	k, b := newKit(t), serve(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "bundle.tar.gz"), packed(t, says("discovered"), "r1", "", nil), 0o600); err != nil {
		t.Fatal(err)
	}
	b.give(packed(t, "", "d1", "", map[string]string{"/opa/config.rego": "package opa\n\nconfig := {\"bundles\": {\"edge\": {\"resource\": \"file://" + dir + "/bundle.tar.gz\"}}}\n"}))
	config := filepath.Join(dir, "opa.yaml")
	text := "services:\n  - {name: edge, url: " + b.URL + "}\ndiscovery: {service: edge, resource: discovery.tar.gz, decision: opa/config}\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	tenant := tenantOf(t, k.stage(t, map[string]any{"opa_config": config}))
	eventually(t, "what was discovered", func() bool { return tenant() == "discovered" })
}

func TestOPAConfig_invalidIsLogged(t *testing.T) {
	k := newKit(t)
	config := filepath.Join(t.TempDir(), "opa.yaml")
	s := k.stage(t, map[string]any{"opa_config": config})
	eventually(t, "the missing file in the log", func() bool { return strings.Contains(k.log.String(), "opa.yaml: no such file or directory") })
	if err := s.Handle(t.Context(), delivery(push())); !errors.Is(err, policy.ErrNone) {
		t.Errorf("error %v", err)
	}
}

// TestBundles_firstDeliveryWaitsForTheFirst has deliveries come before OPA's first bundle.
func TestBundles_firstDeliveryWaitsForTheFirst(t *testing.T) {
	k, b := newKit(t), serve(t)
	asked, fetched := make(chan struct{}, 16), make(chan struct{})
	raw := packed(t, says("one"), "r1", "", nil)
	b.set(func(w http.ResponseWriter, _ *http.Request) {
		asked <- struct{}{}
		<-fetched
		_, _ = w.Write(raw)
	})
	s := k.stage(t, map[string]any{"opa_config": b.opa(t, "")})
	<-asked
	short, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	var reject *pipeline.Reject
	if err := s.Handle(short, delivery(push())); !errors.As(err, &reject) || reject.Code != pipeline.PolicyUnavailable {
		t.Errorf("at its deadline: %v", err)
	}
	answered := make(chan error, 1)
	go func() { answered <- s.Handle(t.Context(), delivery(push())) }()
	close(fetched)
	if err := <-answered; err != nil {
		t.Errorf("once the bundle is there: %v", err)
	}
}

func TestBundles_brokenOneIsNotWaitedFor(t *testing.T) {
	k, b := newKit(t), serve(t)
	b.set(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	var reject *pipeline.Reject
	if err := k.stage(t, map[string]any{"opa_config": b.opa(t, "")}).Handle(t.Context(), delivery(push())); !errors.As(err, &reject) || reject.Code != pipeline.PolicyUnavailable {
		t.Errorf("got %v", err)
	}
}

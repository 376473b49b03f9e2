package policy_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// registry is an OCI registry that holds one image with a bundle as its layer.
func registry(t *testing.T, raw []byte) *httptest.Server {
	t.Helper()
	digest := func(b []byte) string { sum := sha256.Sum256(b); return "sha256:" + hex.EncodeToString(sum[:]) }
	config := []byte("{}")
	descriptor := func(kind string, b []byte) map[string]any {
		return map[string]any{"mediaType": kind, "digest": digest(b), "size": len(b)}
	}
	manifest, err := json.Marshal(map[string]any{
		"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
		"config": descriptor("application/vnd.oci.image.config.v1+json", config),
		"layers": []any{descriptor("application/vnd.oci.image.layer.v1.tar+gzip", raw)},
	})
	if err != nil {
		t.Fatal(err)
	}
	served := map[string][]byte{
		"/v2/": {}, "/v2/edge/policies/manifests/latest": manifest, "/v2/edge/policies/manifests/" + digest(manifest): manifest,
		"/v2/edge/policies/blobs/" + digest(config): config, "/v2/edge/policies/blobs/" + digest(raw): raw,
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := served[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if strings.Contains(r.URL.Path, "/manifests/") {
			w.Header().Set("Content-Type", "application/vnd.oci.image.manifest.v1+json")
		}
		w.Header().Set("Docker-Content-Digest", digest(body))
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		if r.Method == http.MethodGet {
			_, _ = w.Write(body) // a client that is gone asks again
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func TestBundles_fromAnOCIRegistry(t *testing.T) {
	k := newKit(t)
	s := registry(t, packed(t, says("image"), "r1", "", nil))
	config := filepath.Join(t.TempDir(), "opa.yaml")
	text := "services:\n  - {name: registry, url: " + s.URL + ", type: oci}\nbundles:\n  edge: {service: registry, resource: " + strings.TrimPrefix(s.URL, "http://") + "/edge/policies:latest}\n" +
		"persistence_directory: " + t.TempDir() + "\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if t.Failed() {
			t.Log(k.log.String())
		}
	}()
	tenant := tenantOf(t, k.stage(t, map[string]any{"opa_config": config}))
	eventually(t, "the image", func() bool { return tenant() == "image" })
}

func TestOPAConfig_settingsOfOPAWork(t *testing.T) {
	k := newKit(t)
	config := opaFile(t, says("file"), `labels: {region: west}
default_decision: webhook/main/decision
caching: {inter_query_builtin_cache: {max_size_bytes: 1000000}}
status: {console: true, prometheus: true}
decision_logs:
  console: true
  mask_decision: system/log/mask
  drop_decision: system/log/drop
  reporting: {max_decisions_per_second: 100}
`)
	defer func() {
		if t.Failed() {
			t.Log(k.log.String())
		}
	}()
	s := k.stage(t, map[string]any{"opa_config": config})
	eventually(t, "the policy", func() bool { return tenantOf(t, s)() == "file" })
	for _, want := range []string{`"msg":"Decision Log"`, `"msg":"Status Log"`, `"region":"west"`} {
		eventually(t, want+" in the log", func() bool { return strings.Contains(k.log.String(), want) })
	}
	if strings.Contains(k.log.String(), "mona") {
		t.Error("a decision in the log is not masked")
	}
}

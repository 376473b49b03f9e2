package quarantine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/streams/archive"
)

func TestRefused_isKeptAsItCame(t *testing.T) {
	for name, set := range map[string]object{
		"not sealed": {},
		"sealed":     {"keys": []any{keyOf("a"), keyOf("b")}},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t, client(t, startNATS(t, nil)), nil, set)
			d := odd()
			d.Headers = append(d.Headers, pipeline.Header{Name: "authorization", Value: "Bearer s3cret"})
			body := bytes.Clone(d.Body)
			k.Refused(t.Context(), d, refused(pipeline.SignatureInvalid))
			clear(d.Body) // its memory is used again
			k.flush(t)
			all := entries(t, k.archive(t), archive.Filter{})
			if len(all) != 1 || all[0].Provider != "github" || all[0].Code != "signature_invalid" || all[0].Size != len(body) || all[0].Held {
				t.Fatalf("listed %+v", all)
			}
			r, _, err := k.archive(t).Get(t.Context(), all[0].Sequence)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(r.Body, body) || r.Cut || r.Reason != errRefused.Error() || r.Stage != "verify" || !r.ReceivedAt.Equal(at()) {
				t.Errorf("kept %+v with body %q", r, r.Body)
			}
			raw, err := stored(t, k).GetMsg(t.Context(), all[0].Sequence)
			if err != nil {
				t.Fatal(err)
			}
			if text := fmt.Sprint(raw.Header, string(raw.Data), k.logs, all, r); strings.Contains(text, "s3cret") || strings.Contains(text, "czNjcmV0") {
				t.Errorf("the secret is kept: %s", text)
			}
			if sealed := !bytes.Contains(raw.Data, body); sealed != (name == "sealed") {
				t.Errorf("the body is unreadable: %v", sealed)
			}
		})
	}
}

func stored(t testing.TB, k *kit) jetstream.Stream {
	t.Helper()
	s, err := k.js.Stream(t.Context(), k.cfg.Stream)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRefused_onlyTheCodesOfTheSettingAreKept(t *testing.T) {
	js := client(t, startNATS(t, nil))
	for name, tc := range map[string]struct {
		set  object
		want []string
	}{
		"by default":         {object{"stream": "ONE", "subject_prefix": "one"}, []string{"signature_invalid", "malformed", "type_mismatch", "payload_invalid", "policy_denied"}},
		"nothing":            {object{"stream": "TWO", "subject_prefix": "two", "keep": []any{}}, nil},
		"addresses, on wish": {object{"stream": "THREE", "subject_prefix": "three", "keep": []any{"ip_denied"}}, []string{"ip_denied"}},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t, js, nil, tc.set)
			if _, err := k.writer.look(t.Context(), js); err != nil {
				t.Fatal(err)
			}
			for _, row := range pipeline.Codes() {
				k.Refused(t.Context(), odd(), refused(row.Code))
			}
			k.flush(t)
			var got []string
			for _, e := range entries(t, k.archive(t), archive.Filter{}) {
				got = append(got, e.Code)
			}
			if diff := cmp.Diff(tc.want, sortedAs(tc.want, got)); diff != "" {
				t.Errorf("kept (-want +got):\n%s", diff)
			}
		})
	}
}

// sortedAs puts got into the order of want.
func sortedAs(want, got []string) []string {
	var out []string
	for _, w := range want {
		for _, g := range got {
			if g == w {
				out = append(out, g)
			}
		}
	}
	if len(out) != len(got) {
		return got
	}
	return out
}

func TestRefused_floodIsHeldToTheBudget(t *testing.T) {
	k := newKit(t, client(t, startNATS(t, nil)), nil, object{"per_provider_per_minute": 5, "per_minute": 7})
	const flood = 10_000
	proved := odd()
	proved.Verification = &pipeline.Verification{Provider: "github", Scheme: "sha256", SecretID: "1"}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range flood / 4 {
				k.Refused(t.Context(), proved, refused(pipeline.PolicyDenied))
			}
		})
	}
	group.Wait()
	k.flush(t)
	if n := len(entries(t, k.archive(t), archive.Filter{})); n != 5 {
		t.Errorf("%d are kept", n)
	}
	if got := k.counted(kindRefused, resultBudget); got != flood-5 {
		t.Errorf("%d counted as over the budget", got)
	}
}

func TestRefused_deadBrokerNeitherDelaysNorFillsTheMemory(t *testing.T) {
	block := make(chan struct{})
	k := newKit(t, nil, func(ctx context.Context) (jetstream.JetStream, error) {
		select {
		case <-block:
			return nil, nats.ErrDisconnected
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}, object{"per_provider_per_minute": 100000, "per_minute": 100000, "max_body_bytes": 1 << 20})
	d := odd()
	d.Body = make([]byte, 1<<20)
	const n = 2 * maxQueued
	d.Verification = &pipeline.Verification{Provider: "github", Scheme: "sha256", SecretID: "1"}
	for range n { // would never end if one of them waited
		k.Refused(t.Context(), d, refused(pipeline.PolicyDenied))
	}
	if used := k.pool.bytes.Load(); used > maxQueuedBytes {
		t.Errorf("%d bytes are queued", used)
	}
	close(block)
	k.flush(t)
	lost, failed := k.counted(kindRefused, resultQueue), k.counted(kindRefused, resultFailed)
	if lost+failed != n || failed > maxQueuedBytes>>20 || failed == 0 {
		t.Errorf("%d did not fit, %d failed", lost, failed)
	}
	if k.pool.bytes.Load() != 0 {
		t.Errorf("%d bytes are still counted", k.pool.bytes.Load())
	}
	if lines := strings.Count(k.logs.String(), "\n"); lines != 1 {
		t.Errorf("%d lines logged", lines)
	}
	k.Refused(t.Context(), d, refused(pipeline.PolicyDenied)) // after Close
	if got := k.counted(kindRefused, resultQueue); got != lost+1 {
		t.Errorf("a delivery after the end counts as %d", got-lost)
	}
}

func TestRefused_bodyIsCutToItsBound(t *testing.T) {
	k := newKit(t, client(t, startNATS(t, nil)), nil, object{"max_body_bytes": 1024})
	d := odd()
	d.Body = bytes.Repeat([]byte("x"), 5000)
	k.Refused(t.Context(), d, refused(pipeline.SignatureInvalid))
	k.flush(t)
	r, e, err := k.archive(t).Get(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Cut || len(r.Body) != 1024 || r.Size != 5000 || e.Size != 5000 {
		t.Errorf("cut: %v, %d of %d bytes", r.Cut, len(r.Body), r.Size)
	}
}

func TestRefused_missingStreamIsNamed(t *testing.T) {
	k := newKit(t, client(t, startNATS(t, nil)), nil, object{"ensure": "off"})
	d, item := held("1", []byte("{}"))
	if err := k.Hold(t.Context(), d, item, pipeline.PolicyDenied); !errors.Is(err, ErrNoStream) {
		t.Errorf("got %v", err)
	}
	k.Refused(t.Context(), odd(), refused(pipeline.SignatureInvalid))
	k.flush(t)
	if text := k.logs.String(); !strings.Contains(text, "create a stream WEBHOOKS_REJECTED") {
		t.Errorf("logged %s", text)
	}
}

func TestConfig_refuses(t *testing.T) {
	for name, tc := range map[string]struct {
		set  object
		path string
	}{
		"a stream of two words": {object{"stream": "A B"}, "stream:"},
		"a prefix with a star":  {object{"subject_prefix": "a.*"}, "subject_prefix:"},
		"an inbox":              {object{"subject_prefix": "_INBOX"}, "subject_prefix:"},
		"a code for success":    {object{"keep": []any{"accepted"}}, "keep[0]:"},
		"a header in capitals":  {object{"remove_headers": []any{"X-Mine"}}, "remove_headers[0]:"},
		"a key that is short":   {object{"keys": []any{object{"id": "a", "value": "czNjcmV0"}}}, "keys[0]:"},
		"a key that is no text": {object{"keys": []any{object{"id": "a", "value": "s3cret!"}}}, "keys[0]:"},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := json.Marshal(tc.set)
			if err != nil {
				t.Fatal(err)
			}
			var cfg Config
			err = config.Decode(text, &cfg)
			if !errors.Is(err, config.ErrInvalid) || !strings.Contains(err.Error(), tc.path) {
				t.Fatalf("got %v", err)
			}
			if strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "czNjcmV0") {
				t.Errorf("the fault shows the key: %v", err)
			}
		})
	}
}

func TestMetrics_areThereFromTheStart(t *testing.T) {
	k := newKit(t, nil, nil, object{})
	if n, err := testutil.GatherAndCount(k.metrics, "webhook_edge_quarantine_records_total"); n != 9 || err != nil {
		t.Errorf("%d series, %v", n, err)
	}
	problems, err := testutil.GatherAndLint(k.metrics)
	if err != nil || len(problems) > 0 {
		t.Errorf("%v %v", err, problems)
	}
}

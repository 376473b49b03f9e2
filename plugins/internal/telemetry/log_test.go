package telemetry_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/telemetry"
)

// logged returns the one record that f writes.
func logged(t *testing.T, f func(*slog.Logger)) map[string]any {
	t.Helper()
	var out bytes.Buffer
	f(telemetry.NewLogger(&out, slog.LevelInfo))
	if lines := strings.Count(out.String(), "\n"); lines != 1 {
		t.Fatalf("%d lines: %q", lines, out.String())
	}
	var record map[string]any
	if err := json.Unmarshal(out.Bytes(), &record); err != nil {
		t.Fatal(err)
	}
	return record
}

type odd struct{ text *string }

func (o *odd) Error() string { return *o.text }

func TestLogger_writesOneLineOfJSON(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 678_900_000, time.FixedZone("", 3600))
	got := logged(t, func(l *slog.Logger) {
		var none *odd
		l.Warn("two\nlines", telemetry.KeyErr, errors.New("a\nb"), telemetry.KeyTookMS, 1.5, "at", at, "took", time.Second,
			"list", []string{"a", "b"}, "nil", none, slog.Group("g", "level", slog.LevelInfo))
	})
	if _, err := time.Parse("2006-01-02T15:04:05.000Z", got["time"].(string)); err != nil {
		t.Error(err)
	}
	delete(got, "time")
	want := map[string]any{
		"level": "WARN", "msg": "two\nlines", "err": "a\nb", "took_ms": 1.5, "at": "2026-01-02T02:04:05.678Z", "took": "1s",
		"list": "[a b]", "nil": "<nil>", "g": map[string]any{"level": "INFO"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLogger_boundsALine(t *testing.T) {
	long := strings.Repeat("ä", 10_000)
	got := logged(t, func(l *slog.Logger) {
		l.With("with", long).Info(long, "text", long, telemetry.KeyErr, errors.New(long), telemetry.KeyStack, long, telemetry.KeyFaults, long, "list", []string{long}, slog.Group("g", "inner", long))
	})
	got["inner"] = got["g"].(map[string]any)["inner"]
	for key, limit := range map[string]int{"msg": 1024, "text": 1024, "err": 1024, "list": 1024, "with": 1024, "inner": 1024, "stack": 2048, "faults": 2048} {
		text := got[key].(string)
		if len(text) > limit || len(text) < limit-2 || !strings.HasSuffix(text, "... (cut)") || !utf8.ValidString(text) {
			t.Errorf("%s: %d bytes, ends in %q", key, len(text), text[len(text)-12:])
		}
	}
}

func TestLogger_hidesSecrets(t *testing.T) {
	type inner struct{ S, hidden config.Secret }
	s := config.NewSecret("s3cr3t-marker")
	got := logged(t, func(l *slog.Logger) {
		l.Info("seen", "plain", s, "pointer", &s, "list", []config.Secret{s}, "struct", inner{s, s}, "structs", []inner{{s, s}}, "map", map[string]config.Secret{"k": s})
	})
	for key, v := range got {
		if strings.Contains(v.(string), "s3cr3t") {
			t.Errorf("%s leaks: %v", key, v)
		}
	}
	if got["plain"] != "[redacted]" || got["list"] != "[[redacted]]" {
		t.Errorf("got %v", got)
	}
}

func TestLogger_keepsItsLevel(t *testing.T) {
	var out bytes.Buffer
	telemetry.NewLogger(&out, slog.LevelWarn).Info("unseen")
	if out.Len() > 0 {
		t.Errorf("got %q", out.String())
	}
}

func TestParseLevel(t *testing.T) {
	for text, want := range map[string]slog.Level{"debug": slog.LevelDebug, "INFO": slog.LevelInfo, "Warn": slog.LevelWarn, "error": slog.LevelError, "info+2": 2} {
		if got, err := telemetry.ParseLevel(text); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "verbose", strings.Repeat("x", 1000)} {
		if _, err := telemetry.ParseLevel(text); err == nil || len(err.Error()) > 150 {
			t.Errorf("%q: %v", text, err)
		}
	}
}

package telemetry

import (
	"fmt"
	"io"
	"log/slog"
	"time"
	"unicode/utf8"

	"webhookedge/plugins/event"
)

// The keys of log records.
const (
	KeyRequestID = "request_id"
	KeyStage     = "stage"
	KeyProvider  = "provider"
	KeyCode      = "code"
	KeyEventType = "event_type"
	KeySubject   = "subject"
	KeyClientIP  = "client_ip"
	KeyTookMS    = "took_ms" // milliseconds, with fractions
	KeyErr       = "err"
	KeyCause     = "cause"  // of a signature that is wrong, where it was found
	KeyStack     = "stack"  // of a panic
	KeyFaults    = "faults" // of a config
)

// Kong writes a line of a plugin's stderr to nginx's error log, which cuts it at
// 4,096 bytes (NGX_MAX_ERROR_STR in nginx's ngx_log.h) and would leave broken
// JSON. These bounds, in bytes before escaping, keep a line under that.
const (
	maxAttr = 1 << 10
	maxLong = 2 << 10 // of the one long attribute that a record may have
)

// NewLogger returns a logger that writes one line of JSON a record to w: times in
// UTC with milliseconds, texts cut to 1 KiB, stacks and faults to 2 KiB. Lists and structs
// are written as text, as fmt prints them.
func NewLogger(w io.Writer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: replace}))
}

// ParseLevel reads debug, info, warn or error, in any case, also with an offset
// as in info+2.
func ParseLevel(text string) (slog.Level, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(text)); err != nil {
		return 0, fmt.Errorf("log level: must be debug, info, warn or error, not %q", cut(text, 32))
	}
	return level, nil
}

func replace(groups []string, a slog.Attr) slog.Attr {
	limit := maxAttr
	if a.Key == KeyStack || a.Key == KeyFaults {
		limit = maxLong
	}
	switch a.Value.Kind() {
	case slog.KindTime:
		return slog.String(a.Key, a.Value.Time().UTC().Format(event.ReceivedLayout))
	case slog.KindDuration:
		return slog.String(a.Key, a.Value.Duration().String())
	case slog.KindString:
		if s := a.Value.String(); len(s) > limit {
			return slog.String(a.Key, cut(s, limit))
		}
	case slog.KindAny:
		if a.Key == slog.LevelKey && len(groups) == 0 {
			return a
		}
		return slog.String(a.Key, cut(text(a.Value.Any()), limit))
	}
	return a
}

// text writes a value of any other type. As JSON it could be of any length, and
// JSON that is cut cannot be read.
func text(v any) string {
	switch v := v.(type) {
	case error:
		return fmt.Sprint(v) // unlike v.Error(), it survives a nil pointer
	case time.Time:
		return v.UTC().Format(event.ReceivedLayout)
	default:
		return fmt.Sprintf("%+v", v)
	}
}

// cut shortens s to at most n bytes and says so, without splitting a character.
func cut(s string, n int) string {
	const mark = "... (cut)"
	if len(s) <= n {
		return s
	}
	end := n - len(mark)
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + mark
}

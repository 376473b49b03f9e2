package local

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"

	"webhookedge/plugins/internal/text"
)

// warnings writes what the stand-in for Kong logs from warn on for somebody at a terminal.
type warnings struct {
	mu    *sync.Mutex
	w     io.Writer
	attrs []slog.Attr
}

// logger returns a log to w, nil for none.
func logger(w io.Writer) *slog.Logger {
	if w == nil {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(&warnings{mu: &sync.Mutex{}, w: w})
}

// Enabled implements slog.Handler.
func (*warnings) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }

// Handle implements slog.Handler.
func (h *warnings) Handle(_ context.Context, r slog.Record) error { //nolint:gocritic // the interface hands it by value
	var line strings.Builder
	line.WriteString("warning: ")
	if r.Level >= slog.LevelError {
		line.Reset()
		line.WriteString("error: ")
	}
	line.WriteString(r.Message)
	add := func(a slog.Attr) bool {
		line.WriteString(" " + a.String())
		return true
	}
	for _, a := range h.attrs {
		add(a)
	}
	r.Attrs(add)
	h.mu.Lock()
	defer h.mu.Unlock()
	_, err := io.WriteString(h.w, strings.Join(text.Wrap(line.String(), "  "), "\n")+"\n")
	return err
}

// WithAttrs implements slog.Handler.
func (h *warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &warnings{h.mu, h.w, append(h.attrs[:len(h.attrs):len(h.attrs)], attrs...)}
}

// WithGroup implements slog.Handler. Names stay short.
func (h *warnings) WithGroup(string) slog.Handler { return h }

var _ slog.Handler = (*warnings)(nil)

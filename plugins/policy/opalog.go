package policy

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/open-policy-agent/opa/v1/logging"
)

type opaLogger struct {
	log   *slog.Logger
	quiet slog.Level // less than this is left out
}

// console is for decision logs with console: true, which OPA writes at level info.
func (l *opaLogger) console() logging.Logger {
	return &opaLogger{log: l.log, quiet: slog.LevelInfo}
}

func (l *opaLogger) say(level slog.Level, format string, args []any) {
	if level >= l.quiet {
		l.log.Log(context.Background(), level, fmt.Sprintf(format, args...))
	}
}

// Debug implements logging.Logger; OPA's is more than an operator wants.
func (*opaLogger) Debug(string, ...any) {}

// Info implements logging.Logger.
func (l *opaLogger) Info(format string, args ...any) { l.say(slog.LevelInfo, format, args) }

// Warn implements logging.Logger.
func (l *opaLogger) Warn(format string, args ...any) { l.say(slog.LevelWarn, format, args) }

// Error implements logging.Logger. What it tells is no fault of a delivery.
func (l *opaLogger) Error(format string, args ...any) { l.say(slog.LevelWarn, format, args) }

// WithFields implements logging.Logger.
func (l *opaLogger) WithFields(fields map[string]any) logging.Logger {
	args := make([]any, 0, len(fields))
	for key, value := range fields {
		args = append(args, slog.Any(key, value))
	}
	return &opaLogger{log: l.log.With(args...), quiet: l.quiet}
}

// GetLevel implements logging.Logger.
func (l *opaLogger) GetLevel() logging.Level { return logging.Info }

// SetLevel implements logging.Logger. The level is that of the process.
func (*opaLogger) SetLevel(logging.Level) {}

var _ logging.Logger = (*opaLogger)(nil)

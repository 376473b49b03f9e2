package publish

import (
	"log/slog"

	"webhookedge/plugins/internal/journal"
	"webhookedge/plugins/publish/outbox"
)

// JournalsOn makes the files of journals with create, from before the first stage.
func (c *Connections) JournalsOn(create func(path string) (journal.File, error)) {
	c.boxes = outbox.NewSet(slog.New(slog.DiscardHandler), journal.Config{Name: "edge", Create: create})
}

// Compared reports whether every stream of acks was looked at.
func (c *Connections) Compared() bool { return c.boxes.Compared() }

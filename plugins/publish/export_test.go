package publish

import "webhookedge/plugins/internal/journal"

// JournalsOn makes the files of journals with create, from before the first stage.
func (c *Connections) JournalsOn(create func(path string) (journal.File, error)) {
	c.boxes.Create = create
}

// Compared reports whether every stream of acks was looked at.
func (c *Connections) Compared() bool { return c.boxes.Compared() }

package publish

import "webhookedge/plugins/internal/journal"

// JournalsOn makes the files of journals with create, from before the first stage.
func (c *Connections) JournalsOn(create func(path string) (journal.File, error)) { c.create = create }

// Compared reports whether every stream of acks was looked at.
func (c *Connections) Compared() bool {
	for _, d := range c.allDepots() {
		all := d.acknowledged()
		for _, s := range all {
			if !s.known {
				return false
			}
		}
		if len(all) == 0 {
			return false
		}
	}
	return true
}

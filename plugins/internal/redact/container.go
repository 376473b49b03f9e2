package redact

// container follows the members of an object or the elements of an array, to
// know which comma goes with a dropped one.
type container struct {
	w     *walk
	depth int  // of what stands in it
	end   int  // end of the last member that stays, or of those dropped behind it
	kept  bool // one stays before the present one
	open  bool // members at the front are dropped, up to where the next begins
}

// begins says where the next member or element begins.
func (c *container) begins(at int) {
	if c.open {
		c.w.done = at
	}
}

// value passes the value of the member or element that begins at start. rule
// redacts it, or none where that is -1; the states from high on are the value's
// own.
func (c *container) value(start, rule, high int) error {
	w := c.w
	if rule < 0 && len(w.states) == high {
		// No rule leads further here.
		w.cursor.Raw()
		c.kept, c.open, c.end = true, false, w.cursor.Offset()
		return nil
	}
	if rule < 0 {
		c.kept, c.open = true, false
		err := w.value(high, c.depth)
		w.states = w.states[:high]
		c.end = w.cursor.Offset()
		return err
	}
	w.states = w.states[:high]
	raw := w.cursor.Raw()
	to := w.cursor.Offset()
	if action := w.r.acts[rule]; action != Drop {
		c.kept, c.open, c.end = true, false, to
		w.replace(to-len(raw), to, action, raw)
		return nil
	}
	c.drop(start, to)
	return nil
}

// drop removes the member or element from start to to.
func (c *container) drop(start, to int) {
	w := c.w
	switch {
	case c.open:
		w.done = to
	case c.kept:
		w.cut(c.end, to)
		c.end = to
	default:
		w.cut(start, to)
		c.open = true
	}
}

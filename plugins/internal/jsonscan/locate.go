package jsonscan

// Locate returns where in document, which Scan took, the value at a path stands: the
// bytes from start up to end, quotes included. It is false where nothing stands there, and
// like a Cursor checks nothing: of other documents it may find anything.
func Locate(document []byte, path string) (start, end int, ok bool) {
	names, err := Segments(path)
	if err != nil {
		return 0, 0, false
	}
	c := NewCursor(document)
	for _, name := range names {
		if !c.descend(name) {
			return 0, 0, false
		}
	}
	c.Kind()
	start = c.at
	c.Raw()
	return start, c.at, c.at > start
}

package process

import "bytes"

// maxLine bounds a line of output; a longer one is cut into pieces.
const maxLine = 64 << 10

// lineWriter cuts output into lines. exec uses one goroutine for stdout and
// stderr when both are the same writer, so it needs no lock.
type lineWriter struct {
	line func(string)
	rest []byte
}

func (w *lineWriter) Write(b []byte) (int, error) {
	n := len(b)
	for {
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			break
		}
		w.rest = append(w.rest, b[:i]...)
		w.end()
		b = b[i+1:]
	}
	w.rest = append(w.rest, b...)
	if len(w.rest) > maxLine {
		w.end()
	}
	return n, nil
}

// end hands on what there is of a line.
func (w *lineWriter) end() {
	if len(w.rest) > 0 && w.line != nil {
		w.line(string(w.rest))
	}
	w.rest = w.rest[:0]
}

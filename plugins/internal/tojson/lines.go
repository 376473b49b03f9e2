package tojson

import (
	"bytes"
	"errors"
	"fmt"

	"webhookedge/plugins/internal/jsonscan"
)

// Bounds of lines of JSON.
const (
	MaxItems = 10_000       // items that a list may have that becomes events
	maxLines = 2 * MaxItems // blank ones too
)

// ErrLines is a body that is not the lines of JSON that it claims to be, or of
// more lines than can be events.
var ErrLines = errors.New("body is not valid lines of JSON")

// Lines converts lines of JSON (NDJSON, JSON Lines) to an array of their values
// in order, each byte for byte. That each line is one value is checked, what is
// stricter than JSON is not. Blank lines and a byte order mark are passed over. The
// error is ErrLines.
func Lines(body []byte) ([]byte, error) {
	body = WithoutBOM(body)
	if n := bytes.Count(body, []byte("\n")); n > maxLines {
		return nil, fmt.Errorf("%w: more than %d lines", ErrLines, maxLines)
	}
	dst := append(make([]byte, 0, len(body)+2), '[')
	n := 0
	for line := range bytes.SplitSeq(body, []byte("\n")) {
		line = bytes.Trim(line, blanks)
		if len(line) == 0 {
			continue
		}
		if n++; n > MaxItems {
			return nil, fmt.Errorf("%w: more than %d", ErrLines, MaxItems)
		}
		// Of two lines that are none, "[1" and "2]", one list could be made.
		if err := jsonscan.Whole(line); err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrLines, n, err)
		}
		if n > 1 {
			dst = append(dst, ',')
		}
		dst = append(dst, line...)
	}
	return append(dst, ']'), nil
}

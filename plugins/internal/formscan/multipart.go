package formscan

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"path"
	"strings"
)

// Bounds of a multipart form.
const (
	MaxParts      = 1_000
	MaxPartHeader = 8 << 10 // bytes
	maxPartLines  = 16
	maxParameters = 32 // of a Content-Disposition
	maxBoundary   = 70 // characters (RFC 2046, section 5.1.1)
)

// What can be wrong with a multipart form.
var (
	ErrMultipart = errors.New("multipart form is malformed or ambiguous")
	ErrParts     = errors.New("multipart form has too many parts")
)

// Part is one of a multipart form.
type Part struct {
	Name        string // never empty
	File        bool   // it has a file name, which can be empty
	FileName    string // without directories
	ContentType string // as it stands there, "" where it does not
	Content     []byte // refers to the body
}

// boundary returns the boundary of a multipart body as its first line tells it. It is
// false where that line is none. What follows is not looked at.
func boundary(body []byte) ([]byte, bool) {
	line, _, ends := bytes.Cut(body[:min(len(body), len("--")+maxBoundary+len("\r\n"))], []byte("\r\n"))
	boundary, dashes := bytes.CutPrefix(line, []byte("--"))
	if !ends || !dashes || len(boundary) == 0 || boundary[len(boundary)-1] == ' ' {
		return nil, false
	}
	for _, b := range boundary {
		switch {
		case '0' <= b && b <= '9', 'a' <= b && b <= 'z', 'A' <= b && b <= 'Z':
		case strings.IndexByte("'()+_,-./:=? ", b) >= 0:
		default:
			return nil, false
		}
	}
	return boundary, true
}

// IsMultipart reports whether body begins with a boundary and ends with it.
func IsMultipart(body []byte) bool {
	boundary, ok := boundary(body)
	return ok && len(trimEnd(body, boundary)) < len(body)
}

// trimEnd returns body without its last delimiter, and all of it where it does not end
// with that. White space may follow.
func trimEnd(body, boundary []byte) []byte {
	rest, dashes := bytes.CutSuffix(bytes.TrimRight(body, " \t\r\n"), []byte("--"))
	rest, delimiter := bytes.CutSuffix(rest, boundary)
	rest, start := bytes.CutSuffix(rest, []byte("\r\n--"))
	if !dashes || !delimiter || !start {
		return body
	}
	return rest
}

// Parts returns the parts of a multipart form in their order. What a lenient reader could
// take otherwise is refused: text before the first boundary or behind the last, a
// boundary in a line of another form, a part with two names or none, with folded or
// repeated headers or with an encoding of its own. The error is ErrMultipart or
// ErrParts.
func Parts(body []byte) ([]Part, error) {
	boundary, ok := boundary(body)
	if !ok {
		return nil, fmt.Errorf("%w: it does not begin with a boundary", ErrMultipart)
	}
	rest := trimEnd(body, boundary)
	if len(rest) == len(body) {
		return nil, fmt.Errorf("%w: it does not end with its boundary", ErrMultipart)
	}
	delimiter := append([]byte("\n--"), boundary...)
	if bytes.Contains(rest, append([]byte("\r--"), boundary...)) {
		return nil, fmt.Errorf("%w: a line with the boundary does not begin with CR LF", ErrMultipart)
	}
	rest = rest[len(delimiter)-1:] // the first delimiter without its line feed
	var parts []Part
	for more := true; more; {
		var text []byte
		text, rest, more = bytes.Cut(rest, delimiter)
		if more {
			if text, ok = bytes.CutSuffix(text, []byte("\r")); !ok {
				return nil, fmt.Errorf("%w: a line with the boundary does not begin with CR LF", ErrMultipart)
			}
		}
		if text, ok = bytes.CutPrefix(text, []byte("\r\n")); !ok {
			return nil, fmt.Errorf("%w: a line with the boundary goes on", ErrMultipart)
		}
		if len(parts) == MaxParts {
			return nil, fmt.Errorf("%w: more than %d", ErrParts, MaxParts)
		}
		p, err := part(text)
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	return parts, nil
}

// part reads what stands between two delimiters.
func part(text []byte) (p Part, err error) {
	head, content, ok := bytes.Cut(text, []byte("\r\n\r\n"))
	if !ok || len(head) > MaxPartHeader {
		return p, fmt.Errorf("%w: a part has no headers or too long ones", ErrMultipart)
	}
	var disposition, encoding string
	seen, lines := map[string]bool{}, 0
	for line := range bytes.SplitSeq(head, []byte("\r\n")) {
		key, value, ok := bytes.Cut(line, []byte(":"))
		name := strings.ToLower(string(key))
		if lines++; !ok || lines > maxPartLines || seen[name] || !isHeader(key, value) {
			return p, fmt.Errorf("%w: a part has a broken header, one that is there twice, or too many", ErrMultipart)
		}
		seen[name] = true
		value = bytes.Trim(value, " \t")
		switch name {
		case "content-disposition":
			disposition = string(value)
		case "content-type":
			p.ContentType = string(value)
		case "content-transfer-encoding":
			encoding = strings.ToLower(string(value))
		}
	}
	switch encoding {
	case "", "7bit", "8bit", "binary":
	default: // RFC 7578, section 4.7: readers of forms do not undo it
		return p, fmt.Errorf("%w: a part has an encoding of its own", ErrMultipart)
	}
	p.Content = content
	return p, p.named(disposition)
}

// isHeader reports whether a header of a part is one, on a line of its own.
func isHeader(key, value []byte) bool {
	for _, b := range key {
		if b <= ' ' || b >= 0x7f {
			return false // also where a folded line goes on
		}
	}
	for _, b := range value {
		if b < ' ' && b != '\t' || b == 0x7f {
			return false
		}
	}
	return len(key) > 0
}

// named takes the name and the file name out of a Content-Disposition.
func (p *Part) named(disposition string) error {
	if strings.Count(disposition, ";") > maxParameters {
		return fmt.Errorf("%w: a part has too many parameters", ErrMultipart)
	}
	kind, params, err := mime.ParseMediaType(disposition)
	if err != nil || kind != "form-data" || params["name"] == "" || encodesName(disposition) {
		return fmt.Errorf("%w: a part has no name, or more than one", ErrMultipart)
	}
	p.Name = params["name"]
	p.FileName, p.File = params["filename"]
	if p.FileName != "" {
		p.FileName = path.Base(p.FileName)
	}
	return nil
}

// encodesName reports whether a disposition has a name in the encoding of RFC 2231, which
// few readers undo. A file name in it decides nothing.
func encodesName(disposition string) bool {
	quoted := false
	for i := 0; i < len(disposition); i++ {
		switch c := disposition[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == ';' && !quoted:
			parameter := strings.ToLower(strings.TrimLeft(disposition[i+1:], " \t"))
			if strings.HasPrefix(parameter, "name*") {
				return true
			}
		}
	}
	return false
}

// Package capture reads deliveries as tools record them: the output of curl -v, an HTTP
// request as it came, and HAR (HTTP Archive 1.2). What it cannot read as it was sent is
// an error: a signature is that of the bytes.
package capture

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/agnivade/levenshtein"
	"github.com/go-json-experiment/json/jsontext"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// Bounds of a capture.
const (
	MaxBytes   = 16 << 20
	MaxEntries = 16 // deliveries
	maxHeaders = 256
	maxLine    = 64 << 10 // bytes of a header
)

// ErrCapture is a text that is no capture, or one that is not what was sent.
var ErrCapture = errors.New("the capture cannot be used")

// Delivery is a request as a tool recorded it.
type Delivery struct {
	Request provider.Request
	At      time.Time // zero where the tool does not say
}

// Form is how a capture is written.
type Form string

// The forms.
const (
	HTTP  Form = "http"  // the output of curl -v, or a request as it came
	HAR   Form = "har"   // HTTP Archive 1.2
	Lines Form = "lines" // JSON lines, which webhookctl explain reads itself
)

// FormOf returns how text is written, by its first character and its first name.
func FormOf(text []byte) Form {
	text = bytes.TrimLeft(provider.WithoutBOM(text), " \t\r\n")
	if len(text) == 0 || text[0] != '{' {
		return HTTP
	}
	rest := bytes.TrimLeft(text[1:], " \t\r\n")
	if bytes.HasPrefix(rest, []byte(`"log"`)) {
		return HAR
	}
	return Lines
}

// CheckNames says what is wrong with the names of a JSON object: none may be there twice,
// and each must be known. The error is ErrCapture.
func CheckNames(object []byte, known []string) error {
	if !jsontext.Value(object).IsValid() {
		return bad("it is not JSON, or has a name twice in an object")
	}
	dec := jsontext.NewDecoder(bytes.NewReader(object))
	if t, err := dec.ReadToken(); err != nil || t.Kind() != '{' {
		return bad("it is not a JSON object")
	}
	for dec.PeekKind() == '"' {
		t, err := dec.ReadToken()
		if err != nil {
			return bad("it is not JSON")
		}
		name := t.String()
		if err := dec.SkipValue(); err != nil {
			return bad("it is not JSON")
		}
		if nearest, ok := lookup(name, known); !ok {
			return bad("unknown key %q; did you mean %q? There are: %s", shortened(name), nearest, strings.Join(known, ", "))
		}
	}
	return nil
}

// lookup reports whether name is known, and else which known one is nearest.
func lookup(name string, known []string) (nearest string, ok bool) {
	least := 1 << 20
	for _, k := range known {
		if k == name {
			return k, true
		}
		if d := levenshtein.ComputeDistance(shortened(name), k); d < least {
			nearest, least = k, d
		}
	}
	return nearest, false
}

func shortened(name string) string { return name[:min(len(name), 64)] }

func bad(format string, values ...any) error {
	return fmt.Errorf("%w: %s", ErrCapture, fmt.Sprintf(format, values...))
}

// header adds a line to a list. Names of HTTP/2 that begin with a colon are none.
func header(list provider.HeaderList, name, value string) (provider.HeaderList, error) {
	name = strings.ToLower(name)
	switch {
	case strings.HasPrefix(name, ":"):
		return list, nil
	case !spec.IsHeaderName(name):
		return nil, bad("a header has a name that is none: write it as Name: value")
	case len(list) == maxHeaders:
		return nil, bad("it has more than %d headers", maxHeaders)
	case len(value) > maxLine:
		return nil, bad("the header %s has more than %d bytes", name, maxLine)
	case strings.ContainsAny(value, "\r\n\x00"):
		return nil, bad("the header %s has more than one line", name)
	}
	return append(list, spec.Header{Name: name, Value: strings.Trim(value, " \t")}), nil
}

// address is an absolute URL as it was sent, or the error that it is none.
func address(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return "", bad("the URL must be absolute, https://host/path")
	}
	before, _, _ := strings.Cut(text, "#")
	return before, nil
}

func isMethod(text string) bool {
	return text != "" && len(text) <= 16 && strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

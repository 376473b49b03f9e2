package local

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"

	"webhookedge/kong/local/host"
	"webhookedge/kong/local/uri"
	"webhookedge/kong/wire"
)

// termination is Kong's plugin request-termination.
type termination struct {
	StatusCode  int    `json:"status_code"`
	Message     string `json:"message"`
	ContentType string `json:"content_type"`
	Body        string `json:"body"`
	Trigger     string `json:"trigger"`
}

// triggerText is Kong's pattern of a trigger.
var triggerText = regexp.MustCompile(`^[\w!#$%&'*+.^|~-]+$`)

// newTermination reads a config that passed the schema, and checks what Kong
// checks in code.
func newTermination(config map[string]any) (*termination, error) {
	text, err := json.Marshal(config)
	if err != nil {
		return nil, err
	}
	out := &termination{}
	if err := json.Unmarshal(text, out); err != nil {
		return nil, err
	}
	switch {
	case out.Trigger != "" && !triggerText.MatchString(out.Trigger):
		return nil, fmt.Errorf("invalid value of trigger: %s", out.Trigger)
	case out.Message != "" && (out.ContentType != "" || out.Body != ""):
		return nil, errors.New("message cannot be used with content_type or body")
	case out.ContentType != "" && out.Body == "":
		return nil, errors.New("content_type requires a body")
	}
	return out, nil
}

// access answers, unless a trigger is set and the request has neither a header
// nor an argument of that name.
func (t *termination) access(x *host.Context) {
	if t.Trigger != "" && !t.triggered(x) {
		return
	}
	exit := &wire.Exit{Status: t.StatusCode}
	if t.Body != "" {
		exit.Body = []byte(t.Body)
		if t.ContentType != "" {
			x.SetResponseHeader("Content-Type", t.ContentType)
		}
	} else if message := t.message(); message != "" {
		exit.Body = messageJSON(message)
		x.SetResponseHeader("Content-Type", jsonType)
	}
	x.Exit = exit
}

// messageJSON encodes a message as Kong's Lua does: "/" is escaped, "<" is not.
func messageJSON(message string) []byte {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(map[string]string{"message": message}) // strings always encode
	return bytes.ReplaceAll(bytes.TrimSpace(text.Bytes()), []byte("/"), []byte(`\/`))
}

func (t *termination) triggered(x *host.Context) bool {
	return len(host.Values(x.Headers(), t.Trigger)) > 0 ||
		slices.ContainsFunc(uri.Args(x.RawQuery(), 100), func(a uri.Arg) bool { return a.Name == t.Trigger })
}

func (t *termination) message() string {
	if t.Message != "" {
		return t.Message
	}
	switch t.StatusCode {
	case http.StatusUnauthorized:
		return "Unauthorized"
	case http.StatusNotFound:
		return "Not found"
	case http.StatusMethodNotAllowed:
		return "Method not allowed"
	case http.StatusInternalServerError:
		return "An unexpected error occurred"
	case http.StatusBadGateway:
		return "Bad Gateway"
	case http.StatusServiceUnavailable:
		return "Service unavailable"
	}
	return ""
}

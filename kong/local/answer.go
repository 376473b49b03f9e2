package local

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"webhookedge/kong/local/host"
)

// jsonType is the content type of what Kong writes as JSON.
const jsonType = "application/json; charset=utf-8"

// The texts of Kong's own answers.
const (
	textNoRoute    = "no Route matched with those values"
	textNoService  = "no Service found with those values"
	textUnexpected = "An unexpected error occurred"
	textHTTPS      = "Please use HTTPS protocol"
	textBadRequest = "Bad request"
	textUpstream   = "An invalid response was received from the upstream server"
	textTimingOut  = "The upstream server is timing out"
	textName       = "name resolution failed"
)

// fail answers the way kong.response.error does, in the type that the client
// accepts.
func (q *request) fail(status int, message string) {
	kind, template := errorTemplate(q.in.Header)
	q.begin()
	q.w.Header().Set("Content-Type", kind)
	q.send(status, fmt.Appendf(nil, template, message, q.id))
}

// raised answers the way Kong does when Lua raised an error.
func (q *request) raised() {
	q.begin()
	q.w.Header().Set("Content-Type", jsonType)
	q.send(http.StatusInternalServerError, []byte(`{"message":"`+textUnexpected+`"}`))
}

// exit answers with what a plugin decided.
func (q *request) exit(x *host.Context) {
	q.begin()
	h := q.w.Header()
	if _, typed := h["Content-Type"]; !typed {
		h["Content-Type"] = nil // Go would guess one, Kong does not
	}
	q.send(x.Exit.Status, x.Exit.Body)
}

// begin sets the headers that every answer has.
func (q *request) begin() {
	h := q.w.Header()
	if q.x != nil {
		for name, values := range q.x.Response {
			if len(values) == 0 {
				h.Del(name)
			} else {
				h[name] = values
			}
		}
	}
	h.Set("Server", serverName)
	h.Set("X-Kong-Request-Id", q.id)
}

func (q *request) send(status int, body []byte) {
	h := q.w.Header()
	h.Set("X-Kong-Response-Latency", strconv.FormatInt(time.Since(q.start).Milliseconds(), 10))
	if status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	} else {
		body = nil
	}
	q.w.WriteHeader(status)
	_, _ = q.w.Write(body)
}

// errorTemplate picks an answer's type by the Accept header: of the media types
// that Kong knows the one with the highest quality, JSON by default.
func errorTemplate(h http.Header) (contentType, template string) {
	best, name := 0.0, "json"
	for part := range strings.SplitSeq(strings.Join(h.Values("Accept"), ","), ",") {
		media, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		quality := 1.0
		if _, text, found := strings.Cut(params, "q="); found {
			text, _, _ = strings.Cut(text, ";")
			if v, err := strconv.ParseFloat(strings.TrimSpace(text), 64); err == nil {
				quality = v
			}
		}
		if quality <= best || !strings.Contains(media, "/") {
			continue
		}
		best = quality
		switch strings.TrimSpace(media) {
		case "text/html":
			name = "html"
		case "text/plain", "text/*":
			name = "plain"
		case "application/xml":
			name = "xml"
		default:
			name = "json"
		}
	}
	switch name {
	case "html":
		return "text/html; charset=utf-8", "<!doctype html>\n<html><head><meta charset=\"utf-8\"><title>Error</title></head>" +
			"<body><h1>Error</h1><p>%s.</p><p>request_id: %s</p></body></html>\n"
	case "plain":
		return "text/plain; charset=utf-8", "%s\nrequest_id: %s\n"
	case "xml":
		return "application/xml; charset=utf-8", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<error><message>%s</message><requestid>%s</requestid></error>\n"
	}
	return jsonType, "{\n  \"message\":\"%s\",\n  \"request_id\":\"%s\"\n}"
}

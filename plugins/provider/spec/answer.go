package spec

import (
	"fmt"
	"mime"
	"regexp"
	"slices"
	"strings"
)

// IsInert reports whether no browser executes a document of a media type, whatever
// stands in it. Parameters but a charset of ASCII or UTF-8 are none that it knows.
func IsInert(contentType string) bool {
	media, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	for name, value := range parameters {
		if value = strings.ToLower(value); name != "charset" || value != "utf-8" && value != "us-ascii" {
			return false
		}
	}
	switch media {
	case "text/plain", "application/octet-stream", "application/x-www-form-urlencoded":
		return true
	}
	return strings.HasPrefix(media, "application/") && IsJSON(media)
}

var settingMark = regexp.MustCompile(`\{setting:([^{}]*)\}`)

// AnswerHazards says what of a handshake's answer a stranger could use.
func (p *Provider) AnswerHazards(h *Handshake) (all []string) {
	a := &h.Answer
	switch {
	case a.ContentType != "" && !IsInert(a.ContentType):
		all = append(all, "answer.content_type: a browser may execute a document of this type, and strangers can ask for the answer: text/plain and application/json are not executed")
	case isJSONType(a.ContentType) && strings.Contains(a.Body, "{challenge}"):
		all = append(all, "answer.body: whoever chooses the challenge chooses the JSON around it: {challenge|json} quotes it")
	}
	for _, why := range p.printed(a.Body) {
		all = append(all, "answer.body: "+why)
	}
	for i, header := range a.Headers {
		path := fmt.Sprintf("answer.headers[%d]", i)
		if why := headerHazard(&header); why != "" {
			all = append(all, path+".name: "+why)
		}
		for _, why := range p.printed(header.Value) {
			all = append(all, path+".value: "+why)
		}
	}
	for i, g := range h.Grants {
		if why := headerHazard(&Header{Name: g.Name}); why != "" {
			all = append(all, fmt.Sprintf("grants[%d].name: %s", i, why))
		}
	}
	return all
}

func isJSONType(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && IsJSON(media)
}

// printed says which settings in a text of an answer must not be told.
func (p *Provider) printed(text string) (all []string) {
	for _, found := range settingMark.FindAllStringSubmatch(text, -1) {
		i := slices.IndexFunc(p.Settings, func(s Setting) bool { return s.Name == found[1] })
		switch {
		case i < 0:
			all = append(all, "there is no setting of the name in "+found[0])
		case p.Settings[i].Secret, slices.ContainsFunc(p.Handshakes, func(h Handshake) bool { return h.TokenSetting == found[1] }):
			all = append(all, found[0]+" is a secret, and the answer would tell it")
		}
	}
	return all
}

// headerHazard says why a header of an answer must not be set, or not to what a
// stranger chooses.
func headerHazard(h *Header) string {
	switch h.Name {
	case "content-type", "content-length", "transfer-encoding", "connection", "x-content-type-options":
		if h.Name == "x-content-type-options" && h.Value == "nosniff" {
			return ""
		}
		return "the header says how the answer is to be read, which the gateway does"
	}
	if !strings.Contains(h.Value, "{challenge") {
		return ""
	}
	own := strings.HasPrefix(h.Name, "webhook-") || strings.HasPrefix(h.Name, "x-")
	for _, acted := range []string{"x-accel-", "x-content-", "x-frame-", "x-kong-", "x-sendfile", "x-xss-"} {
		own = own && !strings.HasPrefix(h.Name, acted)
	}
	if !own {
		return "a browser or a proxy may act on the header, and whoever chooses the challenge chooses its value: one that begins with x- or webhook- is the sender's own"
	}
	return ""
}

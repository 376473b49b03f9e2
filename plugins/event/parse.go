package event

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ErrNotEvent is a message that is no event of this version. Its text repeats
// nothing of the message.
var ErrNotEvent = errors.New("not an event of the webhook edge")

// Parse reads an event of either mode from the headers and the body of a NATS
// message: binary where there is a header ce-specversion, else structured. The
// names of headers count in any case. The event refers to data.
func Parse(headers map[string][]string, data []byte) (*Event, error) {
	for name := range headers {
		if strings.EqualFold(name, specVersionHeader) {
			return ParseBinary(headers, data)
		}
	}
	return ParseJSON(data)
}

// ParseJSON reads the structured form. Attributes that this version does not
// know are passed over; a member that is there twice is an ErrNotEvent, since
// two readers could see different ones. Data is as it stands in doc, without
// the white space around it.
func ParseJSON(doc []byte) (*Event, error) {
	members, err := splitMembers(doc)
	if err != nil {
		return nil, err
	}
	e := &Event{}
	var p parts
	for name, raw := range members {
		switch name {
		case "data":
			e.Data = raw
			continue
		case "data_base64":
			e.Binary = true
			if e.Data, err = decodeBase64(raw); err != nil {
				return nil, err
			}
			continue
		}
		text, isString := string(raw), raw[0] == '"'
		if isString {
			if err := json.Unmarshal(raw, &text); err != nil {
				return nil, fmt.Errorf("%w: %s", ErrNotEvent, name)
			}
		}
		if isString == isLiteral(name) && p.knows(e, name) {
			return nil, fmt.Errorf("%w: %s is of another type", ErrNotEvent, name)
		}
		if err := p.set(e, name, text); err != nil {
			return nil, err
		}
	}
	if _, both := members["data"]; both && e.Binary {
		return nil, fmt.Errorf("%w: two payloads", ErrNotEvent)
	}
	return p.finish(e)
}

// ParseBinary reads the binary form. The payload counts as JSON where its
// content type says so and it is.
func ParseBinary(headers map[string][]string, data []byte) (*Event, error) {
	e := &Event{}
	var p parts
	seen := map[string]bool{}
	for header, values := range headers {
		name := strings.ToLower(header)
		attribute, ok := strings.CutPrefix(name, headerPrefix)
		if !ok && name != contentTypeHeader {
			continue
		}
		if len(values) != 1 || seen[name] {
			return nil, fmt.Errorf("%w: a header is there more than once", ErrNotEvent)
		}
		seen[name] = true
		if name == contentTypeHeader {
			e.DataContentType = values[0]
			continue
		}
		text, err := url.PathUnescape(values[0])
		if err != nil {
			return nil, fmt.Errorf("%w: a header is not percent-encoded", ErrNotEvent)
		}
		if err := p.set(e, attribute, text); err != nil {
			return nil, err
		}
	}
	e.SetData(data)
	return p.finish(e)
}

// SetData makes data, which e refers to, the payload. It counts as JSON where the content
// type says so and it is.
func (e *Event) SetData(data []byte) {
	media, _, _ := strings.Cut(e.DataContentType, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	isJSON := media == "application/json" || strings.HasSuffix(media, "+json")
	e.Data, e.Binary = data, len(data) > 0 && (!isJSON || !json.Valid(data))
}

// splitMembers returns the members of the one JSON object that doc is.
func splitMembers(doc []byte) (map[string]json.RawMessage, error) {
	dec := json.NewDecoder(bytes.NewReader(doc))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return nil, fmt.Errorf("%w: no JSON object", ErrNotEvent)
	}
	members := map[string]json.RawMessage{}
	for dec.More() {
		token, err := dec.Token()
		name, ok := token.(string)
		var raw json.RawMessage
		if err != nil || !ok || dec.Decode(&raw) != nil {
			return nil, fmt.Errorf("%w: broken JSON", ErrNotEvent)
		}
		if _, twice := members[name]; twice {
			return nil, fmt.Errorf("%w: a member is there twice", ErrNotEvent)
		}
		members[name] = raw
	}
	if _, err := dec.Token(); err != nil {
		return nil, fmt.Errorf("%w: broken JSON", ErrNotEvent)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: something follows the JSON object", ErrNotEvent)
	}
	return members, nil
}

func decodeBase64(raw json.RawMessage) ([]byte, error) {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return nil, fmt.Errorf("%w: data_base64", ErrNotEvent)
	}
	data, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("%w: data_base64", ErrNotEvent)
	}
	return data, nil
}

// parts are what an event is made of that is no field of it.
type parts struct {
	specVersion, fullType string
	timeReceived          bool
}

// place returns where the text of an attribute goes, nil for one that is no
// text or not known.
func (p *parts) place(e *Event, name string) *string {
	switch name {
	case "specversion":
		return &p.specVersion
	case "type":
		return &p.fullType
	}
	for _, a := range e.texts() {
		if a.name == name {
			return a.at
		}
	}
	return nil
}

// isLiteral reports whether an attribute is no string in JSON.
func isLiteral(name string) bool {
	return name == "datasize" || name == "decrypted" || name == "redacted" || name == "replayed" || name == "timereceived"
}

func (p *parts) knows(e *Event, name string) bool {
	return isLiteral(name) || name == "time" || name == "receivedat" || name == "unsigned" || p.place(e, name) != nil
}

func (p *parts) set(e *Event, name, text string) error {
	if at := p.place(e, name); at != nil {
		*at = text
		return nil
	}
	var err error
	switch name {
	case "time":
		e.Time, err = time.Parse(time.RFC3339Nano, text)
	case "unsigned":
		e.Unsigned, err = parseUnsigned(text)
	case "receivedat":
		e.ReceivedAt, err = time.Parse(time.RFC3339Nano, text)
	case "timereceived":
		p.timeReceived, err = strconv.ParseBool(text)
	case "decrypted":
		e.Decrypted, err = strconv.ParseBool(text)
	case "redacted":
		e.Redacted, err = strconv.ParseBool(text)
	case "replayed":
		e.Replayed, err = strconv.ParseBool(text)
	case "datasize":
		var n int64
		n, err = strconv.ParseInt(text, 10, 32)
		e.DataSize = int32(n)
	}
	if err != nil {
		return fmt.Errorf("%w: %s", ErrNotEvent, name)
	}
	return nil
}

// unsignedSeparator stands between the names in the text of Unsigned.
const unsignedSeparator = " "

// parseUnsigned reads the text of Unsigned. A name that is none of Unsignable,
// or not in its place, is an error: a reader that passed it over would take for
// signed what is not.
func parseUnsigned(text string) ([]string, error) {
	names := strings.Split(text, unsignedSeparator)
	for i, name := range names {
		if !slices.Contains(Unsignable(), name) || i > 0 && names[i-1] >= name {
			return nil, ErrNotEvent
		}
	}
	return names, nil
}

// finish parts the type and checks that nothing is missing.
func (p *parts) finish(e *Event) (*Event, error) {
	if p.specVersion != SpecVersion {
		return nil, fmt.Errorf("%w: not CloudEvents %s", ErrNotEvent, SpecVersion)
	}
	kind, ok := strings.CutPrefix(p.fullType, e.Provider+".")
	if ok && e.Action != "" {
		kind, ok = strings.CutSuffix(kind, "."+e.Action)
	}
	if !ok {
		return nil, fmt.Errorf("%w: type does not fit provider and action", ErrNotEvent)
	}
	e.Type = kind
	if p.timeReceived {
		e.Time = time.Time{} // ReceivedAt says it
	}
	if err := e.Validate(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotEvent, err)
	}
	return e, nil
}

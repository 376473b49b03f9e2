package provider

import (
	"bytes"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"webhookedge/plugins/internal/formscan"
)

// Format is the form of a body.
type Format string

// The formats.
const (
	FormatJSON      Format = "json"      // RFC 8259
	FormatForm      Format = "form"      // application/x-www-form-urlencoded
	FormatMultipart Format = "multipart" // multipart/form-data (RFC 7578)
	FormatXML       Format = "xml"
	FormatLines     Format = "ndjson" // a JSON value a line
	FormatJWT       Format = "jwt"    // a signed JSON Web Token in compact form (RFC 7519), whose claims are the payload
	FormatBytes     Format = "bytes"  // anything; the event carries it as it came
)

// Enum returns the formats.
func (Format) Enum() []string {
	return []string{
		string(FormatJSON), string(FormatForm), string(FormatMultipart), string(FormatXML),
		string(FormatLines), string(FormatJWT), string(FormatBytes),
	}
}

// forms returns the formats that p's deliveries have, never none: those that it
// lists, else those of its content types.
func (p *Provider) forms() []Format {
	switch {
	case len(p.Forms) > 0:
		return p.Forms
	case p.plan != nil:
		return p.plan.forms
	}
	return p.formsOfTypes()
}

func (p *Provider) formsOfTypes() []Format {
	var forms []Format
	for _, media := range p.ContentTypes {
		if f := formatOfType(media); !slices.Contains(forms, f) {
			forms = append(forms, f)
		}
	}
	if len(forms) == 0 {
		return []Format{FormatJSON}
	}
	return forms
}

// formatOfType returns the format that a media type in lower case stands for.
func formatOfType(media string) Format {
	switch media {
	case "application/x-www-form-urlencoded":
		return FormatForm
	case multipartType:
		return FormatMultipart
	case "application/xml", "text/xml":
		return FormatXML
	case "application/jwt":
		return FormatJWT
	case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines", "application/jsonlines":
		return FormatLines
	}
	switch {
	case isJSON(media):
		return FormatJSON
	case strings.HasSuffix(media, "+xml"):
		return FormatXML
	case strings.HasSuffix(media, "+jwt"):
		return FormatJWT
	}
	return FormatBytes
}

// HasForm reports whether deliveries of p may have the format f.
func (p *Provider) HasForm(f Format) bool { return slices.Contains(p.forms(), f) }

// FormatOf returns the format of a body, out of those that p lists, and "" where
// the body has none of them. Only the bytes decide, since they are what is signed:
// a Content-Type header is not. No body has two formats: what begins as JSON or XML
// is never a form, and a token has no character that a form's sender must escape
// but counts as one only where p lists tokens.
//
// A body of the format need not be valid: who reads it finds out.
func (p *Provider) FormatOf(body []byte) Format {
	forms := p.forms()
	body = WithoutBOM(body)
	for _, f := range [...]Format{FormatJWT, FormatMultipart, FormatLines, FormatJSON, FormatXML, FormatForm, FormatBytes} {
		if slices.Contains(forms, f) && f.fits(body, forms) {
			return f
		}
	}
	return ""
}

// fits reports whether body looks like f, in the order in which FormatOf asks.
func (f Format) fits(body []byte, forms []Format) bool {
	var first byte
	if text := bytes.TrimLeft(body, " \t\r\n"); len(text) > 0 {
		first = text[0]
	}
	switch f {
	case FormatJSON:
		// A row without another format that could begin so takes the body for
		// JSON, whatever it is, so that the fault is told by its place.
		return first == '{' || first == '[' || len(forms) == 1
	case FormatXML:
		return first == '<'
	case FormatMultipart:
		return formscan.IsMultipart(body)
	case FormatLines:
		return isLines(body, slices.Contains(forms, FormatJSON))
	case FormatJWT:
		return isCompactToken(body)
	case FormatForm:
		return first != '{' && first != '[' && first != '<'
	}
	return f == FormatBytes
}

// WithoutBOM returns a body without the byte order mark of UTF-8, which some
// senders write in front of JSON, XML and forms.
func WithoutBOM(body []byte) []byte { return bytes.TrimPrefix(body, []byte("\ufeff")) }

// isLines reports whether body is lines of JSON values. Of a sender that sends
// single documents too, it must have a value in its first line and more behind it,
// which no single document has.
func isLines(body []byte, orJSON bool) bool {
	text := bytes.TrimLeft(body, " \t\r\n")
	line, rest, _ := bytes.Cut(text, []byte("\n"))
	if len(line) == 0 || line[0] != '{' && line[0] != '[' {
		return false
	}
	if !orJSON {
		return true
	}
	return len(bytes.TrimSpace(rest)) > 0 &&
		jsontext.Value(bytes.TrimRight(line, " \t\r")).IsValid(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
}

// isCompactToken reports whether body is three runs of base64url with dots between
// them, of which the last may be empty.
func isCompactToken(body []byte) bool {
	parts := bytes.Split(bytes.Trim(body, " \t\r\n"), []byte("."))
	if len(parts) != 3 || len(parts[0]) == 0 || len(parts[1]) == 0 {
		return false
	}
	for _, part := range parts {
		if bytes.ContainsFunc(part, func(r rune) bool { return !isBase64URL(r) }) {
			return false
		}
	}
	return true
}

func isBase64URL(r rune) bool {
	return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_'
}

// MediaType returns the media type that stands for f, "" for FormatBytes and for an
// unknown one.
func (f Format) MediaType() string {
	switch f {
	case FormatJSON:
		return "application/json"
	case FormatForm:
		return "application/x-www-form-urlencoded"
	case FormatMultipart:
		return multipartType
	case FormatXML:
		return "application/xml"
	case FormatLines:
		return "application/x-ndjson"
	case FormatJWT:
		return "application/jwt"
	}
	return ""
}

// JSONType returns the content type of the row's JSON deliveries.
func (p *Provider) JSONType() string {
	for _, media := range p.ContentTypes {
		if isJSON(media) || p.HasForm(FormatJSON) && formatOfType(media) == FormatBytes {
			return media
		}
	}
	return "application/json"
}

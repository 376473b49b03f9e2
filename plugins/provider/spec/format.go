package spec

import (
	"slices"
	"strings"

	"webhookedge/plugins/internal/jsonscan"
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
	return texts(FormatJSON, FormatForm, FormatMultipart, FormatXML, FormatLines, FormatJWT, FormatBytes)
}

// Formats returns the formats that p's deliveries have, never none: those that it
// lists, else those of its content types.
func (p *Provider) Formats() []Format {
	if len(p.Forms) > 0 {
		return p.Forms
	}
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
	case MultipartType:
		return FormatMultipart
	case "application/xml", "text/xml":
		return FormatXML
	case "application/jwt":
		return FormatJWT
	case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines", "application/jsonlines":
		return FormatLines
	}
	switch {
	case IsJSON(media):
		return FormatJSON
	case strings.HasSuffix(media, "+xml"):
		return FormatXML
	case strings.HasSuffix(media, "+jwt"):
		return FormatJWT
	}
	return FormatBytes
}

// HasForm reports whether deliveries of p may have the format f.
func (p *Provider) HasForm(f Format) bool { return slices.Contains(p.Formats(), f) }

// MediaType returns the media type that stands for f, "" for FormatBytes and for an
// unknown one.
func (f Format) MediaType() string {
	switch f {
	case FormatJSON:
		return "application/json"
	case FormatForm:
		return "application/x-www-form-urlencoded"
	case FormatMultipart:
		return MultipartType
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
		if IsJSON(media) || p.HasForm(FormatJSON) && formatOfType(media) == FormatBytes {
			return media
		}
	}
	return "application/json"
}

// IsJSON reports whether a media type is one of JSON documents.
func IsJSON(media string) bool {
	return media == "application/json" || strings.HasSuffix(media, "+json")
}

// MultipartType is the media type of multipart forms.
const MultipartType = "multipart/form-data"

// DuplicateKeys says what becomes of JSON that has two members of one name in an
// object, which RFC 8259, section 4, leaves to each reader.
type DuplicateKeys string

// The ways with duplicate keys.
const (
	// DuplicatesRefused refuses the delivery, so that no two readers of one event see
	// two values. So does the empty text.
	DuplicatesRefused DuplicateKeys = "refuse"
	// DuplicatesLast keeps the last member alone, as most readers do.
	DuplicatesLast DuplicateKeys = "last"
)

// Enum returns the ways.
func (DuplicateKeys) Enum() []string {
	return texts(DuplicatesRefused, DuplicatesLast)
}

// Once returns a document as it is read under l: with the last member of each name alone
// where d says so. The error is that of jsonscan.Scan.
func (d DuplicateKeys) Once(document []byte, l jsonscan.Limits) ([]byte, error) {
	if d != DuplicatesLast || document == nil {
		return document, nil
	}
	return l.Last(document)
}

package tojson

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"webhookedge/plugins/internal/formscan"
)

// What can be wrong with a multipart form. Beside ErrMultipart stands the cause.
var (
	ErrMultipart = errors.New("body is not a valid multipart form")
	ErrFiles     = errors.New("multipart form has a file, and files are refused")
)

// Files says what becomes of a file in a multipart form.
type Files string

// What can become of files.
const (
	FilesRefuse   Files = "refuse"   // ErrFiles
	FilesDescribe Files = "describe" // its name, type, size and SHA-256, without its content
	FilesEmbed    Files = "embed"    // the same with its content in data_base64
)

// Multipart converts multipart/form-data (RFC 7578) as Form does. The boundary is that of
// the body's first line.
//
// A part with a file name becomes an object as o.Files says, with the members filename,
// content_type (absent where the part names none), size, sha256 and data_base64. A file
// is no document, and is another field beside one. The error is ErrMultipart, ErrFiles or
// ErrText.
func Multipart(body []byte, o FormOptions) (data []byte, alone bool, err error) {
	parts, err := formscan.Parts(WithoutBOM(body))
	if err != nil {
		return nil, false, fmt.Errorf("%w: %w", ErrMultipart, err)
	}
	var f fields
	for i := range parts {
		f.carried.Part(&parts[i], o.Document)
		v, err := partValue(&parts[i], o.Files)
		if err != nil {
			return nil, false, err
		}
		f.add(parts[i].Name, v)
	}
	return f.result(o, ErrMultipart)
}

func partValue(part *formscan.Part, files Files) (value, error) {
	switch {
	case part.FileName == "": // a file that nobody chose is empty, and has no name
		return value{text: part.Content}, nil
	case files != FilesDescribe && files != FilesEmbed:
		return value{}, ErrFiles
	}
	if !utf8.ValidString(part.FileName) || !utf8.ValidString(part.ContentType) {
		return value{}, ErrText
	}
	dst := append(make([]byte, 0, 256+base64.StdEncoding.EncodedLen(len(part.Content))), `{"filename":`...)
	dst, _ = jsontext.AppendQuote(dst, part.FileName)
	if part.ContentType != "" {
		dst = append(dst, `,"content_type":`...)
		dst, _ = jsontext.AppendQuote(dst, part.ContentType)
	}
	dst = strconv.AppendInt(append(dst, `,"size":`...), int64(len(part.Content)), 10)
	sum := sha256.Sum256(part.Content)
	dst = hex.AppendEncode(append(dst, `,"sha256":"`...), sum[:])
	dst = append(dst, '"')
	if files == FilesEmbed {
		dst = base64.StdEncoding.AppendEncode(append(dst, `,"data_base64":"`...), part.Content)
		dst = append(dst, '"')
	}
	return value{text: append(dst, '}'), json: true}, nil
}

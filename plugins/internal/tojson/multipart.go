package tojson

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// What can be wrong with a multipart form.
var (
	ErrMultipart = errors.New("body is not the multipart form that it claims to be")
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

// Multipart converts multipart/form-data (RFC 7578) as Form does. A part with a
// file name becomes an object as files says, with the members filename,
// content_type (absent where the part names none), size, sha256 and
// data_base64. The error is ErrMultipart, ErrFiles or ErrText.
func Multipart(body []byte, boundary, document string, files Files) (data []byte, alone bool, err error) {
	if boundary == "" {
		return nil, false, fmt.Errorf("%w: no boundary", ErrMultipart)
	}
	var f fields
	for r := multipart.NewReader(bytes.NewReader(body), boundary); ; {
		part, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, false, fmt.Errorf("%w: a part is broken or the end is missing", ErrMultipart)
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return nil, false, fmt.Errorf("%w: a part does not end", ErrMultipart)
		}
		v, err := partValue(part, content, files)
		if err != nil {
			return nil, false, err
		}
		if err := f.add(part.FormName(), v, ErrMultipart); err != nil {
			return nil, false, err
		}
	}
	if f.n == 0 {
		return nil, false, fmt.Errorf("%w: it has no part", ErrMultipart)
	}
	data, alone = f.object(document)
	return data, alone, nil
}

func partValue(part *multipart.Part, content []byte, files Files) (value, error) {
	name := part.FileName()
	switch {
	case part.FormName() == "":
		return value{}, fmt.Errorf("%w: a part has no name", ErrMultipart)
	case name == "":
		return value{text: content}, nil
	case files != FilesDescribe && files != FilesEmbed:
		return value{}, ErrFiles
	}
	kind := part.Header.Get("Content-Type")
	if !utf8.ValidString(name) || !utf8.ValidString(kind) {
		return value{}, ErrText
	}
	dst := append(make([]byte, 0, 256+base64.StdEncoding.EncodedLen(len(content))), `{"filename":`...)
	dst, _ = jsontext.AppendQuote(dst, name)
	if kind != "" {
		dst = append(dst, `,"content_type":`...)
		dst, _ = jsontext.AppendQuote(dst, kind)
	}
	dst = strconv.AppendInt(append(dst, `,"size":`...), int64(len(content)), 10)
	sum := sha256.Sum256(content)
	dst = hex.AppendEncode(append(dst, `,"sha256":"`...), sum[:])
	dst = append(dst, '"')
	if files == FilesEmbed {
		dst = base64.StdEncoding.AppendEncode(append(dst, `,"data_base64":"`...), content)
		dst = append(dst, '"')
	}
	return value{text: append(dst, '}'), json: true}, nil
}

package tojson

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
)

// declaration is that of XML 1.0, section 2.8. A version is not asked for.
var declaration = regexp.MustCompile(`^<\?xml` +
	`(?:\s+version\s*=\s*(?:"[^"]*"|'[^']*'))?` +
	`(?:\s+encoding\s*=\s*(?:"([^"]*)"|'([^']*)'))?` +
	`(?:\s+standalone\s*=\s*(?:"[^"]*"|'[^']*'))?\s*\?>`)

// maxDeclaration is more than a declaration needs.
const maxDeclaration = 512 // bytes

// declared returns the encoding that an XML document says it has, "" for none.
func declared(text []byte) (string, error) {
	text = bytes.TrimLeft(text, blanks)
	text = text[:min(len(text), maxDeclaration)]
	rest, is := bytes.CutPrefix(text, []byte("<?xml"))
	if !is || len(rest) == 0 || strings.IndexByte(blanks+"?", rest[0]) < 0 {
		return "", nil
	}
	found := declaration.FindSubmatch(text)
	if found == nil {
		return "", errors.New("its declaration cannot be read")
	}
	return strings.ToLower(string(found[1]) + string(found[2])), nil
}

// xmlText returns an XML document as UTF-8 without blanks around it.
func xmlText(body []byte, charset string, relabel bool) ([]byte, error) {
	text, err := xmlUTF8(body, charset, relabel)
	return bytes.Trim(text, blanks), err
}

func xmlUTF8(body []byte, charset string, relabel bool) ([]byte, error) {
	if bytes.HasPrefix(body, bom) {
		return UTF8(body, "", false)
	}
	name, err := declared(body)
	switch {
	case err != nil:
		return nil, err
	case name == "":
		return UTF8(body, charset, relabel)
	case isUTF8Label(name):
		return UTF8(body, "", false)
	}
	from, err := htmlindex.Get(name)
	if err != nil {
		return nil, fmt.Errorf("%w: it is not known", ErrCharset)
	}
	if canonical, err := htmlindex.Name(from); err != nil || strings.HasPrefix(canonical, "utf-16") {
		return UTF8(body, "", false)
	}
	return decode(body, from)
}

// boundMarkup refuses a document with a document type or with too much markup, before the
// decoder makes one token of a tag with all its attributes. It finds the ends of markup as
// the decoder does, up to where that refuses the document.
func boundMarkup(text []byte) error {
	markup, attributes := 0, 0
	for {
		start := bytes.IndexByte(text, '<')
		if start < 0 {
			return nil
		}
		if markup++; markup > maxMarkup {
			return fmt.Errorf("more than %d tags, comments and sections", maxMarkup)
		}
		text = text[start:]
		open, end := "<", ""
		switch {
		case bytes.HasPrefix(text, []byte("<!--")):
			open, end = "<!--", "-->"
		case bytes.HasPrefix(text, []byte("<![CDATA[")):
			open, end = "<![CDATA[", "]]>"
		case bytes.HasPrefix(text, []byte("<?")):
			open, end = "<?", "?>"
		case bytes.HasPrefix(text, []byte("<!")):
			return errors.New("a document type is not allowed")
		}
		text = text[len(open):]
		var length int
		if end != "" {
			length = bytes.Index(text, []byte(end)) + len(end)
		} else {
			var n int
			length, n = tag(text)
			if attributes += n; n > maxOfElement || attributes > maxAttributes {
				return fmt.Errorf("more than %d attributes of an element, or %d in all", maxOfElement, maxAttributes)
			}
		}
		if length < max(len(end), 1) {
			return errors.New("a tag, comment or section does not end")
		}
		text = text[length:]
	}
}

// tag returns the length of the tag that text begins with, behind its bracket, and how
// many attributes it has at most; a length of 0 where it does not end.
func tag(text []byte) (length, attributes int) {
	quote := byte(0)
	for i, b := range text {
		switch {
		case quote != 0:
			if b == quote {
				quote = 0
			}
		case b == '"', b == '\'':
			quote = b
		case b == '=':
			attributes++
		case b == '>':
			return i + 1, attributes
		}
	}
	return 0, attributes
}

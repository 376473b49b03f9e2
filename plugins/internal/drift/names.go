package drift

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName is the longest name, in bytes, that can be a field's. Longer ones are data.
const maxName = 64

var (
	// dataLike are names by their form: e-mail addresses, URLs and paths, UUIDs and hashes,
	// locales, domains of the commonest kind, addresses of IPv6.
	dataLike = regexp.MustCompile(`^(?:.+@.*|.*/.*|[0-9a-fA-F-]{12,}|[a-z]{2,3}[_-][A-Z]{2}|[a-z]{2}-[a-z]{2}|[a-z]{2,3}-[A-Z][a-z]{3}|[\w.-]+\.(?:com|org|net)|[0-9a-fA-F]*:[0-9a-fA-F:]*:[0-9a-fA-F]*)$`)
	// short are names that say nothing alone: a language or a currency, where an object has
	// no others.
	short = regexp.MustCompile(`^(?:[a-z]{2}|[A-Z]{3})$`)
)

// isData reports whether a name looks like data: one that stands for something of which
// there are many, and that may be a secret or about a person.
func isData(name string) bool {
	if name == "" || len(name) > maxName || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) || dataLike.MatchString(name) {
		return true
	}
	c := count(name)
	switch {
	case c.digits >= 5, c.digits >= 4 && c.digits >= c.letters, c.digits > 0 && c.letters == 0:
		return true // numbers, dates, telephone numbers, ids
	case len(name) >= 16 && (c.rises >= 6 || c.digits >= 3 && c.rises >= 2):
		return true // tokens
	}
	return c.letters >= 16 && c.vowels*8 < c.letters // no words
}

// counts are of the characters of a name. Letters are all but digits, blanks, dots, dashes
// and underscores; rises are the upper-case ones behind lower-case ones.
type counts struct{ digits, letters, vowels, rises int }

func count(name string) (n counts) {
	lower := false
	for _, c := range name {
		if c >= '0' && c <= '9' {
			n.digits++
		} else if !strings.ContainsRune("_-. ", c) {
			n.letters++
		}
		if strings.ContainsRune("aeiouyAEIOUY", c) || c > unicode.MaxASCII {
			n.vowels++
		}
		if lower && c >= 'A' && c <= 'Z' {
			n.rises++
		}
		lower = c >= 'a' && c <= 'z'
	}
	return n
}

// areShort reports whether all names of an object are short and of one kind, and there
// are several: languages or currencies.
func areShort(all []string) bool {
	languages := 0
	for _, name := range all {
		if !short.MatchString(name) {
			return false
		}
		if name[0] >= 'a' {
			languages++
		}
	}
	return languages >= 3 && languages == len(all) || languages == 0 && len(all) >= 2
}

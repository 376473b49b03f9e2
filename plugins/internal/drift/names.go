package drift

import (
	"regexp"
	"strings"
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
	if name == "" || len(name) > maxName || !utf8.ValidString(name) || dataLike.MatchString(name) {
		return true
	}
	digits, letters, rises, vowels := 0, 0, 0, 0
	lower := false
	for _, c := range name {
		upper := c >= 'A' && c <= 'Z'
		switch {
		case c < ' ' || c == 0x7f || c == utf8.RuneError:
			return true
		case c >= '0' && c <= '9':
			digits++
		case c != '_' && c != '-' && c != '.' && c != ' ':
			letters++
		}
		if strings.ContainsRune("aeiouyAEIOUY", c) || c > 0x7f {
			vowels++
		}
		if upper && lower {
			rises++
		}
		lower = c >= 'a' && c <= 'z'
	}
	switch {
	case digits >= 5, digits >= 4 && digits >= letters, digits > 0 && letters == 0:
		return true // numbers, dates, telephone numbers, ids
	case len(name) >= 16 && (rises >= 6 || digits >= 3 && rises >= 2):
		return true // tokens
	}
	return letters >= 16 && vowels*8 < letters // no words
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

// Package facts reads what a delivery says of itself: its type, id, time, tenant and
// subject, by what its event is known again, and what of that no signature covers.
package facts

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"webhookedge/plugins/provider/internal/place"
)

// Facts is what a delivery says of itself. Absent facts are empty. An id or a
// subject longer than 256 bytes, with control characters or not in UTF-8 is absent;
// in the type, the action and the tenant such characters and the percent sign are
// percent-encoded, and what is too long is cut and ends in a hash of the whole.
type Facts struct {
	Type    string    // event name without action, "charge.dispute"
	Action  string    // "created"; empty where the provider has none
	ID      string    // delivery or event id, the same when the provider tries again
	Time    time.Time // when it happened, in UTC
	Tenant  string    // account, workspace, organisation or shop
	Subject string    // the resource
	// Unsigned are the names of those facts that stand where the signature does not
	// cover them, in lower case and sorted; nil where Request.Covers is. It is shared
	// and must not be changed.
	Unsigned []string
}

const (
	hexUpper = "0123456789ABCDEF"
	// cutMark follows what is left of a name that is too long. A hyphen is never
	// escaped, so no other name looks like a cut one.
	cutMark = "%2D"
	cutSum  = 16 // bytes of the SHA-256 behind the mark
)

// EscapeName makes a name of what a sender wrote, for the type, the action and
// the tenant, which become parts of subjects, headers and logs: of at most maxFact
// bytes, without control characters, noncharacters (CloudEvents 1.0.2, Type System)
// and bytes that are not UTF-8. Those and the percent sign become %XX a byte, which
// percent-decoding undoes. A name that would be longer is cut and ends in cutMark
// and 32 hex digits of the SHA-256 of the whole, so that two stay distinct.
func EscapeName(text string) string {
	if isFact(text) && !strings.ContainsFunc(text, isEscaped) {
		return text
	}
	var room [maxFact + utf8.UTFMax*len("%XX")]byte
	name, whole := room[:0], 0
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		if r == utf8.RuneError && size == 1 || isEscaped(r) {
			for _, b := range []byte(text[at : at+size]) {
				name = append(name, '%', hexUpper[b>>4], hexUpper[b&0xF])
			}
		} else {
			name = append(name, text[at:at+size]...)
		}
		at += size
		if len(name) <= maxFact-len(cutMark)-2*cutSum {
			whole = len(name)
		}
		if len(name) > maxFact {
			sum := sha256.Sum256([]byte(text))
			return string(hex.AppendEncode(append(name[:whole], cutMark...), sum[:cutSum]))
		}
	}
	return string(name)
}

func isEscaped(r rune) bool {
	return r == '%' || unicode.IsControl(r) || unicode.Is(unicode.Noncharacter_Code_Point, r)
}

// isFact reports whether text can be passed on: short, UTF-8, no control
// characters.
func isFact(text string) bool {
	return text != "" && len(text) <= maxFact && utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}

// fact returns the text at a place where it can be passed on, else "".
func fact(v *place.Values, at place.Place) string {
	if text := v.Sole(at); isFact(text) {
		return text
	}
	return ""
}

// partEscapes keep the texts of a joined id apart.
var partEscapes = strings.NewReplacer("%", "%25", ":", "%3A")

// EscapePart returns text as it stands in an id that is joined of several.
func EscapePart(text string) string { return partEscapes.Replace(text) }

// joinedFacts returns the first list of places that has a fact at each, joined by
// colons, and whether all of it is signed. With escaped the colons of the texts
// themselves are, so that two deliveries of a row never have one id by where they stand.
func joinedFacts(v *place.Values, lists [][]place.Place, escaped bool) (text string, signed bool) {
next:
	for _, list := range lists {
		var texts [maxJoined]string
		signed := true
		for i, at := range list {
			if texts[i] = fact(v, at); texts[i] == "" {
				continue next
			}
			signed = signed && at.In(v.Request.Covers)
			if escaped {
				texts[i] = EscapePart(texts[i])
			}
		}
		if text := strings.Join(texts[:len(list)], ":"); len(text) <= maxFact {
			return text, signed
		}
	}
	return "", true
}

// first returns the first text that get finds at places, and whether it is signed.
func first(v *place.Values, places []place.Place, get func(*place.Values, place.Place) string) (text string, signed bool) {
	for _, at := range places {
		if text := get(v, at); text != "" {
			return text, at.In(v.Request.Covers)
		}
	}
	return "", true
}

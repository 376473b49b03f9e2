package event

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"strings"
)

// MaxToken is the largest number of bytes in one escaped token. MaxLevels of them, a
// provider, a tenant and a prefix stay far below the 4,096 bytes of a NATS protocol line.
const MaxToken = 128

// MaxLevels is how many tokens of a subject an event's type and action become at most.
const MaxLevels = 5

// absent stands in a subject for an empty value, since an empty token is not
// possible in NATS; the value "_" itself is escaped.
const absent = "_"

const (
	cutMark  = "%2D" // "-" is never escaped, so no other token looks like a cut one, and a URI may hold it
	cutSum   = 16    // bytes of the SHA-256 that follow the mark, in hex
	hexUpper = "0123456789ABCDEF"
)

var (
	// ErrToken is a token that EscapeToken never returns.
	ErrToken = errors.New("not an escaped token")
	// ErrTokenCut is a token whose value was too long to be kept whole.
	ErrTokenCut = errors.New("token was cut, its value is not whole")
)

// NATSSubject returns <prefix>.<provider>.<tenant>.<event>[.<action>]. The prefix is taken
// as it is. Provider, tenant and action are one escaped token each, and so is each level of
// the event between Separators; with more than MaxLevels, the last one of the event is all
// that is left of it, separators and all. So no payload can forge a wildcard, another
// provider or tenant, or a level that the separator does not make.
func (e *Event) NATSSubject(prefix string) string {
	var room [256]byte
	dst := append(room[:0], prefix...)
	for _, value := range [...]string{e.Provider, e.Tenant} {
		dst = appendToken(append(dst, '.'), value)
	}
	dst = e.appendLevels(dst)
	if e.Action != "" {
		dst = appendToken(append(dst, '.'), e.Action)
	}
	return string(dst)
}

// appendLevels appends a token for each level of the type, and a dot before each.
func (e *Event) appendLevels(dst []byte) []byte {
	most, rest, more := MaxLevels, e.Type, e.Separator != ""
	if e.Action != "" {
		most--
	}
	for ; more && most > 1; most-- {
		var level string
		if level, rest, more = strings.Cut(rest, e.Separator); !more {
			return appendToken(append(dst, '.'), level)
		}
		dst = appendToken(append(dst, '.'), level)
	}
	return appendToken(append(dst, '.'), rest)
}

// EscapeToken returns value as one token of a NATS subject: A-Z a-z 0-9 _ -
// stay, every other byte becomes %XX in upper-case hex. The empty value is "_"
// and the value "_" is "%5F". A token that would be longer than MaxToken is cut
// before an escape and ends in "%2D" and 32 hex digits of the SHA-256 of the
// whole value, so that two long values stay distinct.
func EscapeToken(value string) string {
	var room [MaxToken + len("%XX")]byte
	return string(appendToken(room[:0], value))
}

// UnescapeToken returns the value of a token. Of a cut one it returns the
// beginning, with ErrTokenCut; what EscapeToken never returns is an ErrToken.
func UnescapeToken(token string) (string, error) {
	if token == absent {
		return "", nil
	}
	if token == "" || len(token) > MaxToken {
		return "", ErrToken
	}
	head, sum, cut := strings.Cut(token, cutMark)
	if cut && (len(sum) != 2*cutSum || strings.Trim(sum, "0123456789abcdef") != "") {
		return "", ErrToken
	}
	value, err := url.PathUnescape(head)
	// One value has one token, so that a subject can be compared as text.
	if err != nil || EscapeToken(value) != head {
		return "", ErrToken
	}
	if cut {
		return value, ErrTokenCut
	}
	return value, nil
}

// MsgID returns the Nats-Msg-Id, <provider>:<id>. Bytes of the id that a header
// cannot carry, and '%', become %XX, so that different ids stay different.
func (e *Event) MsgID() string {
	var room [192]byte
	dst := append(append(room[:0], e.Provider...), ':')
	for i := range len(e.ID) {
		if b := e.ID[i]; b > ' ' && b < 0x7F && b != '%' {
			dst = append(dst, b)
		} else {
			dst = appendPercent(dst, b)
		}
	}
	return string(dst)
}

func appendToken(dst []byte, value string) []byte {
	switch value {
	case "":
		return append(dst, absent...)
	case absent:
		return append(dst, "%5F"...)
	}
	start, whole := len(dst), len(dst)
	for i := range len(value) {
		b := value[i]
		if plain(b) {
			dst = append(dst, b)
		} else {
			dst = appendPercent(dst, b)
		}
		if len(dst)-start <= MaxToken-len(cutMark)-2*cutSum {
			whole = len(dst) // as far as a cut token may go
		}
		if len(dst)-start > MaxToken {
			sum := sha256.Sum256([]byte(value))
			dst = append(dst[:whole], cutMark...)
			return hex.AppendEncode(dst, sum[:cutSum])
		}
	}
	return dst
}

// appendPercent appends the escape of a byte, %XX.
func appendPercent(dst []byte, b byte) []byte {
	return append(dst, '%', hexUpper[b>>4], hexUpper[b&0xF])
}

func plain(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' || b == '_' || b == '-'
}

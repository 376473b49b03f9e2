package event

import (
	"errors"
	"fmt"
	"strings"
)

// ErrSubject is a text that is no subject of an event.
var ErrSubject = errors.New("not the subject of an event")

// SubjectParts are what the subject of an event says of it.
type SubjectParts struct {
	Provider, Tenant string // Tenant is empty where the event has none
	// Levels are those of the event and then its action, where it has one: the subject
	// does not tell which the last one is. With dedupe: exact an empty level stands for an
	// absent action, and the id of the event follows.
	Levels []string
}

// ParseSubject reads what NATSSubject wrote with the same prefix. The error is ErrSubject,
// or ErrTokenCut beside the parts, of which a long one is not whole then.
func ParseSubject(prefix, subject string) (SubjectParts, error) {
	rest, ok := strings.CutPrefix(subject, prefix+".")
	if !ok {
		return SubjectParts{}, fmt.Errorf("%w: it does not begin with %s and a dot", ErrSubject, prefix)
	}
	tokens := strings.Split(rest, ".")
	const around = 2 // provider and tenant
	if len(tokens) <= around || len(tokens) > around+MaxLevels+2 {
		return SubjectParts{}, fmt.Errorf("%w: %d tokens follow the prefix, want a provider, a tenant and 1 to %d levels", ErrSubject, len(tokens), MaxLevels)
	}
	var cut error
	values := make([]string, len(tokens))
	for i, token := range tokens {
		value, err := UnescapeToken(token)
		if errors.Is(err, ErrTokenCut) {
			cut = fmt.Errorf("token %d: %w", i+1, err)
		} else if err != nil {
			return SubjectParts{}, fmt.Errorf("%w: token %d behind the prefix: %w", ErrSubject, i+1, err)
		}
		values[i] = value
	}
	if values[0] == "" {
		return SubjectParts{}, fmt.Errorf("%w: it names no provider", ErrSubject)
	}
	return SubjectParts{Provider: values[0], Tenant: values[1], Levels: values[around:]}, cut
}

package spec

import "webhookedge/plugins/internal/jsonscan"

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
	return []string{string(DuplicatesRefused), string(DuplicatesLast)}
}

// Once returns a document as it is read under l: with the last member of each name alone
// where d says so. The error is that of jsonscan.Scan.
func (d DuplicateKeys) Once(document []byte, l jsonscan.Limits) ([]byte, error) {
	if d != DuplicatesLast || document == nil {
		return document, nil
	}
	return l.Last(document)
}

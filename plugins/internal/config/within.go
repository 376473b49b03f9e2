package config

import (
	"errors"
	"fmt"
)

// Lines returns the errors that are joined in err, and err itself where it is one line.
func Lines(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	// One line that wraps two errors is no list of lines.
	if !ok || errors.Join(joined.Unwrap()...).Error() != err.Error() {
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, Lines(e)...)
	}
	return all
}

// Within puts the name of a record before every line of err, each of which starts with
// the path of a field in that record.
func Within(record string, err error) error {
	if err == nil {
		return nil
	}
	var all []error
	for _, e := range Lines(err) {
		all = append(all, fmt.Errorf("%s.%w", record, e))
	}
	return errors.Join(all...)
}

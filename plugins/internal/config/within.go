package config

import (
	"errors"
	"fmt"
)

// Within puts the name of a record before every line of err, each of which starts with
// the path of a field in that record.
func Within(record string, err error) error {
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	// One line that wraps two errors is no list of lines.
	if !ok || errors.Join(joined.Unwrap()...).Error() != err.Error() {
		return fmt.Errorf("%s.%w", record, err)
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, Within(record, e))
	}
	return errors.Join(all...)
}

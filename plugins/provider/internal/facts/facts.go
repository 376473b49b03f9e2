package facts

import "time"

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

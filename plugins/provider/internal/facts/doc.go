// Package facts reads what a delivery says of itself: its type, id, time, tenant and
// subject, by what its event is known again, and what of that no signature covers.
package facts

// Package normalize makes one event of a delivery: it finds out what a provider
// calls the event, its id, tenant, subject and time, and carries the payload
// along as it came.
//
// JSON stays byte for byte, forms become a JSON object, everything else is
// carried as bytes. A body that is not what its content type says is refused.
//
// It proves nothing: a delivery that no stage verified for the same provider is refused
// unless WithUnverified allows it.
package normalize

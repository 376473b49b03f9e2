// Package outbox keeps events on this machine's disk until the broker has them and can no
// longer lose them, and publishes those that the broker did not take.
package outbox

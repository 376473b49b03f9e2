// Package scheme compiles the ways in which senders prove their deliveries, and verifies
// by them.
package scheme

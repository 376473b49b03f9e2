// Package verify proves who sent a delivery, and refuses one that nobody
// proved. It answers the handshakes by which providers check an endpoint.
//
// What a provider signs, and how, is a row of package provider; this package
// is the stage that applies one row with the secrets of its settings. It goes
// before everything that reads a body or stores anything, and after checks
// that are cheaper than a hash.
//
// It does not detect replays: within the tolerance, or for ever where a provider signs no
// time, the same delivery passes again. The delivery id and the stream's duplicate window
// handle those.
package verify

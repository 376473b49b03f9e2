// Package detail gathers what is known of one delivery for the inspector's page: the
// request as it came, its events as they are stored, what the signature proves, where each
// attribute came from, why it was refused and what to change, and what the policies say.
//
// Nothing that it returns holds a secret, a token or a signature: those are taken out of
// the request and of the payload by the places that the sender's row names, and wherever
// else their texts turn up. What cannot be searched is not shown. Every answer is bounded
// in bytes and time, whatever the sender has sent.
//
// It changes nothing, and asks NATS and the disk anew for each delivery.
package detail

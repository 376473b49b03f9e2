// Package quarantine keeps refused deliveries that are worth a look, and the
// events that are held back, in a JetStream stream of their own.
//
// A refused delivery is copied off the sender's path into a bounded queue and
// stored when the broker takes it; what does not fit the queue or the budget of
// the minute is counted and gone, since anybody can send what is refused; of what
// nothing proved, one source gets a part only, and all of it is removed sooner. An
// event that is held back was proved, and its sender is told 200: it is stored
// before that, in a record that a release can do something with, or the delivery is
// refused.
//
// What authorises a request is removed before anything is queued for the wire,
// signatures stay, and with keys configured a record is sealed. Reading, release
// and removal are for webhookctl; nothing here publishes an event.
package quarantine

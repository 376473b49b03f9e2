// Package ackmodel is a model of the protocol behind an answer of 2xx, small enough to
// go through every state of it. It is for tests alone.
//
// # What it has
//
// Up to three deliveries, their senders, two gateways with a journal each, and a broker
// with a stream, a store of payloads and a quarantine. Delivery A and B have one event
// id and different bodies; C comes from the sender of A after A was answered, under the
// same ordering key, and its payload goes to the store of payloads. B may be forged. The
// state is: which handler works on what; what each journal has (written, synced, set
// aside); what each gateway was told on its present connection; the stream in its order
// and how much of it is synced; the payloads and quarantined deliveries, synced or not;
// events that are on their way and that nobody waits for; whether the duplicate window
// is over; which sender has its 2xx.
//
// # What happens
//
// A sender sends to any gateway until it has a 2xx. A handler writes the event to the
// journal and publishes it, in any order, and answers when the journal is synced (mode
// Journal). A large payload is stored before the event that refers to it. The stream
// drops what it has under an id: the same body is a duplicate, another one is held in
// quarantine, or set aside in the journal where no request is left to hold. An entry
// leaves the journal when the broker said on the present connection that it has the
// event, and has synced since, the payload or the quarantine included. After each
// connect what the journal has is published again, earlier events of a key first. Mode
// Spool is the edge without a journal: it answers at the ack, writes what is not
// acknowledged, and lets go of it at the ack. Mode Broker has no disk.
//
// At any time the link of a gateway may break, an ack or an answer be lost, a handler
// give up, a sender try again while its first try is under way, an event arrive late
// and out of turn, the plugin of a gateway be killed (Kong runs its handlers again), the
// power of a gateway be cut (any of what is not synced is lost), the broker be killed,
// and its power be cut: the stream loses its end from any message that is not synced,
// and any of the payloads and quarantined deliveries that are not, each by itself.
//
// # What must hold
//
// In every state: what was answered with 2xx is in the stream with its payload, in a
// journal or in quarantine; nothing is in the stream twice, no id has two bodies there,
// and nothing that was not verified; no event is stored without its payload, or before
// an earlier one of its key that waits in the same journal; nothing is held that shares
// its id with no other. From every state, without another fault, a state can be reached
// in which every sender is answered, the journals have nothing but what is set aside,
// and every event is in the stream, readable, or held: nothing waits for ever. And every
// sender can be answered while the broker is away (mode Journal).
//
// These hold for any number of faults with two deliveries, and for up to two faults with
// all three. Each of the bugs in bugs.go breaks one of them.
//
// # How it is tied to the code
//
// Accept takes a trace of the real edge, such as the ledger's, and refuses it where no
// run of the model shows it. Line has the format.
//
// # What it leaves out
//
// Clocks: that twice the sync interval went by is taken to mean that the broker has
// synced. Replicas: the broker is one machine. Limits: nothing is full, and no event
// grows too old. The loss of a gateway's disk. Consumers. A journal has one entry a
// delivery, so a handler that runs twice shares it. Publishing and its ack are one step,
// since whatever may come between them is the same as a lost ack or a late arrival; the
// same goes for a duplicate and the look at what is stored, as long as both are done on
// one connection. Order is promised within one gateway alone. A delivery that is set
// aside stays so until an engineer looks at it.
package ackmodel

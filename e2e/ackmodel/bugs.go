package ackmodel

// Bug is a fault of the protocol that is put in on purpose, or several.
type Bug uint32

// The bugs. Each is a switch in the model; the tests show that each is found.
const (
	// DropAtAck lets an entry leave the journal at the broker's ack.
	DropAtAck Bug = 1 << iota
	// DropAtHold lets an entry leave the journal at the quarantine's ack.
	DropAtHold
	// IgnorePayloadSync lets an entry leave the journal when the event is synced,
	// whether or not its payload is.
	IgnorePayloadSync
	// KeepAcks lets acks of an earlier connection count.
	KeepAcks
	// TrustLastSequence lets acks of an earlier connection count unless the last
	// sequence of the stream is smaller than that of the newest ack.
	TrustLastSequence
	// GiveUpDrops lets a handler that gives up take the entry along that another
	// run of it was answered for.
	GiveUpDrops
	// LeaveJournal lets a gateway that was killed forget what its journal has.
	LeaveJournal
	// AnswerUnsynced answers when the entry is written and not synced.
	AnswerUnsynced
	// AnswerAtAck answers at the broker's ack, without the journal.
	AnswerAtAck
	// WaitForBroker never answers without the broker's ack.
	WaitForBroker
	// OutOfOrder publishes an event while an earlier one of its key waits.
	OutOfOrder
	// ParkedBlocks keeps events waiting behind one of their key that is set aside.
	ParkedBlocks
	// FreshMessageID publishes from the journal under a new message id.
	FreshMessageID
	// TrustWindow publishes from the journal without a look whether the stream has
	// the event, when the duplicate window is over.
	TrustWindow
	// ForgetConflict takes every duplicate for the same event.
	ForgetConflict
	// HoldDuplicates takes every duplicate for another event.
	HoldDuplicates
	// AnswerConflict answers for a conflict that the quarantine was not given.
	AnswerConflict
	// DropConflict takes an entry with a conflict out of the journal.
	DropConflict
	// RetryConflict publishes an entry with a conflict again and again.
	RetryConflict
	// EventFirst publishes the event before its payload is stored.
	EventFirst
	// TrustReference takes a duplicate for stored without a look whether the
	// payload that it refers to is there.
	TrustReference
	// DiscardStored removes the payload that the stored event refers to when a
	// duplicate comes.
	DiscardStored
	// SkipVerify lets forged deliveries in.
	SkipVerify
)

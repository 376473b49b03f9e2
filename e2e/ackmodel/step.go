package ackmodel

// Kind is what happens in a step.
type Kind uint8

// The kinds of steps. Those from RequestAgain on are faults: they may happen at any
// time, and nothing relies on them.
const (
	Request Kind = iota
	Write
	Sync
	Upload
	Store
	Duplicate
	Hold
	Park
	Answer
	Drop
	Connect
	SyncStream
	SyncObjects
	SyncQuarantine
	Arrive

	RequestAgain
	StoreUnheard
	DuplicateUnheard
	HoldUnheard
	SendAway
	AnswerUnheard
	GiveUp
	Break
	Kill
	GatewayPower
	BrokerKill
	BrokerPower
	Expire
)

// isFault reports whether nothing relies on steps of the kind.
func (k Kind) isFault() bool { return k >= RequestAgain }

// Step is one thing that may happen, and what is then.
type Step struct {
	To                State
	Kind              Kind
	Delivery, Gateway int8
	Breaks            Violation
}

package ackmodel

import (
	"fmt"
	"strings"
)

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

// sentences has what each kind means, with DELIVERY and GATEWAY for names.
var sentences = [...]string{
	Request:          "the sender of DELIVERY sends it to GATEWAY",
	Write:            "GATEWAY writes DELIVERY to its journal",
	Sync:             "GATEWAY syncs its journal",
	Upload:           "GATEWAY stores the payload of DELIVERY",
	Store:            "GATEWAY publishes DELIVERY, the stream takes it, the ack arrives",
	Duplicate:        "GATEWAY publishes DELIVERY, which the stream has, and the ack arrives",
	Hold:             "GATEWAY publishes DELIVERY, the stream has another body of the id, the quarantine takes this one",
	Park:             "GATEWAY publishes DELIVERY from its journal, the stream has another body of the id, the journal sets this one aside",
	Answer:           "GATEWAY answers 2xx for DELIVERY, and the sender gets it",
	Drop:             "GATEWAY takes DELIVERY out of its journal",
	Connect:          "GATEWAY connects to the broker",
	SyncStream:       "the broker syncs the stream",
	SyncObjects:      "the broker syncs the payloads",
	SyncQuarantine:   "the broker syncs the quarantine",
	Arrive:           "DELIVERY, which was on its way, reaches the broker",
	RequestAgain:     "the sender of DELIVERY sends it to GATEWAY while the other gateway works on it",
	StoreUnheard:     "GATEWAY publishes DELIVERY, the stream takes it, the ack is lost",
	DuplicateUnheard: "GATEWAY publishes DELIVERY, which the stream has, and the ack is lost",
	HoldUnheard:      "GATEWAY publishes DELIVERY, the stream has another body of the id, the quarantine takes this one, and its ack is lost",
	SendAway:         "GATEWAY publishes DELIVERY, and it is on its way for longer than anybody waits",
	AnswerUnheard:    "GATEWAY answers 2xx for DELIVERY, and the answer is lost",
	GiveUp:           "GATEWAY ends with DELIVERY without an answer of 2xx",
	Break:            "the link of GATEWAY breaks",
	Kill:             "the plugin of GATEWAY is killed",
	GatewayPower:     "the power of GATEWAY is cut",
	BrokerKill:       "the broker is killed and starts again",
	BrokerPower:      "the power of the broker is cut",
	Expire:           "the duplicate window ends",
}

// isFault reports whether nothing relies on steps of the kind.
func (k Kind) isFault() bool { return k >= RequestAgain }

// Step is one thing that may happen, and what is then.
type Step struct {
	To                State
	Kind              Kind
	Delivery, Gateway int8
	Breaks            Violation
}

// String is a sentence.
func (s Step) String() string {
	return strings.NewReplacer("DELIVERY", deliveryName(int(s.Delivery)), "GATEWAY", fmt.Sprint("gateway ", s.Gateway+1)).Replace(sentences[s.Kind])
}

func deliveryName(d int) string { return string(rune('A' + d)) }

// String is the steps, a line each, and what is wrong then.
func (c *Counterexample) String() string {
	var out strings.Builder
	for i, step := range c.Path {
		fmt.Fprintf(&out, "%2d. %s\n", i+1, step)
	}
	fmt.Fprintf(&out, "    %s", c.Violation)
	return out.String()
}

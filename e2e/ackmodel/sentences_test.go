package ackmodel

import (
	"fmt"
	"strings"
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

// String is a sentence.
func (v Violation) String() string {
	return [...]string{
		"nothing is wrong",
		"an event that was answered with 2xx is nowhere any more",
		"an event is in the stream twice",
		"two bodies are in the stream under one id",
		"an event that was not verified is in the stream",
		"an event is in the stream whose payload is not stored",
		"an event is in the stream before an earlier one of its key",
		"a delivery is held though no other has its id",
		"something waits for ever",
	}[v]
}

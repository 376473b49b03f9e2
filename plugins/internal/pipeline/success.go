package pipeline

import (
	"errors"
	"fmt"
)

// ErrNothingStored is a delivery that every stage passed and none stored, so that there
// is no answer of success to it. It may go on to somebody else.
var ErrNothingStored = errors.New("every stage passed the delivery, and none stored it")

// success is what an answer of 2xx is made of. Only stored and handshake make one, for
// what is known to be safe; the zero value is a fault.
type success struct {
	code  Code
	ack   string // "" for a handshake
	reply *Reply
}

// stored is the success of a delivery whose events are safe, answered with reply.
func stored(a Ack, reply *Reply) (success, error) {
	switch a.By {
	case AckBroker, AckBrokerMemory, AckSpool:
		return success{Accepted, a.By, reply}, nil
	case AckDuplicate:
		return success{Duplicate, a.By, reply}, nil
	case AckQuarantine:
		return success{Quarantined, a.By, reply}, nil
	case "":
		return success{}, ErrNothingStored
	}
	return success{}, fmt.Errorf("%w: unknown ack %q", ErrNothingStored, a.By)
}

// handshake is the success of a provider's question whether the endpoint is ours.
func handshake(reply *Reply) (success, error) {
	if reply.Code != Handshake {
		return success{}, fmt.Errorf("%w: a stage replied with the code %s", ErrNothingStored, reply.Code)
	}
	return success{code: Handshake, reply: reply}, nil
}

// succeed is the one place that makes an answer of 2xx.
func (c *Chain) succeed(s success) (out Outcome) {
	if s.reply == nil {
		return c.end(&Delivery{}, "", ErrNothingStored, nil)
	}
	out = Outcome{Code: s.code, Status: s.reply.Status, Body: s.reply.Body}
	if out.Status == 0 {
		out.Status = c.status[s.code]
	}
	if s.ack != "" && !c.noAck {
		out.Headers = append(make([]Header, 0, 2), Header{"webhook-ack", s.ack})
	}
	out.Headers = append(out.Headers, s.reply.fields()...)
	return out
}

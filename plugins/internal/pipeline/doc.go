// Package pipeline is the vocabulary of the edge: what a delivery is, what a
// stage does with it, and every way in which one can be refused.
//
// A stage is plain Go and knows nothing of Kong. It reads a Delivery, adds
// what it found out, and passes on by returning nil or ends the way of the
// delivery by returning a *Reject or a *Reply. Chain runs the stages in their
// order under a recover and turns the end into an Outcome: the answer that the
// sender gets and the code that logs and metrics carry.
//
// It is no general middleware: there is no next function, so a stage cannot
// skip, repeat or reorder those behind it.
package pipeline

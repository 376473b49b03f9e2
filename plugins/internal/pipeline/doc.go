// Package pipeline is the vocabulary of the edge: what a delivery is, what a
// stage does with it, and every way in which one can be refused.
//
// A stage is plain Go and knows nothing of Kong. It reads a Delivery, adds what it found
// out, and returns nil to pass the delivery on, or a *Reject or a *Reply to end it.
// Chain runs the stages in order, recovers panics, and makes an Outcome of the end.
//
// It is not general middleware: without a next function, a stage cannot skip, repeat or
// reorder those behind it.
package pipeline

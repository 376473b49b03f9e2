package pipeline

import "context"

// Source is what a delivery still has at the server that took it. Nil is nothing:
// the snapshot holds all there is.
type Source interface {
	// LoadBody returns the body where the snapshot has none because it is large;
	// nil where the request has none. It waits for memory no longer than ctx. Its
	// error is a *Reject with BodyTooLarge, or with Overloaded where other bodies
	// have the memory; any other error is a fault of ours.
	LoadBody(ctx context.Context) ([]byte, error)
	// Reserve counts bytes more towards the memory that the process has for bodies,
	// until the delivery is answered. It waits for nothing, because the delivery
	// may hold what others wait for. Its error is a *Reject with BodyTooLarge where
	// there is not as much, with Overloaded where others have it.
	Reserve(bytes int) error
}

// Reserve counts bytes that a stage is about to hold for d beside the body, before
// it allocates them: what a compressed body expands to. A delivery that came from no
// server, such as a tool's, has no bound. The error is a *Reject with BodyTooLarge or
// Overloaded.
func (d *Delivery) Reserve(bytes int) error {
	if d.Source == nil {
		return nil
	}
	return d.Source.Reserve(bytes)
}

// LoadBody is the step that brings the body of a delivery into memory where the
// server has left it outside. It stands in front of every stage that reads a body,
// and behind those that refuse a delivery without one.
func LoadBody() Stage { return loadBody{} }

type loadBody struct{}

// Name implements Stage.
func (loadBody) Name() string { return "body" }

// Handle sets d.Body.
func (loadBody) Handle(ctx context.Context, d *Delivery) error {
	if d.Source == nil || d.Body != nil {
		return nil
	}
	var err error
	d.Body, err = d.Source.LoadBody(ctx)
	return err
}

var _ Stage = loadBody{}

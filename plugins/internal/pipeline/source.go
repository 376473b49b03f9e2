package pipeline

import "context"

// Source holds what of a delivery is still at the server that took it. Nil means that the
// snapshot is complete.
type Source interface {
	// LoadBody returns the body where the snapshot has none because it is large;
	// nil where the request has none. It waits for memory no longer than ctx. Its
	// error is a *Reject with BodyTooLarge, or with Overloaded where other bodies
	// have the memory; any other error is a fault of ours.
	LoadBody(ctx context.Context) ([]byte, error)
	// Copy returns memory for something large that is made of the body, until the delivery
	// is answered. It counts towards the process's memory for bodies and never waits,
	// because the delivery may hold what others wait for. Its error is a *Reject:
	// BodyTooLarge where there is less in all, Overloaded where others use it.
	Copy(size int) ([]byte, error)
}

// Copy returns memory of size bytes for what a stage makes of the body, such as the
// document of a form. It lives as long as the body does. A delivery that came from no
// server, such as a tool's, has no bound. The error is a *Reject with BodyTooLarge or
// Overloaded.
func (d *Delivery) Copy(size int) ([]byte, error) {
	if d.Source == nil {
		return make([]byte, size), nil
	}
	return d.Source.Copy(size)
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
	if !d.waits() {
		return nil
	}
	var err error
	d.Body, err = d.Source.LoadBody(ctx)
	return err
}

// waits reports whether the body may still be at the server.
func (d *Delivery) waits() bool { return d.Source != nil && d.Body == nil }

var _ Stage = loadBody{}

package pluginserver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"

	"webhookedge/kong/wire"
	"webhookedge/plugins/internal/bound"
	"webhookedge/plugins/internal/pipeline"
)

const (
	// snapshotTimeout bounds the wait for Kong's replies. It is long because
	// Kong answers for the body only when the client has sent all of it, and
	// shorter than the 60 s after which Kong itself gives up on a plugin.
	snapshotTimeout = 50 * time.Second
	// writeTimeout bounds a write to Kong, which reads at once or is stuck. The deadline of
	// a write serves those of the next writeSlack too.
	writeTimeout = 5 * time.Second
	writeSlack   = time.Second
	// maxKept is the largest buffer of answers that a connection keeps.
	maxKept = 64 << 10
)

// States of a conn. Only an idle one may be closed by somebody else.
const (
	idle int32 = iota
	busy
	closed
)

// conn is one connection of Kong's keep-alive pool; one delivery at a time.
type conn struct {
	srv     *Server
	net     net.Conn
	in      *wire.Reader
	out     []byte
	body    body
	state   atomic.Int32
	exited  bool // Kong was told to exit and closes the connection
	deliver delivery

	writable time.Time // until when the deadline of writes is late enough
}

// delivery is what a conn knows of the request that it handles.
type delivery struct {
	sequence int64
	deadline time.Time
	answered bool
	client   bool // Kong has told the client's address
	took     time.Duration
}

// yielding lets other deliveries run before it reads: what Kong is about to send, a reply
// at a time, is then often there as a whole, and is read without waiting for it.
type yielding struct{ net.Conn }

func (y yielding) Read(b []byte) (int, error) {
	runtime.Gosched()
	return y.Conn.Read(b)
}

func (c *conn) serve() {
	defer c.srv.forget(c)
	for {
		if err := c.in.Await(); err != nil {
			c.hungUp(err)
			return
		}
		if !c.state.CompareAndSwap(idle, busy) {
			c.hangUp() // Drain has begun: Kong connects to the next process
			return
		}
		if err := c.call(); err != nil {
			level := slog.LevelWarn
			if errors.Is(err, errUnknownInstance) {
				level = slog.LevelDebug
			}
			c.srv.log.Log(context.Background(), level, "connection to Kong closed", "err", err)
			return
		}
		c.state.Store(idle)
		if c.srv.draining.Load() && !c.in.HasMore() && !c.callPending() {
			c.hangUp()
			return
		}
	}
}

// call answers one RpcCall. An error closes the connection.
func (c *conn) call() error {
	frame, err := c.in.Next()
	if err != nil {
		return err
	}
	rpc, err := parseCall(frame)
	if err != nil {
		return err
	}
	if rpc.kind == wire.CallHandleEvent {
		return c.handleEvent(rpc)
	}
	c.out, err = c.srv.administer(c.out[:0], rpc)
	if err != nil {
		return err
	}
	return c.write()
}

func (c *conn) write() error {
	if now := time.Now(); !now.Before(c.writable) {
		if err := c.net.SetWriteDeadline(now.Add(writeTimeout + writeSlack)); err != nil {
			return err
		}
		c.writable = now.Add(writeSlack)
	}
	_, err := c.net.Write(c.out)
	if cap(c.out) > maxKept {
		c.out = nil
	}
	return err
}

// errUnknownInstance closes the connection, and that is how Kong learns that
// it must start the instance again (pb_rpc.lua, handle_event).
var errUnknownInstance = errors.New("unknown instance, Kong will start it again")

func (c *conn) handleEvent(rpc call) error {
	instance, ok := c.srv.instances.use(rpc.instance)
	if !ok {
		return errUnknownInstance
	}
	defer func() { instance.done(c.srv.now()) }()
	if string(rpc.name) != phaseAccess {
		c.out = appendDone(c.out[:0], rpc.sequence)
		return c.write()
	}
	c.deliver = delivery{sequence: rpc.sequence}
	return c.guarded(instance)
}

// guarded answers even after a panic of this package: a connection closed without an
// answer would make Kong run the handler again and again.
func (c *conn) guarded(i *instance) (err error) {
	defer c.body.share.release()
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		c.srv.log.Error("panic in the plugin server", "err", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
		if !c.deliver.answered {
			err = c.refuseAndClose(&pipeline.Delivery{}, nil)
		}
	}()
	d := &pipeline.Delivery{}
	out, err := c.handle(i, d)
	h := i.handler.Value()
	if err != nil {
		err = errors.Join(err, c.refuseAndClose(d, err))
	} else {
		err = c.answer(h, d, &out)
	}
	if h.Record != nil && c.deliver.took > 0 { // else nothing was asked of the stages
		h.Record(d, &out, c.deliver.took)
	}
	return err
}

// refuseAndClose refuses the delivery on a connection that will not be used again.
func (c *conn) refuseAndClose(d *pipeline.Delivery, err error) error {
	reject := &pipeline.Reject{Code: pipeline.Internal}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		reject.Code = pipeline.DeadlineExceeded
	}
	out := refusals.Refuse(d, reject)
	c.out = appendExit(c.out[:0], &out)
	c.exited, c.deliver.answered = true, true
	return c.write()
}

// handle takes the snapshot and runs the chain. An error means that the
// connection broke before there was anything to answer.
func (c *conn) handle(i *instance, d *pipeline.Delivery) (pipeline.Outcome, error) {
	start, h := time.Now(), i.handler.Value()
	if err := c.net.SetReadDeadline(start.Add(snapshotTimeout)); err != nil {
		return pipeline.Outcome{}, err
	}
	c.body.begin(c, h)
	refusal, err := c.ask(i, d)
	if err != nil {
		return pipeline.Outcome{}, err
	}
	defer c.srv.leave()
	if !c.srv.admit() {
		refusal = errTooMany
	}
	var out pipeline.Outcome
	if refusal = cmp.Or(h.fault, refusal); refusal != nil {
		out = h.Chain.Refuse(d, refusal)
	} else {
		out = c.run(h, d)
	}
	if h.Stored != nil && out.Passed() && !d.Probed() {
		h.Stored(d)
	}
	c.body.share.release() // before Kong, which may be slow, takes the answer
	c.deliver.took = time.Since(start)
	err = c.body.skip()
	if err == nil && out.Err != nil && !c.deliver.client {
		err = c.askClient(d)
	}
	c.srv.report(h, d, &out, c.deliver.took)
	return out, err
}

// askClient asks for the client's address, of a delivery that is refused and whose
// route needs it for nothing else than the log.
func (c *conn) askClient(d *pipeline.Delivery) error {
	c.out = append(c.out[:0], clientPlan.request...)
	if err := c.write(); err != nil {
		return err
	}
	frame, err := c.in.Next()
	if err != nil {
		return fmt.Errorf("reply to %s: %w", clientPlan.questions[0].method, err)
	}
	return clientPlan.questions[0].read(&snapshot{d: d}, frame)
}

// run runs the chain. A delivery that no stage stored may continue to another plugin,
// but is never answered here as if it were stored.
func (c *conn) run(h *Handler, d *pipeline.Delivery) pipeline.Outcome {
	ctx, cancel := bound.WithDeadline(context.Background(), c.deliver.deadline)
	defer cancel()
	d.Source = &c.body
	out := h.Chain.Run(ctx, d)
	if out.Status == 0 && h.Respond != RespondContinue {
		return h.Chain.Refuse(d, pipeline.ErrNothingStored)
	}
	return out
}

// ask sends every question in one write and reads the replies. A refusal, for a body
// that cannot be taken or a malformed reply, is answered; an error means that the
// connection is unusable.
func (c *conn) ask(i *instance, d *pipeline.Delivery) (refusal, err error) {
	h, now := i.handler.Value(), c.srv.now()
	a, known := i.asks(now)
	c.deliver.client = a.learn || a.inLine || a.client
	p := c.srv.plans[a]
	c.out = append(c.out[:0], p.request...)
	if err := c.write(); err != nil {
		return nil, err
	}
	s := snapshot{d: d}
	for _, q := range p.questions {
		var fault error
		if q.read == nil {
			fault, err = c.receiveBody(h, d, refusal != nil)
		} else {
			var frame []byte
			if frame, err = c.in.Next(); err == nil {
				fault = q.read(&s, frame)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("reply to %s: %w", q.method, err)
		}
		if fault != nil && refusal == nil {
			refusal = fmt.Errorf("reply to %s: %w", q.method, fault)
		}
	}
	if known != nil && !a.route {
		d.Route, d.RouteHosts = known.route, known.routeHosts
	}
	i.learn(a, &s, refusal, now)
	return refusal, nil
}

// receiveBody sets d.Body where the body is small. The stages' time runs from here:
// Kong replies when the client has sent it all.
func (c *conn) receiveBody(h *Handler, d *pipeline.Delivery, refused bool) (refusal, err error) {
	if err := c.in.Await(); err != nil {
		return nil, err
	}
	d.ReceivedAt = c.srv.now()
	c.deliver.deadline = time.Now().Add(h.Deadline())
	if size := declaredSize(d.Headers); size > uint64(h.MaxBodyBytes) {
		refused, refusal = true, tooLarge(size, h.MaxBodyBytes)
	}
	if refused {
		return refusal, c.body.ignore()
	}
	d.Body, err = c.body.receive()
	if reject, ok := errors.AsType[*pipeline.Reject](err); ok {
		return reject, nil
	}
	return nil, err
}

func (c *conn) answer(h *Handler, d *pipeline.Delivery, out *pipeline.Outcome) error {
	replies := 0
	if out.Passed() && h.Respond == RespondContinue {
		c.out, replies = appendContinue(c.out[:0], c.deliver.sequence, d, out, h.Share)
	} else {
		c.out = appendExit(c.out[:0], out)
		c.exited = true
	}
	c.deliver.answered = true
	if err := c.write(); err != nil {
		return err
	}
	for range replies {
		if _, err := c.in.Next(); err != nil {
			return fmt.Errorf("reply to a header: %w", err)
		}
	}
	if c.exited {
		return nil // the read deadline stays: Kong closes when the request ends
	}
	return c.net.SetReadDeadline(time.Time{})
}

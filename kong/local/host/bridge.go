package host

import (
	"errors"
	"fmt"

	"webhookedge/kong/wire"
)

// function is one PDK function: it reads arg and appends its reply to dst. An
// empty reply means no value. A *Raised ends the handler like a Lua error.
type function func(x *Context, arg, dst []byte) ([]byte, error)

// flushAt bounds what is gathered of replies while more calls are waiting.
const flushAt = 64 << 10

// bridge serves the plugin's calls until it says that it is done. Replies are
// written when no further call has arrived yet, so that calls which came in one
// write are answered in one.
func (p *Plugin) bridge(c *conn, x *Context) error {
	for {
		method, err := c.next(p.opts.Timeout)
		if err != nil {
			return err
		}
		if len(method) == 0 {
			return p.flush(c)
		}
		fn, known := p.table[string(method)]
		if !known {
			return fmt.Errorf("%w: %q", ErrUnknownMethod, method)
		}
		arg, err := c.next(p.opts.Timeout)
		if err != nil {
			return err
		}
		if err := p.reply(c, x, fn, arg); err != nil {
			return err
		}
	}
}

func (p *Plugin) reply(c *conn, x *Context, fn function, arg []byte) error {
	out, mark := wire.BeginFrame(c.out)
	out, err := fn(x, arg, out)
	if err != nil {
		// What was gathered before must still go out: the plugin may wait
		// for it before it notices that there will be no more.
		c.out = c.out[:mark]
		if ferr := p.flush(c); ferr != nil && !errors.Is(err, errExit) {
			return errors.Join(err, ferr)
		}
		return err
	}
	c.out = wire.EndFrame(out, mark)
	if len(c.out) >= flushAt || !c.r.Pending() {
		return p.flush(c)
	}
	return nil
}

func (p *Plugin) flush(c *conn) error {
	if err := c.flush(); err != nil {
		return raise("replying to plugin: %w", err)
	}
	return nil
}

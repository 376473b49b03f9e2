package host

import (
	"fmt"

	"webhookedge/kong/wire"
)

// function is one PDK function: it reads arg and appends its reply to dst. An
// empty reply means no value. A *Raised ends the handler like a Lua error.
type function func(x *Context, arg, dst []byte) ([]byte, error)

// bridge serves the plugin's calls until it says that it is done. Each reply is a
// write of its own, as Kong's are.
func (p *Plugin) bridge(c *conn, x *Context) error {
	for {
		method, err := c.next(p.opts.Timeout)
		if err != nil {
			return err
		}
		if len(method) == 0 {
			return nil
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
		c.out = c.out[:mark]
		return err
	}
	c.out = wire.EndFrame(out, mark)
	if err := c.flush(); err != nil {
		return raise("replying to plugin: %w", err)
	}
	return nil
}

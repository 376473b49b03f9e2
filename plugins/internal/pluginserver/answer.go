package pluginserver

import (
	"encoding/json"

	"google.golang.org/protobuf/encoding/protowire"

	"webhookedge/kong/wire"
	"webhookedge/plugins/internal/pipeline"
)

// appendExit appends kong.response.exit with its ExitArgs. Kong never replies
// to it: it answers the client and closes the connection.
func appendExit(dst []byte, out *pipeline.Outcome) []byte {
	dst = wire.AppendFrame(dst, "kong.response.exit")
	dst, mark := wire.BeginFrame(dst)
	dst = wire.AppendVarint(dst, 1, uint64(out.Status))
	if len(out.Body) > 0 {
		dst = wire.AppendBytes(dst, 2, out.Body)
	}
	if len(out.Headers) > 0 {
		dst = wire.AppendNested(dst, 3, func(b []byte) []byte {
			for rest := out.Headers; len(rest) > 0; {
				n := 1
				for n < len(rest) && rest[n].Name == rest[0].Name {
					n++
				}
				b, rest = appendHeaderEntry(b, rest[:n]), rest[n:]
			}
			return b
		})
	}
	return wire.EndFrame(dst, mark)
}

// appendHeaderEntry appends an entry of a google.protobuf.Struct for lines of
// one name. Its value is a list of strings, which is how Kong takes headers.
func appendHeaderEntry(dst []byte, lines []pipeline.Header) []byte {
	return wire.AppendNested(dst, 1, func(b []byte) []byte {
		b = wire.AppendBytes(b, 1, lines[0].Name)
		return wire.AppendNested(b, 2, func(b []byte) []byte {
			return wire.AppendNested(b, wire.ValueList, func(b []byte) []byte {
				for _, h := range lines {
					b = wire.AppendNested(b, 1, func(b []byte) []byte { return wire.AppendBytes(b, wire.ValueString, h.Value) })
				}
				return b
			})
		})
	})
}

// appendKV appends a call whose argument is a KV with a string value.
func appendKV(dst []byte, method, key, value string) []byte {
	dst = wire.AppendFrame(dst, method)
	dst, mark := wire.BeginFrame(dst)
	dst = wire.AppendBytes(dst, 1, key)
	dst = wire.AppendNested(dst, 2, func(b []byte) []byte { return wire.AppendBytes(b, wire.ValueString, value) })
	return wire.EndFrame(dst, mark)
}

// appendContinue appends all that lets Kong go on with a delivery that passed:
// headers for the client and the service behind, what was proved for later
// plugins, the empty frame that ends the handler, and its return. It says how
// many replies Kong will send.
func appendContinue(dst []byte, sequence int64, d *pipeline.Delivery, out *pipeline.Outcome, share bool) (b []byte, replies int) {
	for _, h := range out.Headers {
		dst = appendKV(dst, "kong.response.set_header", h.Name, h.Value)
		replies++
	}
	for _, h := range d.Upstream {
		if h.Value != "" {
			dst = appendKV(dst, "kong.service.request.set_header", h.Name, h.Value)
		} else {
			dst = wire.AppendFrame(dst, "kong.service.request.clear_header")
			dst = wire.AppendFrame(dst, wire.AppendBytes(nil, 1, h.Name))
		}
		replies++
	}
	if share && d.Verification != nil {
		if proved, err := json.Marshal(d.Verification); err == nil {
			dst = appendKV(dst, "kong.ctx.shared.set", sharedKey, string(proved))
			replies++
		}
	}
	return appendDone(dst, sequence), replies
}

// appendDone appends the empty frame that ends a handler, and its return.
func appendDone(dst []byte, sequence int64) []byte {
	dst = wire.AppendFrame(dst, "")
	return appendReturn(dst, sequence, protowire.Number(0), nil)
}

package pluginserver

import (
	"encoding/json"

	"google.golang.org/protobuf/encoding/protowire"

	"webhookedge/plugins/internal/pipeline"
)

// appendExit appends kong.response.exit with its ExitArgs. Kong never replies
// to it: it answers the client and closes the connection.
func appendExit(dst []byte, out *pipeline.Outcome) []byte {
	dst = appendFrame(dst, "kong.response.exit")
	dst, mark := beginFrame(dst)
	dst = appendVarint(dst, 1, uint64(out.Status))
	if len(out.Body) > 0 {
		dst = appendBytes(dst, 2, out.Body)
	}
	if len(out.Headers) > 0 {
		dst = appendNested(dst, 3, func(b []byte) []byte {
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
	return endFrame(dst, mark)
}

// appendHeaderEntry appends an entry of a google.protobuf.Struct for lines of
// one name. Its value is a list of strings, which is how Kong takes headers.
func appendHeaderEntry(dst []byte, lines []pipeline.Header) []byte {
	return appendNested(dst, 1, func(b []byte) []byte {
		b = appendBytes(b, 1, lines[0].Name)
		return appendNested(b, 2, func(b []byte) []byte {
			return appendNested(b, valueList, func(b []byte) []byte {
				for _, h := range lines {
					b = appendNested(b, 1, func(b []byte) []byte { return appendBytes(b, valueString, h.Value) })
				}
				return b
			})
		})
	})
}

// appendKV appends a call whose argument is a KV with a string value.
func appendKV(dst []byte, method, key, value string) []byte {
	dst = appendFrame(dst, method)
	dst, mark := beginFrame(dst)
	dst = appendBytes(dst, 1, key)
	dst = appendNested(dst, 2, func(b []byte) []byte { return appendBytes(b, valueString, value) })
	return endFrame(dst, mark)
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
			dst = appendFrame(dst, "kong.service.request.clear_header")
			dst = appendFrame(dst, appendBytes(nil, 1, h.Name))
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
	dst = appendFrame(dst, "")
	return appendReturn(dst, sequence, protowire.Number(0), nil)
}

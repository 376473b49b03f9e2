package pluginserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"unsafe"

	"google.golang.org/protobuf/encoding/protowire"

	"webhookedge/kong/wire"
	"webhookedge/plugins/internal/pipeline"
)

// maxHeaders is the most header lines that kong.request.get_headers returns
// (Kong 3.9, PDK reference). It silently drops the others: a reply of this many may be
// cut, one of fewer is complete.
const maxHeaders = 1000

// errTooManyHeaders refuses a request whose header lines may not all be known.
// One of the others could be a second signature, or a header that the service
// behind Kong trusts and that a stage would have removed.
var errTooManyHeaders error = &pipeline.Reject{
	Code: pipeline.TooManyHeaders,
	Err:  fmt.Errorf("%d header lines or more", maxHeaders),
}

// sharedKey is where webhook-verify leaves in kong.ctx.shared what it proved.
// No client can write there.
const sharedKey = "webhook_edge"

// snapshot is what the replies have told so far.
type snapshot struct {
	d      *pipeline.Delivery
	url    forwarded
	inLine bool // the gateway sets LineVariable
}

// text makes a string of b, which is never written again, without an allocation.
func text(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b)) //nolint:gosec // of a copy, see readHeaders
}

// readHeaders decodes a google.protobuf.Struct of strings and lists of
// strings. Generated code would refuse values that are not UTF-8, and anybody
// on the internet can send those.
func (s *snapshot) readHeaders(frame []byte) error {
	headers := make(pipeline.Headers, 0, min(bytes.Count(frame, []byte{0x0a})+1, maxHeaders))
	err := wire.EachField(bytes.Clone(frame), func(entry wire.Field) error {
		if entry.Num != 1 || entry.Type != protowire.BytesType {
			return nil
		}
		var name, value []byte
		if err := wire.EachField(entry.Bytes, func(f wire.Field) error {
			switch f.Num {
			case 1:
				name = f.Bytes
			case 2:
				value = f.Bytes
			}
			return nil
		}); err != nil {
			return err
		}
		var err error
		headers, err = appendValues(headers, text(name), value, true)
		return err
	})
	if err != nil {
		return err // and no half list
	}
	s.d.Headers = headers
	return nil
}

func appendValues(h pipeline.Headers, name string, value []byte, lists bool) (pipeline.Headers, error) {
	single, isList := "", false
	err := wire.EachField(value, func(f wire.Field) error {
		switch {
		case f.Num == wire.ValueString && f.Type == protowire.BytesType:
			single = text(f.Bytes)
		case f.Num == wire.ValueList && f.Type == protowire.BytesType && lists:
			isList = true
			return wire.EachField(f.Bytes, func(item wire.Field) (err error) {
				h, err = appendValues(h, name, item.Bytes, false)
				return err
			})
		}
		return nil
	})
	if err != nil || isList {
		return h, err
	}
	if len(h) == maxHeaders-1 {
		return h, errTooManyHeaders
	}
	return append(h, pipeline.Header{Name: name, Value: single}), nil
}

// fieldOf returns a field of a message: the last one of its number and type, the
// zero value where there is none.
func fieldOf(frame []byte, num protowire.Number, typ protowire.Type) (found wire.Field, err error) {
	err = wire.EachField(frame, func(f wire.Field) error {
		if f.Num == num && f.Type == typ {
			found = f
		}
		return nil
	})
	return found, err
}

// stringField returns a string of a message, "" where it is absent.
func stringField(frame []byte, num protowire.Number) (string, error) {
	f, err := fieldOf(frame, num, protowire.BytesType)
	return string(f.Bytes), err
}

func (s *snapshot) readMethod(frame []byte) error {
	if string(frame) == "\n\x04POST" { // what nearly every delivery says, without an allocation
		s.d.Method = "POST"
		return nil
	}
	var err error
	s.d.Method, err = stringField(frame, 1)
	return err
}

func (s *snapshot) readPath(frame []byte) error {
	raw, err := stringField(frame, 1)
	s.setTarget(raw)
	return err
}

// readClient leaves the zero address where Kong's cannot be read, for stages
// to refuse.
func (s *snapshot) readClient(frame []byte) error {
	v, err := stringField(frame, 1)
	if addr, parseErr := netip.ParseAddr(v); parseErr == nil {
		s.d.ClientIP = addr
	}
	return err
}

func (s *snapshot) readRequestID(frame []byte) error {
	var err error
	s.d.RequestID, err = stringField(frame, 1)
	return err
}

// Numbers of the fields of a route (pluginsocket.proto of Kong 3.9).
const (
	routeID    = 1
	routeName  = 4
	routeHosts = 7
)

// readRoute reads the name of the route, or its id where it has none, and the hosts
// that it lists.
func (s *snapshot) readRoute(frame []byte) error {
	name, err := stringField(frame, routeName)
	if err == nil && name == "" {
		name, err = stringField(frame, routeID)
	}
	if err != nil {
		return err
	}
	s.d.Route = name
	return wire.EachField(frame, func(f wire.Field) error {
		if f.Num == routeHosts && f.Type == protowire.BytesType {
			s.d.RouteHosts = append(s.d.RouteHosts, string(f.Bytes))
		}
		return nil
	})
}

// readShared takes over what webhook-verify proved earlier in this request.
func (s *snapshot) readShared(frame []byte) error {
	v, err := stringField(frame, wire.ValueString)
	if err != nil || v == "" {
		return err
	}
	var verified pipeline.Verification
	if err := json.Unmarshal([]byte(v), &verified); err != nil || verified.Provider == "" {
		return fmt.Errorf("%w: kong.ctx.shared.%s", wire.ErrMalformed, sharedKey)
	}
	s.d.Verification = &verified
	return nil
}

// errBody is Kong's report that it could not read the body.
var errBody = errors.New("kong could not read the body")

package host

import (
	"bytes"
	"net/netip"

	"github.com/google/uuid"

	"webhookedge/kong/wire"
)

func clientFunctions() map[string]function {
	return map[string]function{
		"kong.client.get_ip":             text(func(x *Context) string { return addr(x.Request.Peer) }),
		"kong.client.get_forwarded_ip":   text(func(x *Context) string { return addr(x.Request.Client) }),
		"kong.client.get_port":           number(func(x *Context) int { return int(x.Request.Peer.Port()) }),
		"kong.client.get_forwarded_port": number(func(x *Context) int { return int(x.Request.Client.Port()) }),
		"kong.client.get_credential":     func(x *Context, _, dst []byte) ([]byte, error) { return append(dst, x.credential...), nil },
		"kong.client.get_consumer":       func(x *Context, _, dst []byte) ([]byte, error) { return append(dst, x.consumer...), nil },
		"kong.client.load_consumer":      loadConsumer,
		"kong.client.authenticate":       authenticate,
		"kong.client.get_protocol":       clientProtocol,
		"kong.ip.is_trusted":             byName(isTrusted),
	}
}

// addr is an address the way nginx writes it.
func addr(a netip.AddrPort) string {
	if !a.IsValid() {
		return ""
	}
	return a.Addr().Unmap().String()
}

// loadConsumer never finds one: consumers are not read from kong.yml here.
func loadConsumer(_ *Context, arg, dst []byte) ([]byte, error) {
	var id string
	var byUsername bool
	if err := wire.Decode(arg, wire.Fields{1: &id, 2: &byUsername}); err != nil {
		return nil, &Raised{err}
	}
	if !byUsername && (len(id) != 36 || uuid.Validate(id) != nil) {
		return nil, raise("cannot load a consumer with an id that is not a uuid")
	}
	return dst, nil
}

func authenticate(x *Context, arg, dst []byte) ([]byte, error) {
	var consumer, credential []byte
	if err := wire.Decode(arg, wire.Fields{1: &consumer, 2: &credential}); err != nil {
		return nil, &Raised{err}
	}
	if consumer == nil && credential == nil {
		return nil, raise("either credential or consumer must be provided")
	}
	x.consumer, x.credential = bytes.Clone(consumer), bytes.Clone(credential)
	return dst, nil
}

// clientProtocol answers with the route's only protocol, or with what the
// client spoke; "allow terminated" makes a trusted peer's X-Forwarded-Proto
// count.
func clientProtocol(x *Context, arg, dst []byte) ([]byte, error) {
	var allowTerminated bool
	if err := wire.Decode(arg, wire.Fields{1: &allowTerminated}); err != nil {
		return nil, &Raised{err}
	}
	route := x.Request.Route
	if route == nil {
		return dst, nil
	}
	if len(route.Protocols) == 1 {
		return wire.AppendString(dst, route.Protocols[0]), nil
	}
	if allowTerminated {
		return wire.AppendString(dst, forwardedScheme(x)), nil
	}
	return wire.AppendString(dst, x.Request.Scheme), nil
}

func isTrusted(x *Context, name string, dst []byte) ([]byte, error) {
	a, err := netip.ParseAddr(name)
	return wire.AppendBool(dst, err == nil && x.Request.Trusted != nil && x.Request.Trusted(a.Unmap())), nil
}

package pluginserver

import (
	"errors"

	"google.golang.org/protobuf/encoding/protowire"
)

// Numbers of the fields of RpcCall and RpcReturn, and of the messages in them
// (go-pdk v0.11.0, server/kong_plugin_protocol/pluginsocket.proto).
const (
	fieldSequence = 1

	callGetPluginNames    = 31
	callGetPluginInfo     = 32
	callStartInstance     = 33
	callGetInstanceStatus = 34
	callCloseInstance     = 35
	callHandleEvent       = 36

	returnPluginNames    = 31
	returnPluginInfo     = 32
	returnInstanceStatus = 33
)

var (
	errMalformed   = errors.New("malformed message from Kong")
	errUnknownCall = errors.New("unknown call from Kong")
)

// call is an RpcCall of Kong. Its byte slices lie in the frame.
type call struct {
	sequence int64
	kind     protowire.Number
	name     []byte // of the plugin, or of the event
	config   []byte
	instance int32
}

// parseCall reads an RpcCall. It is by hand because one comes with every
// delivery, and generated code allocates five times for it.
func parseCall(frame []byte) (call, error) {
	var c call
	err := eachField(frame, func(f field) error {
		switch {
		case f.num == fieldSequence && f.typ == protowire.VarintType:
			c.sequence = int64(f.varint)
		case f.num >= callGetPluginNames && f.num <= callHandleEvent && f.typ == protowire.BytesType:
			c.kind = f.num
			return c.parse(f.bytes)
		}
		return nil
	})
	if err == nil && c.kind == 0 {
		err = errUnknownCall
	}
	return c, err
}

func (c *call) parse(message []byte) error {
	return eachField(message, func(f field) error {
		switch {
		case f.typ == protowire.VarintType && f.num == 1:
			c.instance = int32(f.varint)
		case f.typ == protowire.BytesType && f.num == 1:
			c.name = f.bytes
		case f.typ == protowire.BytesType && f.num == 2 && c.kind == callStartInstance:
			c.config = f.bytes
		case f.typ == protowire.BytesType && f.num == 2:
			c.name = f.bytes
		}
		return nil
	})
}

// field is one field of a protobuf message.
type field struct {
	num    protowire.Number
	typ    protowire.Type
	varint uint64
	bytes  []byte
}

// eachField walks the fields of a message without checking that strings are
// UTF-8: what a client sends need not be.
func eachField(b []byte, visit func(field) error) error {
	for len(b) > 0 {
		var f field
		var n int
		if f.num, f.typ, n = protowire.ConsumeTag(b); n < 0 {
			return errMalformed
		}
		b = b[n:]
		switch f.typ {
		case protowire.VarintType:
			f.varint, n = protowire.ConsumeVarint(b)
		case protowire.BytesType:
			f.bytes, n = protowire.ConsumeBytes(b)
		default:
			n = protowire.ConsumeFieldValue(f.num, f.typ, b)
		}
		if n < 0 {
			return errMalformed
		}
		b = b[n:]
		if err := visit(f); err != nil {
			return err
		}
	}
	return nil
}

// appendReturn appends the frame of an RpcReturn with a result, or with none
// when kind is 0.
func appendReturn(dst []byte, sequence int64, kind protowire.Number, result []byte) []byte {
	dst, mark := beginFrame(dst)
	dst = protowire.AppendTag(dst, fieldSequence, protowire.VarintType)
	dst = protowire.AppendVarint(dst, uint64(sequence))
	if kind != 0 {
		dst = appendBytes(dst, kind, result)
	}
	return endFrame(dst, mark)
}

func appendInstanceStatus(dst []byte, name string, id int32, started int64) []byte {
	dst = appendBytes(dst, 1, name)
	dst = appendVarint(dst, 2, uint64(id))
	if started != 0 {
		dst = appendVarint(dst, 4, uint64(started))
	}
	return dst
}

func appendBytes[T ~string | ~[]byte](dst []byte, num protowire.Number, v T) []byte {
	dst = protowire.AppendTag(dst, num, protowire.BytesType)
	dst = protowire.AppendVarint(dst, uint64(len(v)))
	return append(dst, v...)
}

func appendVarint(dst []byte, num protowire.Number, v uint64) []byte {
	dst = protowire.AppendTag(dst, num, protowire.VarintType)
	return protowire.AppendVarint(dst, v)
}

// appendNested appends a message field whose content fill appends. The content
// is built first, behind dst, because its length stands before it.
func appendNested(dst []byte, num protowire.Number, fill func([]byte) []byte) []byte {
	start := len(dst)
	dst = fill(dst)
	content := len(dst) - start
	var head [20]byte
	h := protowire.AppendVarint(protowire.AppendTag(head[:0], num, protowire.BytesType), uint64(content))
	dst = append(dst, h...)
	copy(dst[start+len(h):], dst[start:start+content])
	copy(dst[start:], h)
	return dst
}

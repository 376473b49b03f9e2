package pluginserver

import (
	"errors"

	"google.golang.org/protobuf/encoding/protowire"

	"webhookedge/kong/wire"
)

var errUnknownCall = errors.New("unknown call from Kong")

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
	err := wire.EachField(frame, func(f wire.Field) error {
		switch {
		case f.Num == wire.FieldSequence && f.Type == protowire.VarintType:
			c.sequence = int64(f.Varint)
		case f.Num >= wire.CallGetPluginNames && f.Num <= wire.CallHandleEvent && f.Type == protowire.BytesType:
			c.kind = f.Num
			return c.parse(f.Bytes)
		}
		return nil
	})
	if err == nil && c.kind == 0 {
		err = errUnknownCall
	}
	return c, err
}

func (c *call) parse(message []byte) error {
	return wire.EachField(message, func(f wire.Field) error {
		switch {
		case f.Type == protowire.VarintType && f.Num == 1:
			c.instance = int32(f.Varint)
		case f.Type == protowire.BytesType && f.Num == 1:
			c.name = f.Bytes
		case f.Type == protowire.BytesType && f.Num == 2 && c.kind == wire.CallStartInstance:
			c.config = f.Bytes
		case f.Type == protowire.BytesType && f.Num == 2:
			c.name = f.Bytes
		}
		return nil
	})
}

// appendReturn appends the frame of an RpcReturn with a result, or with none
// when kind is 0.
func appendReturn(dst []byte, sequence int64, kind protowire.Number, result []byte) []byte {
	dst, mark := wire.BeginFrame(dst)
	dst = wire.AppendVarint(dst, wire.FieldSequence, uint64(sequence))
	if kind != 0 {
		dst = wire.AppendBytes(dst, kind, result)
	}
	return wire.EndFrame(dst, mark)
}

func appendInstanceStatus(dst []byte, name string, id int32, started int64) []byte {
	dst = wire.AppendBytes(dst, 1, name)
	dst = wire.AppendVarint(dst, 2, uint64(id))
	if started != 0 {
		dst = wire.AppendVarint(dst, 4, uint64(started))
	}
	return dst
}

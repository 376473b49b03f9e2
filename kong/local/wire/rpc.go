package wire

import "google.golang.org/protobuf/encoding/protowire"

// Field numbers of RpcCall and RpcReturn.
const (
	callStartInstance    = 33
	callCloseInstance    = 35
	callHandleEvent      = 36
	returnInstanceStatus = 33
)

// Return is an RpcReturn.
type Return struct {
	Sequence int64
	// HasInstance says that an InstanceStatus came along.
	HasInstance bool
	InstanceID  int
	Name        string
}

// AppendStartInstance appends the RpcCall that starts an instance of the plugin
// name with its config as JSON.
func AppendStartInstance(dst []byte, sequence int64, name string, config []byte) []byte {
	dst = appendInt(dst, 1, sequence)
	return appendNested(dst, callStartInstance, func(b []byte) []byte {
		return appendText(appendText(b, 1, name), 2, config)
	})
}

// AppendHandleEvent appends the RpcCall that runs an instance's handler for
// event, "access" for instance. Kong writes the event before the id.
func AppendHandleEvent(dst []byte, sequence int64, instance int, event string) []byte {
	dst = appendInt(dst, 1, sequence)
	return appendNested(dst, callHandleEvent, func(b []byte) []byte {
		return appendInt(appendText(b, 2, event), 1, int64(instance))
	})
}

// AppendCloseInstance appends the RpcCall that closes an instance.
func AppendCloseInstance(dst []byte, sequence int64, instance int) []byte {
	dst = appendInt(dst, 1, sequence)
	return appendNested(dst, callCloseInstance, func(b []byte) []byte {
		return appendInt(b, 1, int64(instance))
	})
}

// DecodeReturn reads an RpcReturn.
func DecodeReturn(b []byte) (Return, error) {
	var out Return
	err := eachField(b, func(num protowire.Number, f field) error {
		switch num {
		case 1:
			out.Sequence = int64(f.num)
			return f.expect(protowire.VarintType)
		case returnInstanceStatus:
			out.HasInstance = true
			if err := f.expect(protowire.BytesType); err != nil {
				return err
			}
			return out.decodeStatus(f.bytes)
		}
		return nil
	})
	return out, err
}

func (r *Return) decodeStatus(b []byte) error {
	return eachField(b, func(num protowire.Number, f field) error {
		switch num {
		case 1:
			r.Name = string(f.bytes)
			return f.expect(protowire.BytesType)
		case 2:
			r.InstanceID = int(int32(f.num))
			return f.expect(protowire.VarintType)
		}
		return nil
	})
}

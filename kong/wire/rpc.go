package wire

// Field numbers of RpcCall and RpcReturn.
const (
	FieldSequence = 1

	CallGetPluginNames    = 31
	CallGetPluginInfo     = 32
	CallStartInstance     = 33
	CallGetInstanceStatus = 34
	CallCloseInstance     = 35
	CallHandleEvent       = 36

	ReturnPluginNames    = 31
	ReturnPluginInfo     = 32
	ReturnInstanceStatus = 33
)

// Return is an RpcReturn.
type Return struct {
	Sequence int64
	// HasInstance says that an InstanceStatus came along.
	HasInstance bool
	InstanceID  int
}

// AppendStartInstance appends the RpcCall that starts an instance of the plugin
// name with its config as JSON.
func AppendStartInstance(dst []byte, sequence int64, name string, config []byte) []byte {
	dst = appendInt(dst, FieldSequence, sequence)
	return AppendNested(dst, CallStartInstance, func(b []byte) []byte {
		return appendText(appendText(b, 1, name), 2, config)
	})
}

// AppendHandleEvent appends the RpcCall that runs an instance's handler for
// event, "access" for instance. Kong writes the event before the id.
func AppendHandleEvent(dst []byte, sequence int64, instance int, event string) []byte {
	dst = appendInt(dst, FieldSequence, sequence)
	return AppendNested(dst, CallHandleEvent, func(b []byte) []byte {
		return appendInt(appendText(b, 2, event), 1, instance)
	})
}

// AppendCloseInstance appends the RpcCall that closes an instance.
func AppendCloseInstance(dst []byte, sequence int64, instance int) []byte {
	dst = appendInt(dst, FieldSequence, sequence)
	return AppendNested(dst, CallCloseInstance, func(b []byte) []byte { return appendInt(b, 1, instance) })
}

// DecodeReturn reads an RpcReturn.
func DecodeReturn(b []byte) (Return, error) {
	var out Return
	err := Decode(b, Fields{FieldSequence: &out.Sequence, ReturnInstanceStatus: func(b []byte) error {
		out.HasInstance = true
		return Decode(b, Fields{2: &out.InstanceID})
	}})
	return out, err
}

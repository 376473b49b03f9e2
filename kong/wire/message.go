package wire

import (
	"bytes"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// AppendString appends a String or ByteString; an empty one is an empty frame,
// which a plugin cannot tell from no value.
func AppendString[T string | []byte](dst []byte, v T) []byte { return appendText(dst, 1, v) }

// AppendInt appends an Int.
func AppendInt(dst []byte, v int) []byte { return appendInt(dst, 1, v) }

// AppendNumber appends a Number.
func AppendNumber(dst []byte, v float64) []byte {
	if v == 0 {
		return dst
	}
	return protowire.AppendFixed64(protowire.AppendTag(dst, 1, protowire.Fixed64Type), math.Float64bits(v))
}

// AppendBool appends a Bool.
func AppendBool(dst []byte, v bool) []byte { return appendBool(dst, 1, v) }

// DecodeString reads a String or a ByteString; the result shares b's memory.
func DecodeString(b []byte) (out []byte, err error) {
	err = Decode(b, Fields{1: &out})
	return out, err
}

// DecodeKV reads a KV. A missing value is nil.
func DecodeKV(b []byte) (key string, value any, err error) {
	err = Decode(b, Fields{1: &key, 2: func(b []byte) (err error) {
		value, err = DecodeValue(b)
		return err
	}})
	return key, value, err
}

// Exit is what a plugin answers with: ExitArgs.
type Exit struct {
	Status  int
	Body    []byte
	Headers map[string]any // nil when the plugin gave none
}

// DecodeExit reads an ExitArgs; the body is a copy.
func DecodeExit(b []byte) (Exit, error) {
	var out Exit
	err := Decode(b, Fields{1: &out.Status, 2: &out.Body, 3: func(b []byte) (err error) {
		out.Headers, err = DecodeStruct(b)
		return err
	}})
	out.Body = bytes.Clone(out.Body)
	return out, err
}

// AppendBodyContent appends a RawBodyResult with the body itself.
func AppendBodyContent(dst, body []byte) []byte { return AppendBytes(dst, 1, body) }

// AppendBodyFile appends a RawBodyResult with the path of the body's file.
func AppendBodyFile(dst []byte, path string) []byte { return AppendBytes(dst, 2, path) }

// AppendCaptures appends a UriCapturesResult; named is in the given order.
func AppendCaptures(dst []byte, unnamed []string, named Table) []byte {
	dst = appendTexts(dst, 1, unnamed)
	for _, e := range named {
		value, _ := e.Value.(string)
		dst = AppendNested(dst, 2, func(b []byte) []byte {
			return appendText(appendText(b, entryKey, e.Key), entryValue, value)
		})
	}
	return dst
}

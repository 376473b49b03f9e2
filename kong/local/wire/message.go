package wire

import (
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// field is one field of a message as it came.
type field struct {
	typ   protowire.Type
	num   uint64 // varint, fixed32 and fixed64
	bytes []byte // length-delimited
}

// eachField calls fn for the fields of message b in their order.
func eachField(b []byte, fn func(protowire.Number, field) error) error {
	for len(b) > 0 {
		num, typ, n := protowire.ConsumeTag(b)
		if n < 0 {
			return fmt.Errorf("%w: %w", ErrMalformed, protowire.ParseError(n))
		}
		b = b[n:]
		f := field{typ: typ}
		switch typ {
		case protowire.VarintType:
			f.num, n = protowire.ConsumeVarint(b)
		case protowire.Fixed64Type:
			f.num, n = protowire.ConsumeFixed64(b)
		case protowire.Fixed32Type:
			var v uint32
			v, n = protowire.ConsumeFixed32(b)
			f.num = uint64(v)
		case protowire.BytesType:
			f.bytes, n = protowire.ConsumeBytes(b)
		default:
			n = protowire.ConsumeFieldValue(num, typ, b)
		}
		if n < 0 {
			return fmt.Errorf("%w: %w", ErrMalformed, protowire.ParseError(n))
		}
		b = b[n:]
		if err := fn(num, f); err != nil {
			return err
		}
	}
	return nil
}

// expect returns ErrMalformed unless f is of type want.
func (f field) expect(want protowire.Type) error {
	if f.typ != want {
		return fmt.Errorf("%w: wire type %d where %d belongs", ErrMalformed, f.typ, want)
	}
	return nil
}

// AppendString appends a String or ByteString; an empty one is an empty frame,
// which a plugin cannot tell from no value.
func AppendString[T string | []byte](dst []byte, v T) []byte {
	return appendText(dst, 1, v)
}

func appendText[T string | []byte](dst []byte, num protowire.Number, v T) []byte {
	if len(v) == 0 {
		return dst
	}
	dst = protowire.AppendTag(dst, num, protowire.BytesType)
	dst = protowire.AppendVarint(dst, uint64(len(v)))
	return append(dst, v...)
}

// AppendInt appends an Int.
func AppendInt(dst []byte, v int64) []byte { return appendInt(dst, 1, v) }

func appendInt(dst []byte, num protowire.Number, v int64) []byte {
	if v == 0 {
		return dst
	}
	return protowire.AppendVarint(protowire.AppendTag(dst, num, protowire.VarintType), uint64(v))
}

// AppendNumber appends a Number.
func AppendNumber(dst []byte, v float64) []byte {
	if v == 0 {
		return dst
	}
	return protowire.AppendFixed64(protowire.AppendTag(dst, 1, protowire.Fixed64Type), math.Float64bits(v))
}

// AppendBool appends a Bool. Kong's encoder writes false too.
func AppendBool(dst []byte, v bool) []byte { return appendBool(dst, 1, v) }

func appendBool(dst []byte, num protowire.Number, v bool) []byte {
	return protowire.AppendVarint(protowire.AppendTag(dst, num, protowire.VarintType), protowire.EncodeBool(v))
}

// DecodeString reads a String or a ByteString; the result shares b's memory.
func DecodeString(b []byte) ([]byte, error) {
	var out []byte
	err := eachField(b, func(num protowire.Number, f field) error {
		if num != 1 {
			return nil
		}
		out = f.bytes
		return f.expect(protowire.BytesType)
	})
	return out, err
}

// DecodeInt reads an Int.
func DecodeInt(b []byte) (int, error) {
	var out int
	err := eachField(b, func(num protowire.Number, f field) error {
		if num != 1 {
			return nil
		}
		out = int(int32(f.num))
		return f.expect(protowire.VarintType)
	})
	return out, err
}

// DecodeBool reads a Bool.
func DecodeBool(b []byte) (bool, error) {
	v, err := DecodeInt(b)
	return v != 0, err
}

// DecodeKV reads a KV. A missing value is nil.
func DecodeKV(b []byte) (key string, value any, err error) {
	err = eachField(b, func(num protowire.Number, f field) error {
		var err error
		switch num {
		case 1:
			key, err = string(f.bytes), f.expect(protowire.BytesType)
		case 2:
			if err = f.expect(protowire.BytesType); err == nil {
				value, err = DecodeValue(f.bytes)
			}
		}
		return err
	})
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
	err := eachField(b, func(num protowire.Number, f field) error {
		var err error
		switch num {
		case 1:
			out.Status, err = int(int32(f.num)), f.expect(protowire.VarintType)
		case 2:
			out.Body, err = append([]byte(nil), f.bytes...), f.expect(protowire.BytesType)
		case 3:
			if err = f.expect(protowire.BytesType); err == nil {
				out.Headers, err = DecodeStruct(f.bytes)
			}
		}
		return err
	})
	return out, err
}

// DecodeTarget reads a Target.
func DecodeTarget(b []byte) (host string, port int, err error) {
	err = eachField(b, func(num protowire.Number, f field) error {
		switch num {
		case 1:
			host = string(f.bytes)
			return f.expect(protowire.BytesType)
		case 2:
			port = int(int32(f.num))
			return f.expect(protowire.VarintType)
		}
		return nil
	})
	return host, port, err
}

// DecodeConsumerSpec reads a ConsumerSpec.
func DecodeConsumerSpec(b []byte) (id string, byUsername bool, err error) {
	err = eachField(b, func(num protowire.Number, f field) error {
		switch num {
		case 1:
			id = string(f.bytes)
			return f.expect(protowire.BytesType)
		case 2:
			byUsername = f.num != 0
			return f.expect(protowire.VarintType)
		}
		return nil
	})
	return id, byUsername, err
}

// DecodeAuthenticate reads an AuthenticateArgs as the encoded Consumer and
// AuthenticatedCredential, each nil when absent. The results are copies.
func DecodeAuthenticate(b []byte) (consumer, credential []byte, err error) {
	err = eachField(b, func(num protowire.Number, f field) error {
		switch num {
		case 1:
			consumer = append([]byte{}, f.bytes...)
			return f.expect(protowire.BytesType)
		case 2:
			credential = append([]byte{}, f.bytes...)
			return f.expect(protowire.BytesType)
		}
		return nil
	})
	return consumer, credential, err
}

// AppendBodyContent appends a RawBodyResult with the body itself.
func AppendBodyContent(dst, body []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(dst, 1, protowire.BytesType), body)
}

// AppendBodyFile appends a RawBodyResult with the path of the body's file.
func AppendBodyFile(dst []byte, path string) []byte {
	return protowire.AppendString(protowire.AppendTag(dst, 2, protowire.BytesType), path)
}

// AppendCaptures appends a UriCapturesResult; named is in the given order.
func AppendCaptures(dst []byte, unnamed []string, named Table) []byte {
	for _, v := range unnamed {
		dst = protowire.AppendString(protowire.AppendTag(dst, 1, protowire.BytesType), v)
	}
	for _, e := range named {
		value, _ := e.Value.(string)
		dst = appendNested(dst, 2, func(b []byte) []byte {
			return appendText(appendText(b, entryKey, e.Key), entryValue, value)
		})
	}
	return dst
}

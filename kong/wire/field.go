package wire

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// ErrMalformed is a message that is not protobuf, or of other wire types.
var ErrMalformed = errors.New("malformed message")

// Field is one field of a message as it came.
type Field struct {
	Num    protowire.Number
	Type   protowire.Type
	Varint uint64 // also of a fixed32 or fixed64
	Bytes  []byte // of a length-delimited field; they share the message's memory
}

// EachField calls visit for the fields of a message in their order. It does not
// check that strings are UTF-8: what a client sends need not be.
func EachField(b []byte, visit func(Field) error) error {
	for len(b) > 0 {
		var f Field
		var n int
		if f.Num, f.Type, n = protowire.ConsumeTag(b); n < 0 {
			return ErrMalformed
		}
		b = b[n:]
		switch f.Type {
		case protowire.VarintType:
			f.Varint, n = protowire.ConsumeVarint(b)
		case protowire.Fixed64Type:
			f.Varint, n = protowire.ConsumeFixed64(b)
		case protowire.BytesType:
			f.Bytes, n = protowire.ConsumeBytes(b)
		default:
			n = protowire.ConsumeFieldValue(f.Num, f.Type, b)
		}
		if n < 0 {
			return ErrMalformed
		}
		b = b[n:]
		if err := visit(f); err != nil {
			return err
		}
	}
	return nil
}

// Fields says where Decode puts the fields of a message, by number: into a *string,
// *[]byte (which shares the message's memory), *int (an int32), *int64 or *bool, or
// to a func([]byte) error for a message.
type Fields map[protowire.Number]any

// Decode reads a message. Fields that are not named are skipped; one of another wire
// type than it should have is ErrMalformed.
func Decode(b []byte, into Fields) error {
	return EachField(b, func(f Field) error {
		want := protowire.VarintType
		switch to := into[f.Num].(type) {
		case nil:
			return nil
		case *int:
			*to = int(int32(f.Varint))
		case *int64:
			*to = int64(f.Varint)
		case *bool:
			*to = f.Varint != 0
		case *string:
			*to, want = string(f.Bytes), protowire.BytesType
		case *[]byte:
			*to, want = f.Bytes, protowire.BytesType
		case func([]byte) error:
			if want = protowire.BytesType; f.Type == want {
				return to(f.Bytes)
			}
		}
		if f.Type != want {
			return fmt.Errorf("%w: field %d has wire type %d, not %d", ErrMalformed, f.Num, f.Type, want)
		}
		return nil
	})
}

// AppendBytes appends a string or bytes, also empty ones.
func AppendBytes[T ~string | ~[]byte](dst []byte, num protowire.Number, v T) []byte {
	dst = protowire.AppendTag(dst, num, protowire.BytesType)
	dst = protowire.AppendVarint(dst, uint64(len(v)))
	return append(dst, v...)
}

// AppendVarint appends a number, also zero.
func AppendVarint(dst []byte, num protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(dst, num, protowire.VarintType), v)
}

// AppendNested appends a message field whose content fill appends. There is no
// second buffer: the content is written first and moved up by the size of its
// length.
func AppendNested(dst []byte, num protowire.Number, fill func([]byte) []byte) []byte {
	dst = protowire.AppendTag(dst, num, protowire.BytesType)
	start := len(dst)
	dst = fill(append(dst, 0))
	size := len(dst) - start - 1
	if n := protowire.SizeVarint(uint64(size)); n > 1 {
		dst = append(dst, make([]byte, n-1)...)
		copy(dst[start+n:], dst[start+1:start+1+size])
	}
	protowire.AppendVarint(dst[:start], uint64(size))
	return dst
}

// appendText appends a string unless it is empty, as Kong's encoder does.
func appendText[T ~string | ~[]byte](dst []byte, num protowire.Number, v T) []byte {
	if len(v) == 0 {
		return dst
	}
	return AppendBytes(dst, num, v)
}

func appendTexts(dst []byte, num protowire.Number, list []string) []byte {
	for _, v := range list {
		dst = AppendBytes(dst, num, v)
	}
	return dst
}

// appendInt appends a number unless it is 0, as Kong's encoder does.
func appendInt[T int | int64](dst []byte, num protowire.Number, v T) []byte {
	if v == 0 {
		return dst
	}
	return AppendVarint(dst, num, uint64(v))
}

// appendBool appends false too, as Kong's encoder does.
func appendBool(dst []byte, num protowire.Number, v bool) []byte {
	return AppendVarint(dst, num, protowire.EncodeBool(v))
}

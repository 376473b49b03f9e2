package wire

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// Errors of decoding.
var (
	// ErrMalformed is a message that is not protobuf, or of other wire types.
	ErrMalformed = errors.New("malformed message")
	// ErrTooDeep is a value nested deeper than Kong's decoder goes.
	ErrTooDeep = errors.New("value nested too deeply")
)

// NullName is what Kong hands on for a protobuf null: its decoder names enum
// values, so a plugin that stores null reads this string back.
const NullName = "NULL_VALUE"

const maxDepth = 100

// Table is a record with an order, for what Kong sends from a Lua table.
type Table []Entry

// Entry is one field of a Table.
type Entry struct {
	Key   string
	Value any
}

// Field numbers of google.protobuf.Value, ListValue and Struct.
const (
	valueNull   = 1
	valueNumber = 2
	valueString = 3
	valueBool   = 4
	valueStruct = 5
	valueList   = 6
	listValues  = 1
	structField = 1
	entryKey    = 1
	entryValue  = 2
)

// AppendValue appends v as a google.protobuf.Value the way Kong encodes a Lua
// value: nil, bool, float64, int, string, []byte, []string, []any, Table or
// map[string]any (by sorted keys). An empty list goes out as an empty record,
// because Lua cannot tell them apart.
func AppendValue(dst []byte, v any) []byte {
	switch v := v.(type) {
	case bool:
		return protowire.AppendVarint(protowire.AppendTag(dst, valueBool, protowire.VarintType), protowire.EncodeBool(v))
	case float64:
		return protowire.AppendFixed64(protowire.AppendTag(dst, valueNumber, protowire.Fixed64Type), math.Float64bits(v))
	case int:
		return AppendValue(dst, float64(v))
	case string:
		return protowire.AppendString(protowire.AppendTag(dst, valueString, protowire.BytesType), v)
	case []byte:
		return protowire.AppendBytes(protowire.AppendTag(dst, valueString, protowire.BytesType), v)
	case []string:
		if len(v) == 0 {
			return appendStruct(dst, nil)
		}
		return appendNested(dst, valueList, func(b []byte) []byte {
			for _, e := range v {
				b = appendNested(b, listValues, func(b []byte) []byte { return AppendValue(b, e) })
			}
			return b
		})
	case []any:
		return appendAnyList(dst, v)
	case Table:
		return appendStruct(dst, v)
	case map[string]any:
		return appendStruct(dst, tableOf(v))
	default:
		// Kong writes the enum's value as 1, which is no value of the enum;
		// readers take it for null.
		return protowire.AppendVarint(protowire.AppendTag(dst, valueNull, protowire.VarintType), 1)
	}
}

// appendAnyList stops at the first nil, as Lua's ipairs does.
func appendAnyList(dst []byte, list []any) []byte {
	if len(list) == 0 || list[0] == nil {
		return appendStruct(dst, nil)
	}
	return appendNested(dst, valueList, func(b []byte) []byte {
		for _, e := range list {
			if e == nil {
				break
			}
			b = appendNested(b, listValues, func(b []byte) []byte { return AppendValue(b, e) })
		}
		return b
	})
}

func appendStruct(dst []byte, t Table) []byte {
	return appendNested(dst, valueStruct, func(b []byte) []byte { return AppendTable(b, t) })
}

func tableOf(m map[string]any) Table {
	t := make(Table, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		if m[k] != nil {
			t = append(t, Entry{k, m[k]})
		}
	}
	return t
}

// AppendTable appends t as a google.protobuf.Struct.
func AppendTable(dst []byte, t Table) []byte {
	for _, e := range t {
		dst = appendNested(dst, structField, func(b []byte) []byte {
			b = protowire.AppendString(protowire.AppendTag(b, entryKey, protowire.BytesType), e.Key)
			return appendNested(b, entryValue, func(b []byte) []byte { return AppendValue(b, e.Value) })
		})
	}
	return dst
}

// appendNested appends a message field without a second buffer: the body is
// written first and moved up by the size of its length.
func appendNested(dst []byte, num protowire.Number, body func([]byte) []byte) []byte {
	dst = protowire.AppendTag(dst, num, protowire.BytesType)
	start := len(dst)
	dst = body(append(dst, 0))
	size := len(dst) - start - 1
	if n := protowire.SizeVarint(uint64(size)); n > 1 {
		dst = append(dst, make([]byte, n-1)...)
		copy(dst[start+n:], dst[start+1:start+1+size])
	}
	protowire.AppendVarint(dst[:start], uint64(size))
	return dst
}

// DecodeValue reads a google.protobuf.Value into nil, bool, float64, string,
// []any or map[string]any as Kong's Lua does: false becomes nil and null the
// string NullName.
func DecodeValue(b []byte) (any, error) { return decodeValue(b, 0) }

func decodeValue(b []byte, depth int) (any, error) {
	if depth > maxDepth {
		return nil, ErrTooDeep
	}
	var out any
	err := eachField(b, func(num protowire.Number, f field) error {
		type kind struct {
			num protowire.Number
			typ protowire.Type
		}
		var err error
		switch (kind{num, f.typ}) {
		case kind{valueNull, protowire.VarintType}:
			out = NullName
		case kind{valueNumber, protowire.Fixed64Type}:
			out = math.Float64frombits(f.num)
		case kind{valueString, protowire.BytesType}:
			out = string(f.bytes)
		case kind{valueBool, protowire.VarintType}:
			out = nil
			if f.num != 0 {
				out = true
			}
		case kind{valueStruct, protowire.BytesType}:
			out, err = decodeStruct(f.bytes, depth+1)
		case kind{valueList, protowire.BytesType}:
			out, err = decodeList(f.bytes, depth+1)
		default:
			if num <= valueList {
				err = fmt.Errorf("%w: value field %d", ErrMalformed, num)
			}
		}
		return err
	})
	return out, err
}

// DecodeStruct reads a google.protobuf.Struct; a field whose value is nil to
// Lua is absent.
func DecodeStruct(b []byte) (map[string]any, error) { return decodeStruct(b, 0) }

func decodeStruct(b []byte, depth int) (map[string]any, error) {
	out := map[string]any{}
	err := eachField(b, func(num protowire.Number, f field) error {
		if num != structField {
			return nil
		}
		key, raw, err := decodeEntry(f)
		if err != nil {
			return err
		}
		v, err := decodeValue(raw, depth+1)
		if v != nil {
			out[key] = v
		} else {
			delete(out, key)
		}
		return err
	})
	return out, err
}

func decodeEntry(f field) (key string, value []byte, err error) {
	if f.typ != protowire.BytesType {
		return "", nil, fmt.Errorf("%w: map entry", ErrMalformed)
	}
	err = eachField(f.bytes, func(num protowire.Number, f field) error {
		if f.typ != protowire.BytesType {
			return fmt.Errorf("%w: map entry", ErrMalformed)
		}
		switch num {
		case entryKey:
			key = string(f.bytes)
		case entryValue:
			value = f.bytes
		}
		return nil
	})
	return key, value, err
}

// DecodeList reads a google.protobuf.ListValue.
func DecodeList(b []byte) ([]any, error) { return decodeList(b, 0) }

func decodeList(b []byte, depth int) ([]any, error) {
	out := []any{}
	err := eachField(b, func(num protowire.Number, f field) error {
		if num != listValues {
			return nil
		}
		if f.typ != protowire.BytesType {
			return fmt.Errorf("%w: list", ErrMalformed)
		}
		v, err := decodeValue(f.bytes, depth+1)
		out = append(out, v)
		return err
	})
	return out, err
}

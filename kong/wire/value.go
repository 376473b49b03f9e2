package wire

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// ErrTooDeep is a value nested deeper than Kong's decoder goes.
var ErrTooDeep = errors.New("value nested too deeply")

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
	ValueString = 3 // of a string
	valueBool   = 4
	valueStruct = 5
	ValueList   = 6 // of a ListValue
	listValues  = 1
	structField = 1
	entryKey    = 1
	entryValue  = 2
)

// AppendValue appends v as a google.protobuf.Value the way Kong encodes a Lua
// value: nil, bool, float64, string, []any, Table or
// map[string]any (by sorted keys). An empty list goes out as an empty record,
// because Lua cannot tell them apart.
func AppendValue(dst []byte, v any) []byte {
	switch v := v.(type) {
	case bool:
		return appendBool(dst, valueBool, v)
	case float64:
		return protowire.AppendFixed64(protowire.AppendTag(dst, valueNumber, protowire.Fixed64Type), math.Float64bits(v))
	case string:
		return AppendBytes(dst, ValueString, v)
	case []any:
		return appendList(dst, v)
	case Table:
		return appendStruct(dst, v)
	case map[string]any:
		return appendStruct(dst, tableOf(v))
	default:
		// Kong writes the enum's value as 1, which is no value of the enum;
		// readers take it for null.
		return AppendVarint(dst, valueNull, 1)
	}
}

// appendList stops at the first nil, as Lua's ipairs does.
func appendList(dst []byte, list []any) []byte {
	if len(list) == 0 || list[0] == nil {
		return appendStruct(dst, nil)
	}
	return AppendNested(dst, ValueList, func(b []byte) []byte {
		for _, e := range list {
			if e == nil {
				break
			}
			b = AppendNested(b, listValues, func(b []byte) []byte { return AppendValue(b, e) })
		}
		return b
	})
}

func appendStruct(dst []byte, t Table) []byte {
	return AppendNested(dst, valueStruct, func(b []byte) []byte { return AppendTable(b, t) })
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
		dst = AppendNested(dst, structField, func(b []byte) []byte {
			b = AppendBytes(b, entryKey, e.Key)
			return AppendNested(b, entryValue, func(b []byte) []byte { return AppendValue(b, e.Value) })
		})
	}
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
	err := EachField(b, func(f Field) error {
		type kind struct {
			num protowire.Number
			typ protowire.Type
		}
		var err error
		switch (kind{f.Num, f.Type}) {
		case kind{valueNull, protowire.VarintType}:
			out = NullName
		case kind{valueNumber, protowire.Fixed64Type}:
			out = math.Float64frombits(f.Varint)
		case kind{ValueString, protowire.BytesType}:
			out = string(f.Bytes)
		case kind{valueBool, protowire.VarintType}:
			out = nil
			if f.Varint != 0 {
				out = true
			}
		case kind{valueStruct, protowire.BytesType}:
			out, err = decodeStruct(f.Bytes, depth+1)
		case kind{ValueList, protowire.BytesType}:
			out, err = decodeList(f.Bytes, depth+1)
		default:
			if f.Num <= ValueList {
				err = fmt.Errorf("%w: value field %d", ErrMalformed, f.Num)
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
	err := Decode(b, Fields{structField: func(entry []byte) error {
		var key string
		var raw []byte
		if err := Decode(entry, Fields{entryKey: &key, entryValue: &raw}); err != nil {
			return err
		}
		v, err := decodeValue(raw, depth+1)
		if v != nil {
			out[key] = v
		} else {
			delete(out, key)
		}
		return err
	}})
	return out, err
}

// DecodeList reads a google.protobuf.ListValue.
func DecodeList(b []byte) ([]any, error) { return decodeList(b, 0) }

func decodeList(b []byte, depth int) ([]any, error) {
	out := []any{}
	err := Decode(b, Fields{listValues: func(b []byte) error {
		v, err := decodeValue(b, depth+1)
		out = append(out, v)
		return err
	}})
	return out, err
}

package scaffold

import (
	"fmt"
	"go/format"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"webhookedge/plugins/provider/spec"
)

// File is that of a provider in Folder: azure_devops.go of azure-devops.
func File(name string) string { return strings.ReplaceAll(name, "-", "_") + ".go" }

// Source returns the Go file of the catalogue that describes the row. Fields that hold
// their zero value, and what is no data, are left out.
func Source(row *spec.Provider) ([]byte, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "package catalogue\n\nimport \"webhookedge/plugins/provider/spec\"\n\nfunc %s() spec.Provider {\n\treturn ", rowFunc(row.Name))
	write(&b, reflect.ValueOf(row).Elem(), true)
	b.WriteString("\n}\n")
	return format.Source([]byte(b.String()))
}

// write writes v as Go, with its type where that is not told by what is around it.
func write(b *strings.Builder, v reflect.Value, typed bool) {
	switch v.Kind() {
	case reflect.String:
		b.WriteString(strconv.Quote(v.String()))
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		fmt.Fprintf(b, "%#v", v)
	case reflect.Pointer:
		b.WriteString("&")
		write(b, v.Elem(), true)
	case reflect.Struct:
		writeStruct(b, v, typed)
	case reflect.Slice:
		b.WriteString(v.Type().String() + "{")
		for i := range v.Len() {
			write(b, v.Index(i), false)
			b.WriteString(", ")
		}
		b.WriteString("}")
	case reflect.Map:
		b.WriteString(v.Type().String() + "{")
		keys := v.MapKeys()
		slices.SortFunc(keys, func(x, y reflect.Value) int { return strings.Compare(x.String(), y.String()) })
		for _, key := range keys {
			b.WriteString(strconv.Quote(key.String()) + ": ")
			write(b, v.MapIndex(key), true)
			b.WriteString(", ")
		}
		b.WriteString("}")
	}
}

// writeStruct writes the fields that are not zero, one a line in a row and its parts.
func writeStruct(b *strings.Builder, v reflect.Value, typed bool) {
	if typed {
		b.WriteString(v.Type().String())
	}
	b.WriteString("{")
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() || v.Field(i).IsZero() || field.Tag.Get("json") == "-" {
			continue
		}
		b.WriteString("\n" + field.Name + ": ")
		write(b, v.Field(i), true)
		b.WriteString(",")
	}
	b.WriteString("\n}")
}

package tojson_test

import (
	"errors"
	"testing"
	"unicode/utf8"

	"webhookedge/plugins/internal/tojson"
)

func TestUTF8(t *testing.T) {
	tests := map[string]struct {
		body, charset string
		relabel       bool
		want          string
		err           error
	}{
		"no label":                                {"é", "", true, "é", nil},
		"a byte order mark":                       {"\ufeffé", "", false, "é", nil},
		"one of two byte order marks":             {"\ufeff\ufeffé", "", false, "\ufeffé", nil},
		"a byte order mark of UTF-8 alone":        {"\ufeff", "", false, "", nil},
		"UTF-8 in quotes":                         {"é", "'utf-8'", true, "é", nil},
		"UTF-8 in double quotes":                  {"é", ` "utf8" `, true, "é", nil},
		"UTF-8 of MySQL":                          {"é", "utf8mb4", true, "é", nil},
		"None":                                    {"é", "None", true, "é", nil},
		"binary":                                  {"é", "binary", true, "é", nil},
		"ASCII":                                   {"é", "us-ascii", true, "é", nil},
		"a charset of nobody":                     {"é", "x-nobody", true, "é", nil},
		"UTF-8 that is said to be Latin 1":        {"é", "iso-8859-1", true, "é", nil},
		"UTF-8 that is said to be GBK":            {"é", "gbk", true, "é", nil},
		"UTF-8 that is said to be UTF-16":         {"é", "utf-16", true, "é", nil},
		"a mark against a label":                  {"\ufeffa\x00", "utf-16", true, "a\x00", nil},
		"ASCII with zeros that is not relabelled": {"a\x00", "utf-16le", false, "a\x00", nil},
		"Latin 1":                                 {"caf\xe9", "ISO-8859-1", true, "café", nil},
		"Latin 1 in quotes":                       {"caf\xe9", "'ISO-8859-1'", true, "café", nil},
		"Latin 1 that is not allowed":             {"caf\xe9", "ISO-8859-1", false, "", tojson.ErrCharset},
		"Windows":                                 {"\x80", "windows-1252", true, "€", nil},
		"Japanese":                                {"\x83\x65", "shift_jis", true, "テ", nil},
		"UTF-16 with a mark":                      {"\xff\xfea\x00", "utf-16", true, "a", nil},
		"UTF-16 with the mark of the other order": {"\xfe\xff\x00a", "utf-16le", true, "a", nil},
		"UTF-16 without one":                      {"\x00a", "UTF-16", true, "a", nil},
		"UTF-16 of one order":                     {"a\x00", "utf-16le", true, "a", nil},
		"UTF-16 that is not allowed":              {"\xff\xfea\x00", "utf-16", false, "", tojson.ErrCharset},
		"UTF-16 with no label":                    {"\xff\xfea\x00", "", true, "", tojson.ErrCharset},
		"UTF-16 with the label of UTF-8":          {"\xff\xfea\x00", "utf-8", true, "", tojson.ErrCharset},
		"UTF-32":                                  {"\xff\xfe\x00\x00a\x00\x00\x00", "utf-32", true, "", tojson.ErrCharset},
		"half a unit of UTF-16":                   {"\xff\xfea", "utf-16", true, "", tojson.ErrCharset},
		"half a surrogate pair":                   {"\xd8\x3d", "utf-16be", true, "", tojson.ErrCharset},
		"not UTF-8 behind a mark":                 {"\ufeff\xe9", "iso-8859-1", true, "", tojson.ErrCharset},
		"not UTF-8 and no label":                  {"\xe9", "", true, "", tojson.ErrCharset},
		"not UTF-8 with the label of it":          {"\xe9", "utf-8", true, "", tojson.ErrCharset},
		"not UTF-8 with the label of MySQL":       {"\xe9", "utf8mb4", true, "", tojson.ErrCharset},
		"not ASCII":                               {"\xe9", "us-ascii", true, "", tojson.ErrCharset},
		"bytes that are none of it":               {"\x83", "shift_jis", true, "", tojson.ErrCharset},
		"not UTF-8 in a charset of nobody":        {"\xe9", "x-nobody", true, "", tojson.ErrCharset},
		"a charset that is not decoded":           {"\xe9", "hz-gb-2312", true, "", tojson.ErrCharset},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := tojson.UTF8([]byte(tc.body), tc.charset, tc.relabel)
			if !errors.Is(err, tc.err) || string(got) != tc.want {
				t.Errorf("got %q, %v, want %q, %v", got, err, tc.want, tc.err)
			}
		})
	}
}

// FuzzUTF8 holds that no label makes another text of what is UTF-8, and that what is taken
// is UTF-8.
func FuzzUTF8(f *testing.F) {
	f.Add([]byte("é"), "gbk")
	f.Add([]byte("\xff\xfea\x00"), "utf-16")
	f.Add([]byte("\xe9"), "'iso-8859-1'")
	f.Add([]byte("\ufeff{}"), "None")
	f.Fuzz(func(t *testing.T, body []byte, charset string) {
		strict, serr := tojson.UTF8(body, charset, false)
		got, err := tojson.UTF8(body, charset, true)
		for _, e := range []error{err, serr} {
			if e != nil && !errors.Is(e, tojson.ErrCharset) {
				t.Fatalf("an error of no kind: %v", e)
			}
		}
		if !utf8.Valid(got) || (serr == nil) != utf8.Valid(body) {
			t.Fatalf("%q became %q (%v)", body, got, serr)
		}
		wide := false
		for _, b := range body {
			wide = wide || b == 0 // ASCII in UTF-16 is UTF-8, too
		}
		if serr == nil && !wide && (err != nil || string(got) != string(strict)) {
			t.Fatalf("%q of %q became %q, %v", body, charset, got, err)
		}
	})
}

package jsonscan_test

import (
	"encoding/json"
	"strings"
	"testing"

	"webhookedge/plugins/internal/jsonscan"
)

// TestScan_acceptsWhatRFC8259Allows and TestScan_refusesWhatRFC8259Forbids are to Scan what parser suites are
// to a parser: a line a rule of RFC 8259, and of what is stricter here.
func TestScan_acceptsWhatRFC8259Allows(t *testing.T) {
	for name, body := range map[string]string{
		"an empty object": "{}", "an empty array": "[]", "a lonely string": `"a"`, "a lonely number": "-0", "a lonely word": "null",
		"an empty string": `""`, "an empty name": `{"":0}`, "names that differ in case": `{"a":1,"A":2}`,
		"one name in two objects":       `[{"a":1},{"a":2}]`,
		"one name above and below":      `{"a":{"a":{"a":0}}}`,
		"names that look alike":         `{"\u00e9":1,"e\u0301":2}`,
		"every blank":                   " \t\r\n[ \t\r\n1 \t\r\n, \t\r\n2 \t\r\n] \t\r\n",
		"blanks around a colon":         "{\"a\" \n:\t1}",
		"zero":                          "[0]",
		"zero below":                    "[-0]",
		"zero with a fraction":          "[0.0]",
		"an exponent":                   "[1e9,1E9,1e+9,1E-9,0e0,1.5e00]",
		"a number without bounds":       "[" + strings.Repeat("9", 5000) + "]",
		"an exponent without bounds":    "[1e999999999]",
		"a fraction without bounds":     "[0." + strings.Repeat("1", 5000) + "]",
		"every short escape":            `["\"\\\/\b\f\n\r\t"]`,
		"escapes in both cases":         `["\u00Ab\uABcd"]`,
		"an escaped zero byte":          `["\u0000"]`,
		"a pair of surrogates":          `["\ud834\uDD1E"]`,
		"half a pair":                   `["\ud834","\udd1e"]`,
		"two halves in the wrong order": `["\udd1e\ud834"]`,
		"characters of four bytes":      "[\"\U0010ffff\"]",
		"a noncharacter":                "[\"\uffff\"]",
		"a delete character":            "[\"\x7f\"]",
		"a byte order mark in a string": "[\"\ufeff\"]",
		"line separators of Unicode":    "[\"\u2028\u2029\"]",
		"an unescaped slash":            `["/"]`,
		"64 arrays":                     strings.Repeat("[", 64) + strings.Repeat("]", 64),
		"64 objects":                    strings.Repeat(`{"a":`, 63) + "{}" + strings.Repeat("}", 63),
		"brackets in strings":           `["` + strings.Repeat("[{", 500) + `"]`,
		"many arrays side by side":      "[" + strings.TrimSuffix(strings.Repeat("[],", 1000), ",") + "]",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := jsonscan.Scan([]byte(body), nil); err != nil {
				t.Error(err)
			}
			if !json.Valid([]byte(body)) {
				t.Error("encoding/json does not take it")
			}
		})
	}
}

func TestScan_refusesWhatRFC8259Forbids(t *testing.T) {
	for name, body := range map[string]string{
		"nothing": "", "a blank": " ", "a zero byte": "\x00", "a byte order mark alone": "\xef\xbb\xbf", "a byte order mark before": "\xef\xbb\xbf[]", "UTF-16": "\xff\xfe[\x00]\x00",
		"a zero byte behind": "[]\x00", "a form feed for a blank": "[\f1]", "a vertical tab for a blank": "[1\v]", "a blank of Unicode": "[1\u00a0]", "a byte order mark behind": "[]\ufeff",
		"two values": "1 2", "two arrays": "[][]", "a comma behind": "[],", "a bracket too many": "[]]", "a brace too many": "{}}", "text behind": "[]x", "a comment": "[/**/]", "a comment behind": "[]//", "a hash": "#\n[]",
		"an array that does not end": "[1", "an object that does not end": `{"a":1`, "a string that does not end": `["a`, "an escape that does not end": `["\`, "a word that does not end": "[nul",
		"a comma alone": "[,]", "a comma first": "[,1]", "a comma last": "[1,]", "two commas": "[1,,2]", "no comma": "[1 2]", "a colon for a comma": `["a":1]`,
		"an object with a comma last": `{"a":1,}`, "an object with a comma first": `{,"a":1}`, "no colon": `{"a" 1}`, "two colons": `{"a"::1}`, "a comma for a colon": `{"a",1}`, "no value": `{"a":}`, "no name": `{:1}`,
		"a name without quotes": `{a:1}`, "a name in single quotes": `{'a':1}`, "a number for a name": `{1:1}`, "a word for a name": `{null:1}`, "an object for a name": `{{}:1}`,
		"a bracket for a brace": `{"a":1]`, "a brace for a bracket": "[1}",
		"a plus": "[+1]", "a minus alone": "[-]", "two minuses": "[--1]", "a zero in front": "[01]", "a zero in front, below": "[-01]", "a point first": "[.5]", "a point last": "[5.]", "a point before an exponent": "[1.e1]",
		"an exponent without digits": "[1e]", "an exponent with a sign alone": "[1e+]", "two exponents": "[1e1e1]", "an exponent with a point": "[1e1.5]", "hex": "[0x1]", "octal": "[0o7]", "a separator": "[1_000]", "digits of another script": "[\u0661]",
		"NaN": "[NaN]", "infinity": "[Infinity]", "infinity below": "[-Infinity]", "True": "[True]", "NULL": "[NULL]", "undefined": "[undefined]",
		"single quotes": "['a']", "no quotes": "[a]", "an escape of x": `["\x00"]`, "an escape of zero": `["\0"]`, "an escape of a": `["\a"]`, "an escape of a quote": `["\'"]`, "an escape of three digits": `["\u00A"]`,
		"an escape that is no hex": `["\u00G0"]`, "an escape in capitals": `["\U0041"]`, "an escape of a blank": `["\ "]`,
		"a line feed in a string": "[\"\n\"]", "a tab in a string": "[\"\t\"]", "a zero byte in a string": "[\"\x00\"]", "a control character in a string": "[\"\x1f\"]", "a control character in a name": "{\"\x01\":1}",
		"a byte that is not UTF-8": "[\"\xff\"]", "a byte that is cut": "[\"\xc3\"]", "an overlong slash": "[\"\xc0\xaf\"]", "a surrogate in UTF-8": "[\"\xed\xa0\x80\"]", "a character beyond the last": "[\"\xf4\x90\x80\x80\"]", "Latin-1": "[\"\xe9\"]",
		"a name twice": `{"a":1,"a":1}`, "a name twice, spelled otherwise": `{"a":1,"\u0061":1}`, "an empty name twice": `{"":1,"":1}`, "a name twice with others between": `{"a":1,"b":2,"c":3,"a":4}`,
		"a name twice deep below": `[[[{"x":{"a":1,"a":2}}]]]`, "names that are one half of a pair each": `{"\ud800":1,"\ud801":1}`,
		"65 arrays": strings.Repeat("[", 65) + strings.Repeat("]", 65), "65 objects": strings.Repeat(`{"a":`, 64) + "{}" + strings.Repeat("}", 64), "a hundred thousand arrays": strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000),
	} {
		t.Run(name, func(t *testing.T) {
			if values, err := jsonscan.Scan([]byte(body), nil); err == nil {
				t.Errorf("taken: %v", values)
			}
		})
	}
}

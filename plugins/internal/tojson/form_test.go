package tojson_test

import (
	"errors"
	"strings"
	"testing"

	"webhookedge/plugins/internal/formscan"
	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/internal/tojson"
)

func TestForm(t *testing.T) {
	tests := map[string]struct {
		body, want string
		err        error
	}{
		"a form":                   {"b=%22%0A&a=x+y&&c", `{"b":"\"\n","a":"x y","c":""}`, nil},
		"a byte order mark":        {"\ufeffa=1", `{"a":"1"}`, nil},
		"a field of several":       {"x=1&y=&x=2", `{"x":["1","2"],"y":""}`, nil},
		"nothing":                  {"", `{}`, nil},
		"bytes that are not UTF-8": {"a=%FF", "", tojson.ErrText},
		"a name that is not UTF-8": {"%FF=a", "", tojson.ErrText},
		"a broken escape":          {"a=%G", "", tojson.ErrForm},
		"a body of separators":     {strings.Repeat("&", 10_000), "", tojson.ErrForm},
		"as many fields as may be": {strings.TrimSuffix(strings.Repeat("a=&", 10_000), "&"), `{"a":[` + strings.TrimSuffix(strings.Repeat(`"",`, 10_000), ",") + `]}`, nil},
		"names of all sorts":       {"a%5Bb%5D=1&%22=2", `{"a[b]":"1","\"":"2"}`, nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, alone, err := tojson.Form([]byte(tc.body), tojson.FormOptions{})
			if !errors.Is(err, tc.err) || string(got) != tc.want || alone {
				t.Errorf("got %.200q alone %v, %v, want %.200q, %v", got, alone, err, tc.want, tc.err)
			}
		})
	}
}

func TestForm_document(t *testing.T) {
	tests := map[string]struct {
		body  string
		want  string
		alone bool
		err   error
	}{
		"alone":                               {"payload=%7B%22a%22%3A+1.0%7D", `{"a": 1.0}`, true, nil},
		"its name escaped":                    {"%70ayload=1", `1`, true, nil},
		"a byte order mark":                   {"\ufeffpayload=1", `1`, true, nil},
		"none":                                {"a=1", `{"a":"1"}`, false, nil},
		"none, and text that is not UTF-8":    {"a=%FF", "", false, tojson.ErrText},
		"another name":                        {"Payload=1", `{"Payload":"1"}`, false, nil},
		"two":                                 {"payload=1&payload=2", "", false, tojson.ErrTwoDocuments},
		"two, spelled otherwise":              {"payload=1&%70ayload=2", "", false, tojson.ErrTwoDocuments},
		"a field beside it":                   {"payload=1&x=1", "", false, tojson.ErrBesideDocument},
		"a field before it":                   {"x=1&payload=1", "", false, tojson.ErrBesideDocument},
		"a field that is not UTF-8 beside it": {"x=%FF&payload=1", "", false, tojson.ErrBesideDocument},
		"half of it":                          {"payload=%7B", "", false, tojson.ErrDocument},
		"more than it":                        {"payload=1%2C2", "", false, tojson.ErrDocument},
		"one that goes on among the fields":   {`x=1&payload=1},"admin":true,"z":{"b":2`, "", false, tojson.ErrBesideDocument},
		"empty":                               {"payload=", "", false, tojson.ErrDocument},
		"one that is not UTF-8":               {"payload=%22%FF%22", "", false, tojson.ErrDocument},
		"one that says why":                   {"payload=%7B", "", false, jsonscan.ErrTruncated},
		"one with a name twice":               {`payload={"a":1,"a":2}`, `{"a":1,"a":2}`, true, nil},
		"more fields than may be":             {"payload=1" + strings.Repeat("&", 10_000), "", false, formscan.ErrPairs},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, alone, err := tojson.Form([]byte(tc.body), tojson.FormOptions{Document: "payload"})
			if !errors.Is(err, tc.err) || string(got) != tc.want || alone != tc.alone {
				t.Errorf("got %.200q alone %v, %v, want %.200q %v, %v", got, alone, err, tc.want, tc.alone, tc.err)
			}
			if err != nil && !errors.Is(err, tojson.ErrForm) && !errors.Is(err, tojson.ErrText) {
				t.Errorf("an error of no kind: %v", err)
			}
		})
	}
}

func TestForm_largeDocumentIsDecodedOnce(t *testing.T) {
	const size = 4 << 20
	body := make([]byte, 0, size+64)
	body = append(body, "payload=%5B"...)
	for range size {
		body = append(body, '1')
	}
	body = append(body, "%5D"...)
	result := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, _, err := tojson.Form(body, tojson.FormOptions{Document: "payload"}); err != nil {
				b.Fatal(err)
			}
		}
	})
	if got := result.AllocedBytesPerOp(); got > size+size/4 {
		t.Errorf("%d bytes for a document of %d", got, size)
	}
}

package tojson_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"

	"webhookedge/plugins/internal/tojson"
)

// parts joins parts of a multipart form with the boundary B.
func parts(all ...string) string {
	return "--B\r\n" + strings.Join(all, "\r\n--B\r\n") + "\r\n--B--\r\n"
}

const (
	partA        = "Content-Disposition: form-data; name=\"a\"\r\n\r\nx \"y\""
	partDocument = "Content-Disposition: form-data; name=\"payload\"\r\n\r\n{\"event\": 1.0}"
	partFile     = "Content-Disposition: form-data; name=\"f\"; filename=\"../a\\\"b.png\"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n"
)

func TestMultipart(t *testing.T) {
	const (
		second   = "Content-Disposition: form-data; name=\"a\"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nz"
		typeless = "Content-Disposition: form-data; name=\"f\"; filename=\"b\"\r\n\r\n"
		unchosen = "Content-Disposition: form-data; name=\"f\"; filename=\"\"\r\nContent-Type: application/octet-stream\r\n\r\n"
		pngSum   = "PNGSUM"
	)
	tests := map[string]struct {
		body  string
		files tojson.Files
		want  string
		err   error
	}{
		"fields":                        {parts(partA, second), "", `{"a":["x \"y\"","z"]}`, nil},
		"a byte order mark":             {"\ufeff" + parts(partA), "", `{"a":"x \"y\""}`, nil},
		"a file that is refused":        {parts(partA, partFile), tojson.FilesRefuse, "", tojson.ErrFiles},
		"a file where nothing is said":  {parts(partFile), "", "", tojson.ErrFiles},
		"a file that nobody chose":      {parts(unchosen), "", `{"f":""}`, nil},
		"a file that is described":      {parts(typeless), tojson.FilesDescribe, `{"f":{"filename":"b","size":0,"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}}`, nil},
		"a file that is embedded":       {parts(partA, partFile), tojson.FilesEmbed, `{"a":"x \"y\"","f":{"filename":"a\"b.png","content_type":"image/png","size":6,"sha256":"PNGSUM","data_base64":"iVBORw0K"}}`, nil},
		"no end":                        {"--B\r\n" + partA, "", "", tojson.ErrMultipart},
		"a part without a name":         {parts("Content-Type: text/plain\r\n\r\nx"), "", "", tojson.ErrMultipart},
		"a field that is not UTF-8":     {parts("Content-Disposition: form-data; name=\"a\"\r\n\r\n\xff"), "", "", tojson.ErrText},
		"more fields than are possible": {parts(strings.Split(strings.Repeat(second+"\x00", 1_001), "\x00")[:1_001]...), "", "", tojson.ErrMultipart},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, alone, err := tojson.Multipart([]byte(tc.body), tojson.FormOptions{Files: tc.files})
			want := strings.ReplaceAll(tc.want, pngSum, fmt.Sprintf("%x", sha256.Sum256([]byte("\x89PNG\r\n"))))
			if !errors.Is(err, tc.err) || string(got) != want || alone {
				t.Errorf("got %q alone %v, %v, want %q, %v", got, alone, err, want, tc.err)
			}
		})
	}
}

func TestMultipart_document(t *testing.T) {
	describe := tojson.FormOptions{Document: "payload", Files: tojson.FilesDescribe}
	refuse := tojson.FormOptions{Document: "payload"}
	named := func(parameters, content string) string {
		return "Content-Disposition: form-data; " + parameters + "\r\n\r\n" + content
	}
	for name, tc := range map[string]struct {
		body  string
		o     tojson.FormOptions
		want  string
		alone bool
		err   error
	}{
		"alone":                             {parts(partDocument), describe, `{"event": 1.0}`, true, nil},
		"none":                              {parts(partA), refuse, `{"a":"x \"y\""}`, false, nil},
		"two":                               {parts(partDocument, partDocument), describe, "", false, tojson.ErrTwoDocuments},
		"a field beside it":                 {parts(partA, partDocument), describe, "", false, tojson.ErrBesideDocument},
		"a file beside it":                  {parts(partDocument, partFile), describe, "", false, tojson.ErrBesideDocument},
		"a file that is refused beside it":  {parts(partDocument, partFile), refuse, "", false, tojson.ErrFiles},
		"a file of its name":                {parts(named(`name="payload"; filename="x"`, "{}")), describe, "", false, tojson.ErrTwoDocuments},
		"its name escaped":                  {parts(partDocument, named(`name="%70ayload"`, "{}")), describe, "", false, tojson.ErrTwoDocuments},
		"half of it":                        {parts(named(`name="payload"`, "{")), describe, "", false, tojson.ErrDocument},
		"one that goes on among the fields": {parts(partA, named(`name="payload"`, `1},"tenant":"evil","z":{"b":2`)), describe, "", false, tojson.ErrBesideDocument},
	} {
		t.Run(name, func(t *testing.T) {
			got, alone, err := tojson.Multipart([]byte(tc.body), tc.o)
			if !errors.Is(err, tc.err) || string(got) != tc.want || alone != tc.alone {
				t.Errorf("got %q alone %v, %v, want %q %v, %v", got, alone, err, tc.want, tc.alone, tc.err)
			}
		})
	}
}

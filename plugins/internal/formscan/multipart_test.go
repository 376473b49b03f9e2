package formscan_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/formscan"
)

// form joins parts of a multipart form with the boundary B.
func form(parts ...string) string {
	return "--B\r\n" + strings.Join(parts, "\r\n--B\r\n") + "\r\n--B--\r\n"
}

// disposition is a part with a Content-Disposition and more headers.
func disposition(parameters, content string, headers ...string) string {
	return strings.Join(append([]string{"Content-Disposition: form-data; " + parameters}, headers...), "\r\n") + "\r\n\r\n" + content
}

func TestParts(t *testing.T) {
	a := disposition(`name="a"`, "1")
	type parts = []formscan.Part
	for name, tc := range map[string]struct {
		body string
		want parts
	}{
		"a part":                       {form(a), parts{{Name: "a", Content: []byte("1")}}},
		"two parts":                    {form(a, disposition(`name=b`, "")), parts{{Name: "a", Content: []byte("1")}, {Name: "b", Content: []byte{}}}},
		"no line end behind it":        {strings.TrimSpace(form(a)), parts{{Name: "a", Content: []byte("1")}}},
		"blanks behind it":             {form(a) + " \t\r\n\n", parts{{Name: "a", Content: []byte("1")}}},
		"content with line ends":       {form(disposition(`name="a"`, "\r\n\r\n1\n--C\r\n")), parts{{Name: "a", Content: []byte("\r\n\r\n1\n--C\r\n")}}},
		"the boundary inside a line":   {form(disposition(`name="a"`, "x--B--")), parts{{Name: "a", Content: []byte("x--B--")}}},
		"a type and a length":          {form(disposition(`name="a"`, "1", "content-type:text/plain", "Content-Length: 1")), parts{{Name: "a", ContentType: "text/plain", Content: []byte("1")}}},
		"an encoding that changes nil": {form(disposition(`name="a"`, "1", "Content-Transfer-Encoding: 8Bit")), parts{{Name: "a", Content: []byte("1")}}},
		"a file":                       {form(disposition(`name="f"; filename="../x/b.png"`, "1")), parts{{Name: "f", File: true, FileName: "b.png", Content: []byte("1")}}},
		"a file without a name":        {form(disposition(`name="f"; filename=""`, "")), parts{{Name: "f", File: true, Content: []byte{}}}},
		"a file in another encoding":   {form(disposition(`name="f"; filename*=UTF-8''%C3%A9`, "1")), parts{{Name: "f", File: true, FileName: "é", Content: []byte("1")}}},
		"a file named with a star":     {form(disposition(`name="f"; filename="a; name*.txt"`, "1")), parts{{Name: "f", File: true, FileName: "a; name*.txt", Content: []byte("1")}}},
		"a quote in a name":            {form(disposition(`name="a\"b"`, "1")), parts{{Name: `a"b`, Content: []byte("1")}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := formscan.Parts([]byte(tc.body))
			if diff := cmp.Diff(tc.want, got); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
			if !formscan.IsMultipart([]byte(tc.body)) {
				t.Error("it is no multipart form for IsMultipart")
			}
		})
	}
}

func TestParts_refuses(t *testing.T) {
	a := disposition(`name="a"`, "1")
	for name, body := range map[string]string{
		"nothing":                            "",
		"no part":                            "--B--\r\n",
		"no part between two boundaries":     "--B\r\n--B--\r\n",
		"an empty part":                      form(""),
		"text in front":                      "text\r\n" + form(a),
		"a line end in front":                "\r\n" + form(a),
		"text behind":                        form(a) + "text",
		"a form behind":                      form(a) + form(a),
		"no end":                             "--B\r\n" + a,
		"an end that is cut":                 "--B\r\n" + a + "\r\n--B-",
		"the end of another boundary":        "--B\r\n" + a + "\r\n--C--\r\n",
		"an end inside":                      form(a, a[:0]+"x\r\n--B--", a),
		"line feeds alone":                   strings.ReplaceAll(form(a), "\r\n", "\n"),
		"a line feed alone before one":       form(disposition(`name="a"`, "1\n--B\r\n"+a)),
		"a carriage return alone before one": form(disposition(`name="a"`, "1\r--B\r\n"+a)),
		"a blank behind a boundary":          form(disposition(`name="a"`, "1\r\n--B \r\n"+a)),
		"a boundary that goes on":            form(disposition(`name="a"`, "1\r\n--Bx\r\n"+a)),
		"a boundary of one byte too many":    strings.ReplaceAll(form(a), "--B", "--"+strings.Repeat("B", 71)),
		"a boundary that ends with a blank":  strings.ReplaceAll(form(a), "--B", "--B "),
		"a boundary of other characters":     strings.ReplaceAll(form(a), "--B", `--"B"`),
		"an empty boundary":                  strings.ReplaceAll(form(a), "--B", "--"),
		"no headers":                         form("\r\n1"),
		"no name":                            form("Content-Type: text/plain\r\n\r\n1"),
		"an empty name":                      form(disposition(`name=""`, "1")),
		"two names":                          form(disposition(`name="a"; name="b"`, "1")),
		"a name in another encoding":         form(disposition(`name*=UTF-8''a`, "1")),
		"a name in another encoding, too":    form(disposition(`name="a"; NAME*=UTF-8''b`, "1")),
		"a name in pieces":                   form(disposition(`name*0="a"; name*1="b"`, "1")),
		"too many parameters":                form(disposition(`name="a"`+strings.Repeat(";", 40), "1")),
		"two dispositions":                   form(disposition(`name="a"`, "1", `content-disposition: form-data; name="b"`)),
		"no form-data":                       form("Content-Disposition: attachment; name=\"a\"\r\n\r\n1"),
		"a folded header":                    form("Content-Disposition: form-data;\r\n name=\"a\"\r\n\r\n1"),
		"a header without a colon":           form(disposition(`name="a"`, "1", "x")),
		"a header without a name":            form(disposition(`name="a"`, "1", ": x")),
		"a line feed in a header":            form(disposition(`name="a"`, "1", "X: y\nContent-Type: z")),
		"a blank in a header's name":         form(disposition(`name="a"`, "1", "X : y")),
		"a part in base64":                   form(disposition(`name="a"`, "MQ==", "Content-Transfer-Encoding: base64")),
		"a part in quoted-printable":         form(disposition(`name="a"`, "=31", "Content-Transfer-Encoding: quoted-printable")),
		"too many headers":                   form("Content-Disposition: form-data; name=\"a\"" + strings.Repeat("\r\nX: y", 16) + "\r\n\r\n1"),
		"headers that are too long":          form(disposition(`name="a"`, "1", "X: "+strings.Repeat("y", formscan.MaxPartHeader))),
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := formscan.Parts([]byte(body)); !errors.Is(err, formscan.ErrMultipart) || got != nil {
				t.Errorf("got %v, %v, want ErrMultipart", got, err)
			}
		})
	}
	many := make([]string, formscan.MaxParts+1)
	for i := range many {
		many[i] = a
	}
	if _, err := formscan.Parts([]byte(form(many...))); !errors.Is(err, formscan.ErrParts) {
		t.Errorf("a part too many: %v", err)
	}
	if got, err := formscan.Parts([]byte(form(many[1:]...))); err != nil || len(got) != formscan.MaxParts {
		t.Errorf("as many parts as may be: %d, %v", len(got), err)
	}
}

func TestBoundary(t *testing.T) {
	for body, want := range map[string]string{
		form(disposition(`name="a"`, "1")): "B", "--a b'()+_,-./:=?\r\n": "a b'()+_,-./:=?", "--" + strings.Repeat("x", 70) + "\r\n": strings.Repeat("x", 70),
		"": "", "--": "", "--\r\n": "", "--B": "", "--B\n": "", "--B \r\n": "", "-B\r\n": "", " --B\r\n": "", "--\"\r\n": "", "--" + strings.Repeat("x", 71) + "\r\n": "",
	} {
		if got, ok := formscan.Boundary([]byte(body)); string(got) != want || ok != (want != "") {
			t.Errorf("%.80q: %q, %v, want %q", body, got, ok, want)
		}
	}
}

func TestMultipartDocument(t *testing.T) {
	const document = "Content-Disposition: form-data; name=\"payload\"\r\n\r\n{}"
	a := disposition(`name="a"`, "1")
	for name, tc := range map[string]struct {
		body string
		want string
		err  error
	}{
		"a document alone":             {form(document), "{}", nil},
		"no document":                  {form(a), "", formscan.ErrNoDocument},
		"two documents":                {form(document, document), "", formscan.ErrTwoDocuments},
		"a field beside it":            {form(document, a), "", formscan.ErrBesideDocument},
		"a file beside it":             {form(document, disposition(`name="f"; filename="x"`, "1")), "", formscan.ErrBesideDocument},
		"a document that is a file":    {form(disposition(`name="payload"; filename="x"`, "{}")), "", formscan.ErrTwoDocuments},
		"a file of its name beside it": {form(document, disposition(`name="payload"; filename="x"`, "{}")), "", formscan.ErrTwoDocuments},
		"its name escaped":             {form(disposition(`name="%70ayload"`, "{}")), "", formscan.ErrTwoDocuments},
		"its name escaped beside it":   {form(document, disposition(`name="%70ayload"`, "{}")), "", formscan.ErrTwoDocuments},
		"no multipart form":            {"payload=1", "", formscan.ErrMultipart},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := formscan.MultipartDocument([]byte(tc.body), "payload")
			if string(got) != tc.want || !errors.Is(err, tc.err) {
				t.Errorf("got %q, %v, want %q, %v", got, err, tc.want, tc.err)
			}
		})
	}
}

// TestParts_worst holds that no body makes Parts take much memory.
func TestParts_worst(t *testing.T) {
	const size = 8 << 20
	a := disposition(`name="a"`, "1")
	parameters := `name="a"`
	for i := range 900 {
		parameters += fmt.Sprintf(";x%d=y", i)
	}
	for name, body := range map[string]string{
		"parts":                          "--B\r\n" + strings.Repeat(a+"\r\n--B\r\n", size/len(a)) + a + "\r\n--B--",
		"lines that begin a boundary":    form(disposition(`name="a"`, strings.Repeat("\r\n--C", size/5))),
		"dashes":                         strings.ReplaceAll(form(disposition(`name="a"`, strings.Repeat("-", size))), "--B", "---"),
		"a header of all of it":          form(disposition(`name="a"`, "1", "X: "+strings.Repeat("y", size))),
		"headers":                        form("X: y" + strings.Repeat("\r\nX: y", size/6) + "\r\n\r\n"),
		"parameters":                     strings.Repeat("--B\r\n"+disposition(parameters, "1")+"\r\n", 1000) + "--B--",
		"different headers in each part": strings.Repeat("--B\r\n"+disposition(`name="a"`, "1", "X: "+strings.Repeat("y", 8000))+"\r\n", 1000) + "--B--",
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := formscan.Parts([]byte(body))
			runtime.ReadMemStats(&after)
			if got := after.TotalAlloc - before.TotalAlloc - uint64(len(body)); got > size/4 {
				t.Errorf("%d bytes (%v)", got, err)
			}
		})
	}
}

// FuzzParts holds Parts against mime/multipart, which finds the same parts in what
// Parts takes.
func FuzzParts(f *testing.F) {
	a := disposition(`name="a"`, "1")
	f.Add([]byte(form(a)))
	f.Add([]byte(form(a, disposition(`name="f"; filename="x\"y"`, "\r\n--C", "Content-Type: a/b"))))
	f.Add([]byte(form(a) + " \r\n"))
	f.Add([]byte("--B \r\n" + a + "\r\n--B --"))
	f.Fuzz(func(t *testing.T, body []byte) {
		parts, err := formscan.Parts(body)
		if err != nil {
			if !errors.Is(err, formscan.ErrMultipart) && !errors.Is(err, formscan.ErrParts) {
				t.Fatalf("an error of no kind: %v", err)
			}
			return
		}
		boundary, ok := formscan.Boundary(body)
		if !ok || !formscan.IsMultipart(body) {
			t.Fatal("parts without a boundary")
		}
		r := multipart.NewReader(bytes.NewReader(body), string(boundary))
		for i := range parts {
			other, err := r.NextRawPart()
			if err != nil {
				t.Fatalf("part %d: %v", i, err)
			}
			content, err := io.ReadAll(other)
			if err != nil || !bytes.Equal(content, parts[i].Content) || other.FormName() != parts[i].Name || other.FileName() != parts[i].FileName {
				t.Fatalf("part %d is %+v; mime/multipart says %q %q %q, %v", i, parts[i], other.FormName(), other.FileName(), content, err)
			}
		}
		if _, err := r.NextRawPart(); !errors.Is(err, io.EOF) {
			t.Fatalf("mime/multipart has another part: %v", err)
		}
	})
}

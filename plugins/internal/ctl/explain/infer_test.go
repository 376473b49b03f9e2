package explain

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/scaffold"
	"webhookedge/plugins/provider/custom"
)

const acmeSecret = "octo-corp-secret-of-the-sender"

// inferOf runs `webhookctl explain --infer` with more arguments.
func inferOf(t *testing.T, in string, args ...string) (string, error) {
	t.Helper()
	t.Setenv("ACME_SECRET", acmeSecret)
	cmd := Command()
	var out bytes.Buffer
	cmd.SetArgs(append([]string{"--infer"}, args...))
	cmd.SetIn(strings.NewReader(in))
	cmd.SetOut(&out)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	err := cmd.ExecuteContext(t.Context())
	return out.String(), err
}

// example is what provider/README.md shows of the command: what is read, and printed.
func example(t *testing.T) (in, out string) {
	t.Helper()
	text, err := os.ReadFile("../../../provider/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "<<'END'\n")
	in, rest, ends := strings.Cut(rest, "END\n```\n\n```yaml\n")
	out, _, closed := strings.Cut(rest, "```\n")
	if !ok || !ends || !closed {
		t.Fatal("the README has no example of --infer")
	}
	return in, out
}

func TestInfer_exampleOfTheREADME(t *testing.T) {
	in, want := example(t)
	got, err := inferOf(t, in, "--name", "acme", "--secret-env", "ACME_SECRET")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-README +printed):\n%s", diff)
	}
}

// TestInfer_rowIsTakenByKongAndScaffold reads what is printed as a kong.yml has it, and as
// `webhookctl providers new --from` does.
func TestInfer_rowIsTakenByKongAndScaffold(t *testing.T) {
	in, _ := example(t)
	printed, err := inferOf(t, in, "--name", "acme", "--secret-env", "ACME_SECRET")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "acme.yml")
	if err := os.WriteFile(file, []byte(printed), 0o600); err != nil {
		t.Fatal(err)
	}
	row, err := scaffold.Read(file, "acme")
	if err != nil {
		t.Fatal(err)
	}
	if err := row.Validate(); err != nil {
		t.Error(err)
	}
	var document map[string]any
	if err := yaml.Unmarshal([]byte(printed), &document); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	var settings struct {
		Custom custom.Provider `json:"custom" doc:"The row of the sender."`
	}
	if err := config.Decode(text, &settings); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(*row, settings.Custom); diff != "" {
		t.Errorf("two readers of one row (-scaffold +config):\n%s", diff)
	}
}

// lineOf is a delivery as a JSON line.
func lineOf(t *testing.T, members map[string]any) string {
	t.Helper()
	text, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	return string(text) + "\n"
}

const inBody = `{"type":"order.paid","id":"ord_91c27d04"}`

func signedLine(t *testing.T, secret, sign string, more map[string]any) string {
	t.Helper()
	members := map[string]any{
		"keys": []string{secret}, "method": "POST", "url": "https://hooks.octo-corp.example/in", "body": inBody,
		"headers": map[string]any{"content-type": "application/json", "acme-sign": sign},
	}
	for name, value := range more {
		members[name] = value
	}
	return lineOf(t, members)
}

func TestInfer_readsLinesAndArchives(t *testing.T) {
	sign := hex.EncodeToString(macOf(acmeSecret, inBody))
	har := `{"log":{"entries":[{"startedDateTime":"2025-06-12T10:00:00Z","request":{"method":"POST","url":"https://hooks.octo-corp.example/in",` +
		`"headers":[{"name":"Acme-Sign","value":"` + sign + `"}],"postData":{"text":` + quoted(t, inBody) + `}}}]}}`
	for name, tc := range map[string]struct {
		in   string
		args []string
	}{
		"a line":                         {signedLine(t, acmeSecret, sign, nil), nil},
		"a line whose key is elsewhere":  {signedLine(t, acmeSecret, sign, map[string]any{"keys": nil}), []string{"--secret-env", "ACME_SECRET"}},
		"two lines":                      {signedLine(t, acmeSecret, sign, nil) + "\n" + signedLine(t, acmeSecret, sign, map[string]any{"at": 1749722400}), nil},
		"a line with its body in base64": {signedLine(t, acmeSecret, sign, map[string]any{"body": "", "body_base64": base64.StdEncoding.EncodeToString([]byte(inBody))}), nil},
		"a HAR":                          {har, []string{"--secret-env", "ACME_SECRET"}},
	} {
		out, err := inferOf(t, tc.in, append(tc.args, "--json")...)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got inferred
		if err := json.Unmarshal([]byte(out), &got); err != nil {
			t.Fatal(err)
		}
		if len(got.Readings) != 1 || got.Custom == nil || !got.Sure || !strings.HasPrefix(got.Readings[0].Summary, `hmac sha256 at header:acme-sign in hex of "{body}"`) {
			t.Errorf("%s: %s", name, out)
		}
		if notes := strings.Join(got.Readings[0].Notes, " "); !strings.Contains(notes, "can be sent again") {
			t.Errorf("%s: no note on replays: %s", name, notes)
		}
	}
}

func quoted(t *testing.T, text string) string {
	t.Helper()
	b, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestInfer_refusesWhatItCannotRead(t *testing.T) {
	sign := hex.EncodeToString(macOf(acmeSecret, inBody))
	line := func(more map[string]any) string { return signedLine(t, acmeSecret, sign, more) }
	for name, tc := range map[string]struct {
		in   string
		args []string
		want string
	}{
		"a misspelt key":       {line(map[string]any{"header": map[string]any{}}), nil, `line 1: the capture cannot be used: unknown key "header"; did you mean "headers"?`},
		"a second such line":   {line(nil) + line(map[string]any{"bdy": ""}), nil, `line 2: the capture cannot be used: unknown key "bdy"; did you mean "body"?`},
		"a name twice":         {`{"url":"a","url":"b"}`, nil, "twice"},
		"no secret":            {line(map[string]any{"keys": nil}), nil, "one secret"},
		"two secrets":          {line(map[string]any{"keys": []string{acmeSecret, "x"}}), nil, "one secret"},
		"another secret":       {line(nil), []string{"--secret-env", "OTHER"}, "OTHER is empty"},
		"lines of two secrets": {line(nil) + line(map[string]any{"keys": []string{acmeSecret + "x"}}), nil, "line 2: "},
		"a HAR and a body":     {`{"log":{}}`, []string{"--body", "x"}, "--body and --url"},
		"nothing":              {"", []string{"--secret-env", "ACME_SECRET"}, "request line"},
		"a request, no secret": {"POST / HTTP/1.1\nHost: a\n\n", nil, "--secret-env"},
	} {
		out, err := inferOf(t, tc.in, tc.args...)
		if err == nil || !strings.Contains(err.Error(), tc.want) || out != "" {
			t.Errorf("%s: %v, %q", name, err, out)
		}
		if err != nil && strings.Contains(err.Error(), acmeSecret) {
			t.Errorf("%s: the error holds the secret: %v", name, err)
		}
	}
	cmd := Command()
	cmd.SetArgs([]string{"--name", "acme"})
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	if err := cmd.ExecuteContext(t.Context()); err == nil || !strings.Contains(err.Error(), "--infer") {
		t.Errorf("flags of --infer without it: %v", err)
	}
}

// TestInfer_neverPrintsTheSecret gives deliveries in which the secret or its text stands
// where something of them is printed.
func TestInfer_neverPrintsTheSecret(t *testing.T) {
	encoded := base64.RawStdEncoding.EncodeToString([]byte(acmeSecret + ">>>?"))
	at := func(more map[string]any, secret, sign string) string { return signedLine(t, secret, sign, more) }
	const path = "https://hooks.octo-corp.example/" + acmeSecret
	for name, in := range map[string]string{
		"a bearer token": at(map[string]any{"headers": map[string]any{"authorization": "Bearer " + acmeSecret}}, acmeSecret, ""),
		"a password":     at(map[string]any{"headers": map[string]any{"authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte("octo:"+acmeSecret))}}, acmeSecret, ""),
		"a parameter":    at(map[string]any{"url": "https://hooks.octo-corp.example/in?token=" + acmeSecret}, acmeSecret, ""),
		"a signed URL":   at(map[string]any{"url": path}, acmeSecret, hex.EncodeToString(macOf(acmeSecret, path+inBody))),
		"a name":         at(map[string]any{"headers": map[string]any{acmeSecret: hex.EncodeToString(macOf(acmeSecret, inBody))}}, acmeSecret, ""),
		"no padding":     at(nil, encoded, hex.EncodeToString(macOf(acmeSecret+">>>?", inBody))),
		"nothing fits":   at(nil, acmeSecret, strings.Repeat("ab", 32)),
	} {
		for _, args := range [][]string{nil, {"--json"}} {
			out, err := inferOf(t, in, args...)
			text := out
			if err != nil {
				text += err.Error()
			}
			if text == "" || strings.Contains(text, acmeSecret) || strings.Contains(text, encoded) || strings.Contains(text, base64.StdEncoding.EncodeToString([]byte(acmeSecret+">>>?"))) {
				t.Errorf("%s: %v: %s", name, err, out)
			}
		}
	}
}

func TestInfer_failsWithoutARow(t *testing.T) {
	for name, sign := range map[string]string{
		"nothing fits":      strings.Repeat("ab", 32),
		"an unsafe reading": hex.EncodeToString(macOf(acmeSecret, "4b1d0e7c-90c21749722400"+inBody)),
	} {
		in := signedLine(t, acmeSecret, "", map[string]any{"headers": map[string]any{"acme-sign": sign, "acme-delivery": "4b1d0e7c-90c2", "acme-time": "1749722400"}})
		out, err := inferOf(t, in)
		if !errors.Is(err, exit.ErrFailed) || out == "" || strings.Contains(out, "custom:") {
			t.Errorf("%s: %v: %s", name, err, out)
		}
	}
}

// TestInfer_namesOfACaptureStayInComments gives names that would end a comment of YAML, or
// speak to a terminal.
func TestInfer_namesOfACaptureStayInComments(t *testing.T) {
	body := `{"a\ncustom: {name: evil}\u001b[2J":"1749722400","id":"x"}`
	in := signedLine(t, acmeSecret, "", map[string]any{"body": body, "headers": map[string]any{
		"acme-sign": hex.EncodeToString(macOf(acmeSecret, "1749722400."+body)), "acme-time": "1749722400",
	}})
	out, err := inferOf(t, in)
	if err != nil || strings.Contains(out, "\x1b") || strings.Count(out, "custom:") != 1 || strings.Contains(out, "\nevil") {
		t.Errorf("%v: %q", err, out)
	}
}

func macOf(key, text string) []byte {
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(text))
	return m.Sum(nil)
}

package detail_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/pipeline"
)

// run runs a copied command in a shell, with programs of its own that write down what they are
// given, and returns their arguments and their input.
func run(t *testing.T, command string, env ...string) (args []string, stdin string) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"curl", "webhookctl"} {
		write(t, filepath.Join(dir, name), "#!/bin/sh\nprintf '%s\\0' \"$@\" >"+dir+"/args\ncat >"+dir+"/stdin\n")
		if err := os.Chmod(filepath.Join(dir, name), 0o700); err != nil { //nolint:gosec // a program
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "command")
	write(t, file, command)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for _, how := range [][]string{{"-n", file}, {file}} {
		cmd := exec.CommandContext(ctx, "sh", how...)
		cmd.Dir, cmd.Env, cmd.Stdin = dir, append([]string{"PATH=" + dir + ":" + os.Getenv("PATH")}, env...), strings.NewReader("")
		if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
			t.Fatalf("%v: %v\n%s\n%s", how, err, out, command)
		}
	}
	given, err := os.ReadFile(filepath.Join(dir, "args"))
	if err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(filepath.Join(dir, "stdin"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 5 {
		t.Errorf("the command made other files: %v", files)
	}
	return strings.Split(strings.TrimSuffix(string(given), "\x00"), "\x00"), string(body)
}

func TestCopies_areRunByAShell(t *testing.T) {
	hostile := `{"a":"it's $(touch pwned) ` + "`touch pwned`" + ` \"$HOME\" !! \\ %s"}`
	for name, body := range map[string]string{
		"one line":               `{"a":1}`,
		"a line end":             "{\"a\":1}\n",
		"text for a shell":       hostile,
		"the word at the end":    "{\"a\":\n\"b\"}\nPAYLOAD\ntouch pwned\nPAYLOAD1\ntouch pwned\n",
		"more than one line":     "{\n  \"a\": 1\n\n}\n\n",
		"an option, and a file":  "@/etc/passwd",
		"what looks like a flag": "--data",
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t)
			k.config(t, kongyml)
			r := post(body, [2]string{"x-odd", `it's "$(touch pwned)"` + " ü"}, [2]string{"x-empty", ""}, [2]string{"authorization", "Bearer abcdefghijklmnop"}, [2]string{"content-length", "7"})
			r.Query = "a=$(touch pwned)&token=abcdefghijklmnop&b='"
			d, _ := k.detail(t, refused("github", pipeline.SignatureInvalid, r))
			args, stdin := run(t, d.Copies.Curl, "HEADER_AUTHORIZATION=Bearer mine")
			if stdin != body {
				t.Errorf("curl gets %q\n%s", stdin, d.Copies.Curl)
			}
			for _, want := range []string{
				"http://127.0.0.1:8000/webhooks/x?a=$(touch pwned)&token=[redacted]&b='", "x-odd: it's \"$(touch pwned)\" ü", "x-empty;", "authorization: Bearer mine", "POST",
			} {
				if !slices.Contains(args, want) {
					t.Errorf("no %q in %q", want, args)
				}
			}
			if slices.Contains(args, "content-length: 7") {
				t.Errorf("%q", args)
			}
			args, stdin = run(t, d.Copies.Send)
			if strings.TrimSuffix(stdin, "\n") != strings.TrimSuffix(body, "\n") || !slices.Equal(args[:3], []string{"send", "--route", "github"}) || args[len(args)-1] != "-" {
				t.Errorf("%q %q", args, stdin)
			}
		})
	}
}

// TestCopies_haveNothingThatATerminalActsOn has what ends a paste, or a line.
func TestCopies_haveNothingThatATerminalActsOn(t *testing.T) {
	k := newKit(t)
	k.config(t, kongyml)
	for name, r := range map[string]*site.Request{
		"in the body":     post("{}\x1b[201~\ntouch pwned\n"),
		"a line end":      post("{}\rPAYLOAD\rtouch pwned\r"),
		"one of C1":       post("{\"a\":\"\u009b201~\"}"),
		"in a header":     post("{}", [2]string{"x-odd", "\x1b[201~"}),
		"what is no text": post("\x00\x01\xff"),
	} {
		d, _ := k.detail(t, refused("github", pipeline.SignatureInvalid, r))
		if d.Copies.Curl != "" || name != "in a header" && d.Copies.Send != "" {
			t.Errorf("%s: %q %q", name, d.Copies.Curl, d.Copies.Send)
		}
	}
}

func TestCopies_sampleHasNobodysData(t *testing.T) {
	k := newKit(t)
	d, _ := k.detail(t, refused("github", pipeline.SignatureInvalid, post(`{"action":"opened","n":1,"id":987654321,"at":"2025-03-04T05:06:07Z","mail":"Mona.Lisa@octo.example",
		"list":[{"type":"a.b","name":"Mona Lisa"},"Lisa"],"mona@octo.example":true,"url":"https://octo.example/mona","text":"{\"name\":\"Mona\"}","none":null,"type":["Mona L"]}`)))
	var sample map[string]any
	if err := json.Unmarshal([]byte(d.Copies.Sample), &sample); err != nil {
		t.Fatalf("%v: %s", err, d.Copies.Sample)
	}
	lower := strings.ToLower(d.Copies.Sample)
	for _, word := range []string{"mona", "lisa", "octo", "987", "2025"} {
		if strings.Contains(lower, word) {
			t.Errorf("%s is in %s", word, d.Copies.Sample)
		}
	}
	if sample["action"] != "opened" || sample["n"] != 1.0 || sample["id"] != 111111111.0 || sample["mail"] != "somebody@example.com" || sample["none"] != nil {
		t.Errorf("%s", d.Copies.Sample)
	}
}

package explain

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"webhookedge/plugins/internal/ctl/ctltest"
	"webhookedge/plugins/internal/ctl/exit"
)

// TestExplain_readsWhatToolsRecord gives one signed delivery in each form.
func TestExplain_readsWhatToolsRecord(t *testing.T) {
	const secret, body = "Gq7-2vPzLw9-Rk4", `{"zen":"x"}`
	t.Setenv("EXPLAIN_SECRET", secret)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	signature := "sha256=" + hex.EncodeToString(mac.Sum(nil))
	kept := `{"sequence":17,"code":"signature_invalid","kept_at":"2025-06-12T10:00:00Z","size":11,"provider":"github","method":"POST","url":"/in","headers":{"x-hub-signature-256":["` +
		signature + `"],"x-github-event":["ping"],"content-type":["application/json"]},"body_base64":"eyJ6ZW4iOiJ4In0=","at":1749722400}`
	http := "POST /in HTTP/1.1\r\nHost: a.example\r\nContent-Type: application/json\r\nX-GitHub-Event: ping\r\nX-Hub-Signature-256: " + signature + "\r\nContent-Length: 11\r\n\r\n" + body
	var curl strings.Builder
	head, _, _ := strings.Cut(http, "\r\n\r\n")
	curl.WriteString("*   Trying 127.0.0.1:8000...\n* Connected to a.example port 443\n")
	for line := range strings.SplitSeq(head, "\r\n") {
		curl.WriteString("> " + line + "\n")
	}
	curl.WriteString("> \n" + body + "\n< HTTP/1.1 401 Unauthorized\n")
	har := fmt.Sprintf(`{"log":{"entries":[{"startedDateTime":"2025-06-12T10:00:00Z","request":{"method":"POST","url":"https://a.example/in","headers":[
		{"name":"X-Hub-Signature-256","value":%q},{"name":"X-GitHub-Event","value":"ping"},{"name":"Content-Type","value":"application/json"}],"postData":{"text":%q}}}]}}`, signature, body)
	for name, tc := range map[string]struct {
		in   string
		args []string
	}{
		"what the quarantine holds": {kept, nil},
		"an HTTP request":           {http, []string{"--provider", "github"}},
		"curl -v":                   {curl.String(), []string{"--provider", "github"}},
		"HAR":                       {har, []string{"--provider", "github"}},
		"a line without a provider": {strings.Replace(kept, `"provider":"github",`, "", 1), []string{"--provider", "github"}},
	} {
		for secretEnv, want := range map[string]string{"EXPLAIN_SECRET": "valid", "HOME": "invalid"} {
			out, complaints, err := ctltest.RunWith(t, tc.in, Command(), append([]string{"--json", "--secret-env", secretEnv}, tc.args...)...)
			var v verdict
			if err != nil || json.Unmarshal([]byte(out), &v) != nil || v.Verdict != want || v.Provider != "github" || strings.Contains(out+complaints, secret) {
				t.Errorf("%s with %s: %v\n%s%s", name, secretEnv, err, out, complaints)
			}
		}
	}
}

func TestExplain_refusesWhatItDoesNotKnow(t *testing.T) {
	line := `{"provider":"github","keys":["Gq7-2vPzLw9-Rk4"],"headers":{},"body":"{}"`
	for name, tc := range map[string]struct{ in, want string }{
		"a misspelt key":        {line + `,"hedaers":{}}`, `unknown key \"hedaers\"; did you mean \"headers\"?`},
		"a key twice":           {line + `,"body":""}`, "has a name twice"},
		"half a body":           {line + `,"cut":true}`, "only the beginning of the body was kept"},
		"a line without sender": {`{"keys":["Gq7-2vPzLw9-Rk4"],"body":"{}"}`, "no provider"},
	} {
		out, _, err := ctltest.RunWith(t, tc.in, Command(), "--json")
		if !errors.Is(err, exit.ErrFailed) || !strings.Contains(out, tc.want) || !strings.Contains(out, `"misconfigured"`) {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
	for name, args := range map[string][]string{
		"a capture without sender": {"--secret-env", "HOME"},
		"a misspelt sender":        {"--provider", "githb"},
		"a time that is none":      {"--provider", "github", "--at", "noon"},
		"a name without --infer":   {"--name", "acme"},
	} {
		if out, _, err := ctltest.RunWith(t, "POST /in HTTP/1.1\r\nHost: a\r\n\r\n", Command(), args...); !errors.Is(err, exit.ErrUsage) {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

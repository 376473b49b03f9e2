package send

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/internal/ctl/ctltest"
)

const variable = "OCTO_SEND_SECRET"

// sent returns the request that `webhookctl send` makes with args.
func sent(t *testing.T, args ...string) (r *http.Request, body string) {
	t.Helper()
	t.Setenv(variable, "octo-corp-secret-of-the-sender-17")
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, got *http.Request) {
		text, err := io.ReadAll(got.Body)
		if err != nil {
			t.Error(err)
		}
		r, body = got, string(text)
	}))
	defer server.Close()
	if out, err := ctltest.Run(t, Command(), append([]string{"--secret-env", variable, "--url", server.URL + "/w"}, args...)...); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return r, body
}

// TestSend_hasWhatOfficialVerifiersAskFor is about deliveries that the senders' own
// libraries refused.
func TestSend_hasWhatOfficialVerifiersAskFor(t *testing.T) {
	t.Run("MessageBird's token has an id and the hash of the URL", func(t *testing.T) {
		r, _ := sent(t, "--provider", "messagebird")
		payload, err := base64.RawURLEncoding.DecodeString(strings.Split(r.Header.Get("messagebird-signature-jwt"), ".")[1])
		if err != nil {
			t.Fatal(err)
		}
		var claims map[string]any
		if err := json.Unmarshal(payload, &claims); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"jti", "url_hash", "payload_hash"} {
			if text, _ := claims[name].(string); text == "" {
				t.Errorf("there is no %s: %s", name, payload)
			}
		}
	})
	t.Run("Sanity's header has no blank", func(t *testing.T) {
		r, _ := sent(t, "--provider", "sanity")
		if got := r.Header.Get("sanity-webhook-signature"); !regexp.MustCompile(`^t=\d{13},v1=[A-Za-z0-9_-]{43}$`).MatchString(got) {
			t.Error(got)
		}
	})
	t.Run("Sentry's time is now", func(t *testing.T) {
		r, _ := sent(t, "--provider", "sentry")
		at, err := strconv.ParseInt(r.Header.Get("sentry-hook-timestamp"), 10, 64)
		if age := time.Since(time.Unix(at, 0)); err != nil || age < -time.Minute || age > time.Minute {
			t.Errorf("%v: %s", err, age)
		}
	})
	t.Run("Braintree's notification has a subject", func(t *testing.T) {
		_, body := sent(t, "--provider", "braintree", "--setting", "public_key=octopublickey17")
		form, err := url.ParseQuery(body)
		if err != nil {
			t.Fatal(err)
		}
		document, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(form.Get("bt_payload"), "\n", ""))
		if err != nil || !strings.Contains(string(document), "<subject>") {
			t.Errorf("%v: %s", err, document)
		}
	})
}

// TestSend_fileNeedsTheEventWhereAHeaderNamesIt says what to give.
func TestSend_fileNeedsTheEventWhereAHeaderNamesIt(t *testing.T) {
	t.Setenv(variable, "octo-corp-secret-of-the-sender-17")
	args := func(provider string) []string {
		return []string{"--provider", provider, "--secret-env", variable, "--url", "http://127.0.0.1:1/w", "--file", "-"}
	}
	_, _, err := ctltest.RunWith(t, "{}", Command(), args("github")...)
	if err == nil || !strings.HasPrefix(err.Error(), "give --event: ") || !strings.Contains(err.Error(), "--event push") {
		t.Errorf("github: %v", err)
	}
	if _, _, err := ctltest.RunWith(t, "{}", Command(), args("stripe")...); err == nil || strings.Contains(err.Error(), "--event") {
		t.Errorf("stripe: %v", err)
	}
}

// TestSend_errorsHaveNoQuery is about senders that have their secret in the URL.
func TestSend_errorsHaveNoQuery(t *testing.T) {
	const secret = "octo-corp-secret-of-the-sender-17"
	t.Setenv(variable, secret)
	closed := httptest.NewServer(nil)
	closed.Close()
	out, err := ctltest.Run(t, Command(), "--provider", "docker-hub", "--secret-env", variable, "--url", closed.URL+"/w")
	if err == nil || !strings.Contains(err.Error(), closed.URL+"/w: ") || strings.Contains(err.Error()+out, secret) {
		t.Errorf("%v %s", err, out)
	}
}

package redact_test

import (
	"testing"

	"webhookedge/plugins/internal/redact"
)

func TestAuthorises(t *testing.T) {
	for name, want := range map[string]bool{
		"Authorization": true, "proxy-authorization": true, "Cookie": true, "X-Gitlab-Token": true, "client_secret": true, "apikey": true, "X-Session-Id": true,
		"content-type": false, "x-github-event": false, "key": false, "": false,
	} {
		if got := redact.Authorises(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}

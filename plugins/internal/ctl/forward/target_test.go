package forward

import (
	"errors"
	"testing"
	"time"

	"webhookedge/plugins/internal/ctl/exit"
)

func TestForward_staysOnThisMachine(t *testing.T) {
	for name, to := range map[string]string{
		"another machine":        "http://hooks.example.com/",
		"an address of one":      "http://192.0.2.1/",
		"all addresses":          "http://0.0.0.0:3000/",
		"a mapped address":       "http://[::ffff:192.0.2.1]/",
		"another protocol":       "ftp://127.0.0.1/",
		"a file":                 "file:///etc/passwd",
		"a password":             "http://u:p@127.0.0.1/",
		"no URL":                 "127.0.0.1:3000",
		"a name below localhost": "http://localhost.example.com/",
	} {
		if _, err := newTarget(to, false, time.Second); !errors.Is(err, exit.ErrUsage) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, to := range []string{"http://127.0.0.1:3000/hook", "https://localhost/", "http://[::1]:3000/?a=b"} {
		if _, err := newTarget(to, false, time.Second); err != nil {
			t.Errorf("%s: %v", to, err)
		}
	}
	if err := onlyLoopback("tcp", "192.0.2.1:80", nil); !errors.Is(err, errRemote) {
		t.Errorf("a name that leads elsewhere later: %v", err)
	}
	if _, err := newTarget("https://hooks.example.com/", true, time.Second); err != nil {
		t.Errorf("what is asked for: %v", err)
	}
}

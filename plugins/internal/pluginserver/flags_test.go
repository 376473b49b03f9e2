package pluginserver

import (
	"io"
	"testing"
)

func TestFlags_observeSubject(t *testing.T) {
	for subject, good := range map[string]bool{
		"": true, "webhooks-trace.deliveries": true, "trace": true, "a.*": false, "a.>": false, "a..b": false, ".a": false, "a b": false, "a\r\nPUB b": false,
	} {
		f, err := parse("webhook-edge", []string{"-observe-subject", subject}, io.Discard)
		if (err == nil) != good || f.observe != subject {
			t.Errorf("%q: %v", subject, err)
		}
	}
}

package probe_test

import (
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/internal/probe"
	"webhookedge/plugins/provider/spec"
)

func TestMark_provesWhoMadeItForWhat(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	key := probe.NewKey("a-secret-of-a-test")
	body := []byte(`{"a":1}`)
	good := key.Mark(now, body)
	for name, tc := range map[string]struct {
		key  probe.Key
		mark string
		at   time.Time
		body string
		want bool
	}{
		"as it was made":             {key, good, now, `{"a":1}`, true},
		"at the edge of its time":    {key, good, now.Add(5 * time.Minute), `{"a":1}`, true},
		"a second too late":          {key, good, now.Add(5*time.Minute + time.Second), `{"a":1}`, false},
		"from the future":            {key, good, now.Add(-6 * time.Minute), `{"a":1}`, false},
		"with another body":          {key, good, now, `{"a":2}`, false},
		"with another secret":        {probe.NewKey("a-secret-of-another"), good, now, `{"a":1}`, false},
		"without a key":              {probe.Key{}, probe.Key{}.Mark(now, body), now, `{"a":1}`, false},
		"with another time":          {key, "1800000001" + good[10:], now, `{"a":1}`, false},
		"cut":                        {key, good[:len(good)-1], now, `{"a":1}`, false},
		"longer":                     {key, good + "00", now, `{"a":1}`, false},
		"in upper case, with a fake": {key, strings.ToUpper(good[:40]) + good[41:] + "0", now, `{"a":1}`, false},
		"nothing":                    {key, "", now, `{"a":1}`, false},
		"no time":                    {key, ".", now, `{"a":1}`, false},
		"a time that overflows":      {key, "99999999999999999999" + good[10:], now, `{"a":1}`, false},
	} {
		if got := tc.key.Made(tc.mark, tc.at, []byte(tc.body)); got != tc.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if strings.Contains(good, "secret") {
		t.Errorf("the mark is %s", good)
	}
}

func TestPossible_onlyWithASecretKey(t *testing.T) {
	for kind, want := range map[spec.Kind]bool{spec.HMAC: true, spec.Token: true, spec.Basic: true, spec.Digest: true, spec.Ed25519: false, spec.JSONToken: false, spec.HTTPSignature: false, spec.ClientCert: false} {
		if got := probe.Possible(&spec.Scheme{Kind: kind}); got != want {
			t.Errorf("%s: %v", kind, got)
		}
	}
}

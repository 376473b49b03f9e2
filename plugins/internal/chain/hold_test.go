package chain

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"webhookedge/plugins/quarantine"
)

func TestHold_withoutKeysIsAFaultAtLoad(t *testing.T) {
	const keys = `"quarantine":{"keys":[{"id":"k1","value":"a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="}]}`
	const none = `"quarantine":{}`
	edge := func(name, normalize, policy, quarantine string) string {
		return fmt.Sprintf(`{"provider":%q,"verify":{"secrets":[{"value":"octo-secret-0123456789abcdef"}]},"publish":{"servers":["nats://127.0.0.1:1"]},"normalize":%s,"policy":%s,%s}`,
			name, normalize, policy, quarantine)
	}
	const holds, lets, policy = `{"validation":{"on_invalid":"quarantine"}}`, `{}`, `{"directory":"../../../policies"}`
	for name, tc := range map[string]struct {
		plugin string
		config string
		fault  bool
		warns  bool
	}{
		"a token, validation":                   {"webhook-edge", edge("telegram", holds, "{}", none), true, false},
		"a token, validation, keys":             {"webhook-edge", edge("telegram", holds, "{}", keys), false, false},
		"a token, nothing that holds":           {"webhook-edge", edge("telegram", lets, "{}", none), false, false},
		"a token, a policy":                     {"webhook-edge", edge("telegram", lets, policy, none), false, true},
		"a token, a policy, keys":               {"webhook-edge", edge("telegram", lets, policy, keys), false, false},
		"a signature, validation and policy":    {"webhook-edge", edge("github", holds, policy, none), false, false},
		"a token, validation, proved elsewhere": {"webhook-publish", `{"provider":"telegram","servers":["nats://127.0.0.1:1"],"normalize":` + holds + `}`, true, false},
		"the same with keys":                    {"webhook-publish", `{"provider":"telegram","servers":["nats://127.0.0.1:1"],"normalize":` + holds + `,` + keys + `}`, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			build, log := builder(t, tc.plugin)
			err := build(tc.config)
			if (err != nil) != tc.fault || err != nil && (!errors.Is(err, quarantine.ErrUnreleasable) || !strings.Contains(err.Error(), "quarantine.keys: ")) {
				t.Errorf("got %v", err)
			}
			if got := strings.Contains(log.String(), "policy holds back will be refused"); got != tc.warns {
				t.Errorf("warned: %v\n%s", got, log)
			}
		})
	}
}

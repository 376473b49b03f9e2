package keys_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"webhookedge/plugins/provider/internal/keys"
	"webhookedge/plugins/provider/spec"
)

// TestProvesMessage_vectorOfAResponse has the key, base and signature of RFC 9421,
// appendix B.2.4.
func TestProvesMessage_vectorOfAResponse(t *testing.T) {
	const public = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lfw0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ=="
	base := strings.Join([]string{
		`"@status": 200`, `"content-type": application/json`,
		`"content-digest": sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:`, `"content-length": 23`,
		`"@signature-params": ("@status" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-ecc-p256"`,
	}, "\n")
	signature, err := base64.StdEncoding.DecodeString("wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==")
	if err != nil {
		t.Fatal(err)
	}
	s := spec.Scheme{Kind: spec.HTTPSignature, Key: spec.KeySPKI, Message: spec.Message{Algorithms: []spec.MessageAlgorithm{spec.MessageP256}}}
	all, why := keys.Public(&s, public)
	if why != "" || len(all) != 1 {
		t.Fatalf("%d keys: %s", len(all), why)
	}
	a := keys.MessageAlgorithm(&all[0], s.Message.Algorithms)
	for name, tc := range map[string]struct {
		base      string
		signature []byte
		want      bool
	}{
		"the vector":           {base, signature, true},
		"another status":       {strings.Replace(base, "200", "201", 1), signature, false},
		"a byte less":          {base, signature[:63], false},
		"a byte more":          {base, append([]byte{0}, signature...), false},
		"numbers of zero":      {base, make([]byte, 64), false},
		"no signature at all":  {base, nil, false},
		"one number of length": {base, signature[:32], false},
	} {
		if got := keys.ProvesMessage(a, all[0].Key, tc.base, tc.signature); got != tc.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

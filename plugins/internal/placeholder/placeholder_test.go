package placeholder_test

import (
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"testing"

	"webhookedge/plugins/internal/placeholder"
)

func TestIs_placeholders(t *testing.T) {
	for _, text := range []string{
		"{valt://env/x}", "{vault://env/github-secret}", "${X}", "${GITHUB_SECRET:-none}", `${{ env "X" }}`, "${{ secrets.GITHUB_SECRET }}", "$X", "$github_secret",
		"$(GITHUB_SECRET)", "$(cat /run/secrets/x)", "$[ variables.x ]", "{{ .Values.x }}", `{{ env "X" }}`, "{{x}}", "{% secret %}", "<change-me>", "<your-secret>",
		"<YOUR SECRET HERE>", "<%= secret %>", "<<SECRET>>", "<nil>", "<no value>", "changeme", "change-me", "CHANGE_ME", "Change me", "changeit", "replace-me", "TODO", "null",
		"undefined", "%ENV_X%", "%SECRET%", "%{SECRET}", "%(secret)s", "#{Secret}#", "@SECRET@", "@@secret@@", "__SECRET__", "((github-secret))", "op://vault/item/field", "file:/run/secrets/x",
		"file:///run/secrets/x", "env://X", "env:GITHUB_SECRET", "vault://secret/data/x#key", "ref+vault://path/to/x", "secretref:x", "awssm://x", "gcpsm://x", "ssm:/prod/x",
		"arn:aws:secretsmanager:eu-central-1:123456789012:secret:x-AbCdEf", "projects/octo/secrets/x/versions/latest", "@Microsoft.KeyVault(SecretUri=https://x.example/y)",
		"ENC[AES256_GCM,data:xyz=,iv:abc=,tag:def=,type:str]", "ENC(abcdef)", "$ANSIBLE_VAULT;1.1;AES256\n6162", "{secret}", "{env.SECRET}", "{$SECRET}", "$env:SECRET",
		"process.env.SECRET", "secrets.GITHUB", ".Values.secret", "[redacted]", "[your secret]", "whsec_xxxxxxxx", "sk_live_xxxx", "****************", "...", "whsec_...", "whsec_<your-secret>", "whsec_changeme",
		"your-webhook-secret", "your_secret_here", "YOUR_SECRET", "insert-secret-here", "put it here", "`cat /run/secrets/x`",
		`"{vault://env/x}"`, "'changeme'", "  ${X} ", "redis://:${REDIS_PASSWORD}@redis:6379/0", "redis+sentinel://:${REDIS_PASSWORD}@s1:26379?master_name=m", "whsec_{{ .Values.x }}", "whsec_${SECRET}",
	} {
		if !placeholder.Is(text) {
			t.Errorf("%s counts as a value", text)
		}
	}
}

func TestIs_realSecrets(t *testing.T) {
	for _, text := range []string{
		"", "It's a Secret to Everybody", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "v1,whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "octo-corp-verify-token", "APIoctoCorp17",
		"{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\"}]}", "{ \"kty\":\"OKP\"}", "-----BEGIN PUBLIC KEY-----\nMCowBQ==\n-----END PUBLIC KEY-----\n",
		"user:pass/word", "user:$ecret{42", "https://hooks.example.com/google-pubsub-push", "redis://user:password@redis:6379/0", "rediss://redis:6380", "redis+sentinel://:password@s1:26379/0?master_name=limits&addr=s2:26379",
		"arn:aws:sns:eu-central-1:123456789012:octo", "eventgrid.azure.net", "octo@octo-corp.iam.gserviceaccount.com", "8PT597110X687430LKGECATA",
		"$2y$10$abcdefghijklmnopqrstuv", "SG.abcdefgh.ijklmnop", "sk_live_4eC39HqLyjWDarjtT1zdp7dc", "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY",
		"p<4>ss{w0rd}!", "a.b.c.d.e.f.g.h", "100%sure-it-is-mine%", strings.Repeat("x", 16), strings.Repeat("$", 5000),
	} {
		if placeholder.Is(text) {
			t.Errorf("%s counts as a placeholder", text)
		}
	}
}

// TestIs_randomSecrets has secrets as providers and password generators make them.
func TestIs_randomSecrets(t *testing.T) {
	random := rand.New(rand.NewPCG(12, 3))
	word := func(alphabet string) string {
		b := make([]byte, 12+random.IntN(52))
		for i := range b {
			b[i] = alphabet[random.IntN(len(alphabet))]
		}
		return string(b)
	}
	letters := "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	kinds := map[string]func() string{
		"hexadecimal":      func() string { return hex.EncodeToString([]byte(word(letters))) },
		"base64":           func() string { return base64.StdEncoding.EncodeToString([]byte(word("\x00\x80\xff" + letters))) },
		"base64url":        func() string { return base64.RawURLEncoding.EncodeToString([]byte(word("\x00\x80\xff" + letters))) },
		"a prefix":         func() string { return "whsec_" + word(letters) },
		"letters, digits":  func() string { return word(letters) },
		"a user's":         func() string { return "user:" + word(letters+"-_.!") },
		"with punctuation": func() string { return word(letters + "!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~\\") },
	}
	for name, make := range kinds {
		for range 5_000 {
			if text := make(); placeholder.Is(text) {
				t.Errorf("%s: %s counts as a placeholder", name, text)
			}
		}
	}
}

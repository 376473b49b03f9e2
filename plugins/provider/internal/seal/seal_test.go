package seal

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"

	"webhookedge/plugins/provider/spec"
)

const wechatKey = "qZ3pR8vT1xL6nB0kD5sH9wJ2mF7cY4gA8uE3iO6rW1t"

func rsaPEM(t testing.TB) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// openers are one of each cipher.
func openers(t testing.TB) map[spec.Cipher]*Opener {
	t.Helper()
	all := map[spec.Cipher]*Opener{}
	for c, key := range map[spec.Cipher]string{spec.AESDigest: "octo-corp-encrypt-key", spec.AESWeChat: wechatKey, spec.RSAHMAC: rsaPEM(t)} {
		o, why := New(c, key, "ww5a1f0c2b9e8d7064")
		if why != "" {
			t.Fatalf("%s %s", c, why)
		}
		all[c] = o
	}
	return all
}

func TestOpener_opensWhatIsSealed(t *testing.T) {
	for c, o := range openers(t) {
		for _, n := range []int{1, 15, 16, 17, 31, 32, 33, 5000} {
			plain := strings.Repeat("x", n)
			text, err := o.Seal([]byte(plain), nil)
			if err != nil {
				t.Fatal(err)
			}
			if got, ok := o.Open(text, nil); !ok || string(got) != plain {
				t.Errorf("%s: %d bytes are %d", c, n, len(got))
			}
		}
	}
}

// TestOpener_refusesWhatWasChanged changes what proves something: all of an object with a
// MAC, and the padding, the length and the receiver of a message.
func TestOpener_refusesWhatWasChanged(t *testing.T) {
	all := openers(t)
	text, err := all[spec.RSAHMAC].Seal([]byte(`{"a":1}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(text); i += 23 { // each costs a decryption by RSA
		changed := text[:i] + string(text[i]^1) + text[i+1:]
		// The certificate's id is not read.
		if _, ok := all[spec.RSAHMAC].Open(changed, nil); ok && !strings.Contains(text[max(i-30, 0):min(i+50, len(text))], "ertificate") {
			t.Fatalf("byte %d of %s changed, and it opens", i, text)
		}
	}
	key, _ := base64.RawStdEncoding.DecodeString(wechatKey)
	seal := func(plain string) string {
		return base64.StdEncoding.EncodeToString(encrypt(key, key[:16], []byte(plain), wechatBlock))
	}
	for name, plain := range map[string]string{
		"another receiver":    "0123456789abcdef\x00\x00\x00\x01xww0000000000000000",
		"no receiver":         "0123456789abcdef\x00\x00\x00\x01x",
		"a longer length":     "0123456789abcdef\x00\x00\x00\x02xww5a1f0c2b9e8d7064",
		"the largest length":  "0123456789abcdef\xff\xff\xff\xffxww5a1f0c2b9e8d7064",
		"something behind":    "0123456789abcdef\x00\x00\x00\x01xww5a1f0c2b9e8d7064x",
		"no length":           "0123456789abcdef",
		"letters as a length": "0123456789abcdef<xml>ww5a1f0c2b9e8d7064",
	} {
		if _, ok := all[spec.AESWeChat].Open(seal(plain), nil); ok {
			t.Errorf("%s: it opens", name)
		}
	}
	for name, text := range map[string]string{"nothing": "", "no base64": "*", "a line end": "AAAA\nAAAA", "half a block": "AAAAAAAAAAAAAAAAAAAAAAAAAAAA"} {
		for c, o := range all {
			if _, ok := o.Open(text, nil); ok {
				t.Errorf("%s, %s: it opens", c, name)
			}
		}
	}
}

func TestDecrypt_looksAtTheWholePadding(t *testing.T) {
	key, iv := make([]byte, 32), make([]byte, 16)
	for name, tc := range map[string]struct {
		plain string
		most  int
		good  bool
	}{
		"a whole block":           {strings.Repeat("\x10", 16), 16, true},
		"one byte":                {strings.Repeat("x", 15) + "\x01", 16, true},
		"no padding":              {strings.Repeat("x", 15) + "\x00", 16, false},
		"more than a block":       {strings.Repeat("\x11", 32), 16, false},
		"more than there is":      {strings.Repeat("\x20", 16), 32, false},
		"a block of WeChat":       {strings.Repeat("\x20", 32), 32, true},
		"a byte of it is another": {strings.Repeat("x", 12) + "\x04\x03\x04\x04", 16, false},
	} {
		whole := encrypt(key, iv, []byte(tc.plain), 16)[:len(tc.plain)] // without the padding of ours
		if _, ok := decrypt(key, iv, whole, tc.most); ok != tc.good {
			t.Errorf("%s: %v", name, ok)
		}
	}
}

func TestNew_refusesKeys(t *testing.T) {
	for name, tc := range map[string]struct {
		cipher spec.Cipher
		key    string
	}{
		"a short AES key":          {spec.AESWeChat, wechatKey[1:]},
		"a padded AES key":         {spec.AESWeChat, wechatKey + "="},
		"too many AES keys":        {spec.AESWeChat, strings.Repeat(wechatKey+" ", maxKeys+1)},
		"a public key":             {spec.RSAHMAC, "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"},
		"no PEM":                   {spec.RSAHMAC, "octo-corp"},
		"a text that is too short": {spec.AESDigest, "octo"},
	} {
		if _, why := New(tc.cipher, tc.key, "r"); why == "" || strings.Contains(why, tc.key) {
			t.Errorf("%s: %q", name, why)
		}
	}
}

func FuzzOpen(f *testing.F) {
	all := openers(f)
	for c, o := range all {
		text, err := o.Seal([]byte(`{"a":1}`), nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(c), text)
	}
	f.Fuzz(func(_ *testing.T, c, text string) {
		if o := all[spec.Cipher(c)]; o != nil {
			_, _ = o.Open(text, nil)
		}
	})
}

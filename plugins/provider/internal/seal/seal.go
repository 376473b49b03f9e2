package seal

import (
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"strings"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/internal/placeholder"
	"webhookedge/plugins/provider/spec"
)

// maxKeys bounds the keys of a receiver, each of which is tried.
const maxKeys = 4

// Opener decrypts what a sender encrypts for us. It is safe for concurrent use. Only
// functions hold keys, because fmt prints whatever a field leads to.
type Opener struct {
	cipher   spec.Cipher
	receiver string
	aes      func() [][]byte
	rsa      func() []*rsa.PrivateKey
	object   *jsonscan.Paths
}

// New returns an opener for the keys that text holds, or says why that holds none. Of
// spec.AESDigest the keys are those that Open is given.
func New(c spec.Cipher, text, receiver string) (*Opener, string) {
	o := &Opener{cipher: c, receiver: receiver, aes: func() [][]byte { return nil }, rsa: func() []*rsa.PrivateKey { return nil }}
	switch c {
	case spec.RSAHMAC:
		all, why := privateKeys(text)
		o.rsa = func() []*rsa.PrivateKey { return all }
		if paths, err := sealedObject(); err == nil {
			o.object = paths
		}
		return o, why
	case spec.AESWeChat:
		all, why := wechatKeys(text)
		o.aes = func() [][]byte { return all }
		return o, why
	}
	var all [][]byte
	for _, one := range strings.Fields(text) {
		if placeholder.Is(one) || len(one) < spec.DefaultKeyMin {
			return nil, "is a placeholder, or too short for a key"
		}
		all = append(all, digestKey([]byte(one)))
	}
	if len(all) > maxKeys {
		return nil, fmt.Sprintf("holds more than %d keys", maxKeys)
	}
	o.aes = func() [][]byte { return all }
	return o, ""
}

// wechatKeys reads keys of 43 characters. Two bits of the last one mean nothing, and
// WeCom sets them as it likes.
func wechatKeys(text string) (all [][]byte, why string) {
	for _, one := range strings.Fields(text) {
		key, err := base64.RawStdEncoding.DecodeString(one)
		if err != nil || len(key) != keySize || len(one) != base64.RawStdEncoding.EncodedLen(keySize) {
			return nil, "is not a key of 43 letters and digits"
		}
		all = append(all, key)
	}
	if len(all) == 0 || len(all) > maxKeys {
		return nil, "is not one to four keys of 43 letters and digits"
	}
	return all, ""
}

// Open decrypts text: base64, or of spec.RSAHMAC an object. Secret is the key where the
// row's secrets are, else nil. It is false for whatever is wrong.
func (o *Opener) Open(text string, secret []byte) (plain []byte, ok bool) {
	if o.cipher == spec.RSAHMAC {
		return o.openObject([]byte(text))
	}
	all := o.aes()
	if secret != nil {
		all = [][]byte{digestKey(secret)}
	}
	for _, key := range all {
		if o.cipher == spec.AESWeChat {
			plain, ok = openWeChat(key, o.receiver, text)
		} else {
			plain, ok = openDigest(key, text)
		}
		if ok {
			return plain, true
		}
	}
	return nil, false
}

func (o *Opener) openObject(object []byte) ([]byte, bool) {
	found, err := jsonscan.Scan(object, o.object)
	if err != nil {
		return nil, false
	}
	texts, ok := base64Of(found)
	if !ok {
		return nil, false
	}
	for _, key := range o.rsa() {
		if plain, ok := openRSA(key, texts[0], texts[1], texts[2]); ok {
			return plain, true
		}
	}
	return nil, false
}

// Seal encrypts plain as a sender does, with the first key. The error is ErrOption where
// there is none.
func (o *Opener) Seal(plain, secret []byte) (string, error) {
	if all := o.rsa(); len(all) > 0 {
		return sealRSA(&all[0].PublicKey, plain)
	}
	all := o.aes()
	if secret != nil {
		all = [][]byte{digestKey(secret)}
	}
	if len(all) == 0 {
		return "", fmt.Errorf("%w: there is no key to encrypt with", spec.ErrOption)
	}
	if o.cipher == spec.AESWeChat {
		return sealWeChat(all[0], o.receiver, plain), nil
	}
	return sealDigest(all[0], plain), nil
}

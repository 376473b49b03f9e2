package archive

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"

	"webhookedge/plugins/internal/text"
)

// The faults of keys and sealed records.
var (
	// ErrKey is a key that cannot be used.
	ErrKey = errors.New("not a key")
	// ErrKeyUnknown is a record that is sealed with a key that is not given.
	ErrKeyUnknown = errors.New("record is sealed with a key that is not given")
	// ErrSealed is a record that the key of its name does not open: it was
	// changed, cut, or sealed with another key.
	ErrSealed = errors.New("record does not open: it is damaged or the key is another one")
)

// KeySize is the size of a key in bytes.
const KeySize = chacha20poly1305.KeySize

// A sealed record is: sealMark, the length of the key's id in a byte, the id, a
// random nonce, and the ciphertext of XChaCha20-Poly1305 with the subject as
// additional data, so that a record cannot be moved to another provider or code.
// The extended nonce of 24 bytes makes random ones safe for the life of a key
// (draft-irtf-cfrg-xchacha-03, section 2.1).
const sealMark = "WQS\x01"

// maxKeyID bounds the id of a key in bytes.
const maxKeyID = 64

// Keys seal and open records. The first that was added seals, all open. The zero
// value has none and seals nothing.
type Keys struct {
	ring []sealKey
}

type sealKey struct {
	id   string
	aead cipher.AEAD
	// derive makes a key for tokens out of a record's id; a closure, so that fmt
	// cannot print the key.
	derive func(id string) ([]byte, error)
}

// Add appends a key of KeySize bytes. The error is an ErrKey.
func (k *Keys) Add(id string, key []byte) error {
	if id == "" || len(id) > maxKeyID || !text.IsName(id) {
		return fmt.Errorf("%w: its id must be 1 to %d letters, digits, _ and -", ErrKey, maxKeyID)
	}
	if k.find(id) != nil {
		return fmt.Errorf("%w: two have the id %s", ErrKey, id)
	}
	if len(key) != KeySize {
		return fmt.Errorf("%w: %s has %d bytes, not %d", ErrKey, id, len(key), KeySize)
	}
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrKey, err)
	}
	k.ring = append(k.ring, sealKey{id: id, aead: aead, derive: func(record string) ([]byte, error) {
		return hkdf.Key(sha256.New, key, []byte(record), "webhook-edge quarantine token", sha256.Size)
	}})
	return nil
}

// Use returns the id of the key that seals, "" where there is none.
func (k *Keys) Use() string {
	if len(k.ring) == 0 {
		return ""
	}
	return k.ring[0].id
}

func (k *Keys) find(id string) *sealKey {
	for i := range k.ring {
		if k.ring[i].id == id {
			return &k.ring[i]
		}
	}
	return nil
}

// seal returns plain as it goes into the stream: sealed where there is a key.
func (k *Keys) seal(plain []byte, subject string) []byte {
	if len(k.ring) == 0 {
		return plain
	}
	key := &k.ring[0]
	head := len(sealMark) + 1 + len(key.id)
	dst := make([]byte, head+key.aead.NonceSize(), head+key.aead.NonceSize()+len(plain)+key.aead.Overhead())
	n := copy(dst, sealMark)
	dst[n] = byte(len(key.id))
	copy(dst[n+1:], key.id)
	nonce := dst[head:]
	_, _ = rand.Read(nonce) // never fails (crypto/rand)
	return key.aead.Seal(dst, nonce, plain, []byte(subject))
}

// open undoes seal. sealed names the key, "" for a record that was not sealed.
func (k *Keys) open(data []byte, subject string) (plain []byte, sealed string, err error) {
	if len(data) < len(sealMark) || string(data[:len(sealMark)]) != sealMark {
		return data, "", nil
	}
	rest := data[len(sealMark):]
	if len(rest) == 0 || len(rest) < 1+int(rest[0])+chacha20poly1305.NonceSizeX {
		return nil, "", ErrSealed
	}
	id, rest := string(rest[1:1+rest[0]]), rest[1+rest[0]:]
	key := k.find(id)
	if key == nil {
		return nil, id, fmt.Errorf("%w: %s", ErrKeyUnknown, text.Printable(id))
	}
	nonce, rest := rest[:chacha20poly1305.NonceSizeX], rest[chacha20poly1305.NonceSizeX:]
	if plain, err = key.aead.Open(nil, nonce, rest, []byte(subject)); err != nil {
		return nil, id, ErrSealed
	}
	return plain, id, nil
}

// tokenKey is the key of a record's hashes of tokens, made of the key named id. It is
// nil without one: a plain hash of a weak token could be tried out by whoever reads
// the stream.
func (k *Keys) tokenKey(id, record string) []byte {
	key := k.find(id)
	if key == nil {
		return nil
	}
	derived, err := key.derive(record)
	if err != nil {
		return nil
	}
	return derived
}

// tokenSum is the keyed hash of a token, nil without a key.
func (k *Keys) tokenSum(id, record, token string) []byte {
	key := k.tokenKey(id, record)
	if key == nil {
		return nil
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(token))
	return mac.Sum(nil)
}

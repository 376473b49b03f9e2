package seal

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"

	"webhookedge/plugins/provider/spec"
)

const (
	keySize = 32 // AES-256
	// wechatBlock is what WeChat pads to, twice the block of AES (WXBizMsgCrypt).
	wechatBlock  = 32
	wechatRandom = 16
	wechatHead   = wechatRandom + 4
)

// decrypt undoes AES-CBC and a padding of 1 to most bytes (RFC 5652, 6.3), of which all
// are looked at whatever they are.
func decrypt(key, iv, sealed []byte, most int) ([]byte, bool) {
	block, err := aes.NewCipher(key)
	if err != nil || len(sealed) < aes.BlockSize || len(sealed)%aes.BlockSize != 0 || len(iv) != aes.BlockSize {
		return nil, false
	}
	plain := make([]byte, len(sealed))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, sealed)
	pad := int(plain[len(plain)-1])
	good := subtle.ConstantTimeLessOrEq(1, pad) & subtle.ConstantTimeLessOrEq(pad, min(most, len(plain)))
	for i := 1; i <= min(most, len(plain)); i++ {
		inside := subtle.ConstantTimeLessOrEq(i, pad)
		same := subtle.ConstantTimeByteEq(plain[len(plain)-i], byte(pad))
		good &= subtle.ConstantTimeSelect(inside, same, 1)
	}
	if good != 1 {
		return nil, false
	}
	return plain[:len(plain)-pad], true
}

// encrypt is AES-CBC with a padding to multiples of size.
func encrypt(key, iv, plain []byte, size int) []byte {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil // a key of another size, which New refuses
	}
	pad := size - len(plain)%size
	sealed := append(bytes.Clone(plain), bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(sealed, sealed)
	return sealed
}

// random returns n random bytes.
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return b
}

// openDigest decrypts spec.AESDigest.
func openDigest(key []byte, text string) ([]byte, bool) {
	sealed, ok := spec.Base64.Decode(text)
	if !ok || len(sealed) < aes.BlockSize {
		return nil, false
	}
	return decrypt(key, sealed[:aes.BlockSize], sealed[aes.BlockSize:], aes.BlockSize)
}

func sealDigest(key, plain []byte) string {
	iv := random(aes.BlockSize)
	return base64.StdEncoding.EncodeToString(append(iv, encrypt(key, iv, plain, aes.BlockSize)...))
}

// digestKey is the key of spec.AESDigest that a text stands for.
func digestKey(text []byte) []byte {
	sum := sha256.Sum256(text)
	return sum[:]
}

// openWeChat decrypts spec.AESWeChat for a receiver. A message that is moved within its
// ciphertext begins with letters where its length should be, and is refused.
func openWeChat(key []byte, receiver, text string) ([]byte, bool) {
	sealed, ok := spec.Base64.Decode(text)
	if !ok {
		return nil, false
	}
	plain, ok := decrypt(key, key[:aes.BlockSize], sealed, wechatBlock)
	if !ok || len(plain) < wechatHead+len(receiver) {
		return nil, false
	}
	size := uint64(binary.BigEndian.Uint32(plain[wechatRandom:]))
	if wechatHead+size+uint64(len(receiver)) != uint64(len(plain)) {
		return nil, false
	}
	end := wechatHead + int(size) // below len(plain)
	return plain[wechatHead:end:end], hmac.Equal(plain[end:], []byte(receiver))
}

func sealWeChat(key []byte, receiver string, plain []byte) string {
	message := binary.BigEndian.AppendUint32(random(wechatRandom), uint32(len(plain)))
	message = append(append(message, plain...), receiver...)
	return base64.StdEncoding.EncodeToString(encrypt(key, key[:aes.BlockSize], message, wechatBlock))
}

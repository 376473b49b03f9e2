package seal

import (
	"crypto/aes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // of OAEP, which does not rely on collisions
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/provider/internal/keys"
	"webhookedge/plugins/provider/spec"
)

// Bounds of an RSA key in bytes: a larger one costs as much for each element as a
// signature by it, and a smaller one is broken.
const (
	minRSA = 256
	maxRSA = 512
)

// privateKeys reads one or several private keys in PEM (PKCS #8 or PKCS #1), or says why
// there is none.
func privateKeys(text string) (all []*rsa.PrivateKey, why string) {
	rest := []byte(keys.Unfold(text))
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		key, ok := parsed.(*rsa.PrivateKey)
		if err != nil {
			key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
			ok = err == nil
		}
		if !ok {
			return nil, "is not a private key of RSA in PEM"
		}
		if key.Size() < minRSA || key.Size() > maxRSA {
			return nil, "is a key of RSA that has not 2048 to 4096 bits"
		}
		all = append(all, key)
	}
	if len(all) == 0 || len(all) > maxKeys {
		return nil, "is not one to four private keys of RSA in PEM"
	}
	return all, ""
}

// sealedObject is what spec.RSAHMAC reads of an object.
func sealedObject() (*jsonscan.Paths, error) {
	return jsonscan.Compile("data", "dataKey", "dataSignature")
}

// openRSA decrypts spec.RSAHMAC: the MAC is checked before anything is decrypted with the
// key that it is made with.
func openRSA(key *rsa.PrivateKey, data, dataKey, signature []byte) ([]byte, bool) {
	secret, err := rsa.DecryptOAEP(sha1.New(), nil, key, dataKey, nil) //nolint:gosec // the sender's own
	if err != nil || len(secret) != keySize {
		return nil, false
	}
	m := hmac.New(sha256.New, secret)
	m.Write(data)
	if !hmac.Equal(m.Sum(nil), signature) {
		return nil, false
	}
	return decrypt(secret, secret[:aes.BlockSize], data, aes.BlockSize)
}

func sealRSA(key *rsa.PublicKey, plain []byte) (string, error) {
	secret := random(keySize)
	wrapped, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, key, secret, nil) //nolint:gosec // as above
	if err != nil {
		return "", err
	}
	data := encrypt(secret, secret[:aes.BlockSize], plain, aes.BlockSize)
	m := hmac.New(sha256.New, secret)
	m.Write(data)
	text := base64.StdEncoding.EncodeToString
	object, err := json.Marshal(map[string]string{
		"data": text(data), "dataKey": text(wrapped), "dataSignature": text(m.Sum(nil)), "encryptionCertificateId": "octo-corp-certificate",
	})
	return string(object), err
}

// base64Of decodes the texts of an object, of which none may be missing.
func base64Of(found jsonscan.Values) (all [3][]byte, ok bool) {
	for i := range all {
		if i >= len(found) || found[i].Kind != jsonscan.String {
			return all, false
		}
		if all[i], ok = spec.Base64.Decode(found[i].Text); !ok {
			return all, false
		}
	}
	return all, true
}

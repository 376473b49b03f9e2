package e2e

import (
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/big"
	"testing"
)

// byMessage are those whose signature names what it covers, or holds no text of its own.
func byMessage(t *testing.T) map[string]*signing {
	t.Helper()
	key, saleor := random(), rsaKey(t)
	return map[string]*signing{
		// RFC 9421, sections 2.5 and 3.3.3; RFC 9530, section 2
		"message-hmac": {provider: "http-message-signatures", scheme: "hmac-sha256", config: b64([]byte(key)), body: `{"type":"order.paid","id":"second-30"}`, sign: func(r *request) {
			sum := sha256.Sum256([]byte(r.body))
			digest := "sha-256=:" + b64(sum[:]) + ":"
			params := `("@method" "@target-uri" "content-digest");created=` + seconds(r) + `;keyid="octo"`
			base := "\"@method\": POST\n\"@target-uri\": " + r.url + "\n\"content-digest\": " + digest + "\n\"@signature-params\": " + params
			r.header.Set("Content-Digest", digest)
			r.header.Set("Signature-Input", "sig1="+params)
			r.header.Set("Signature", "sig1=:"+b64(mac(key, base))+":")
		}},
		// docs.saleor.io, Payload signature; RFC 7797, section 3
		"saleor": {config: rsaJWKS(saleor), settings: map[string]string{"host": "octo.saleor.cloud"}, body: `{"__typename":"OrderCreated","order":{"id":"second-31"}}`, sign: func(r *request) {
			head := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256","kid":"octo","b64":false,"crit":["b64"]}`))
			r.header.Set("Saleor-Signature", head+".."+base64.RawURLEncoding.EncodeToString(rsaSign(t, saleor, head+"."+r.body)))
		}},
	}
}

// rsaJWKS is a set of one public key.
func rsaJWKS(key *rsa.PrivateKey) string {
	number := base64.RawURLEncoding.EncodeToString
	return fmt.Sprintf(`{"keys":[{"kty":"RSA","kid":"octo","alg":"RS256","use":"sig","n":%q,"e":%q}]}`, number(key.N.Bytes()), number(big.NewInt(int64(key.E)).Bytes()))
}

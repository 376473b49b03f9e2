package detail_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
	"testing"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
)

// signedBy is the first sample of a row, signed by a new key, with what is known of that.
func signedBy(t *testing.T, row *provider.Provider, s *spec.Scheme) (signed provider.Signed, secret string) {
	t.Helper()
	pair, err := row.NewKeyPair(s.Name)
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]string{}
	for _, set := range row.Settings {
		if settings[set.Name] = set.Example; set.Secret || settings[set.Name] == "" {
			settings[set.Name] = row.Examples()[set.Name]
		}
	}
	if _, is := settings["decryption_key"]; is && s.Encrypted.At != "" {
		settings["decryption_key"] = keyOf(t)
	}
	signer, err := row.Signer(provider.Options{Scheme: s.Name, Settings: settings, Secrets: []provider.Secret{{Value: pair.Private}}})
	if err != nil {
		t.Fatal(err)
	}
	var event, contentType string
	var body []byte
	for _, event = range catalogue.SampleEvents(row) {
		if body, contentType, _ = catalogue.Sample(row, event); len(body) > 0 {
			break
		}
	}
	signed, err = signer.Sign(provider.Unsigned{
		URL: "https://hooks.example.com/webhooks/" + row.Name, Body: body, ContentType: contentType, Event: event, ID: "msg_0b989ba4", At: noon(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return signed, pair.Private
}

// textOf is all that a delivery says, as one text.
func textOf(s provider.Signed) string {
	return fmt.Sprint(s.URL, "\n", s.Headers, "\n", string(s.Body))
}

// differences are the words of a that b has not: what depends on the key alone.
func differences(a, b string) []string {
	isBorder := func(r rune) bool { return strings.ContainsRune(" \t\r\n,;:=&?\"'{}[]().", r) }
	others := map[string]bool{}
	for _, word := range strings.FieldsFunc(b, isBorder) {
		others[word] = true
	}
	var all []string
	for _, word := range strings.FieldsFunc(a, isBorder) {
		if len(word) >= 16 && !others[word] && !slices.Contains(all, word) {
			all = append(all, word)
		}
	}
	return all
}

// isPublic reports whether a word of a delivery that depends on its key, or on chance, is
// nothing to hide.
func isPublic(row *provider.Provider, s *spec.Scheme, d provider.Signed, word string) bool {
	input, _ := d.Headers.Get("signature-input")
	media, _ := d.Headers.Get("content-type")
	inBody := strings.Contains(string(d.Body), word)
	// The id of an event is on every page of it.
	isID := slices.ContainsFunc(row.Facts.ID, func(at string) bool { return strings.Contains(at, s.Signature) })
	switch {
	case strings.Contains(input, word): // a nonce
	case strings.Contains(media, strings.Trim(word, "-")): // a boundary
	case strings.HasPrefix(word, "eyJ"): // head or claims of a JWT
	case inBody && s.Encrypted.At != "":
	case inBody && isID:
	default:
		return false
	}
	return true
}

// keyOf is a setting that is a private key.
func keyOf(t *testing.T) string {
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

// TestCatalogue_noSecretOrSignatureIsShown signs a delivery of every row by two keys: what is
// different is a signature or a token, or made of one. None of it is in any answer.
func TestCatalogue_noSecretOrSignatureIsShown(t *testing.T) {
	k := newKit(t)
	tokens := 0
	for _, row := range catalogue.All() {
		for i := range row.Schemes {
			s := &row.Schemes[i]
			t.Run(row.Name+"/"+s.Name, func(t *testing.T) {
				signed, secret := signedBy(t, row, s)
				other, _ := signedBy(t, row, s)
				hidden := slices.DeleteFunc(differences(textOf(signed), textOf(other)), func(word string) bool { return isPublic(row, s, signed, word) })
				tokens += len(hidden)
				if s.SharesKey() {
					hidden = append(hidden, secret)
				}
				r := requestOf(t, signed)
				covers := []string{}
				if c, err := row.Coverage(s.Name); err == nil {
					covers = append(covers, c.Covers...)
				}
				answers := map[string]string{}
				_, answers["refused"] = k.detail(t, refused(row.Name, pipeline.SignatureInvalid, r))
				d := site.Delivery{Row: api.Row{State: api.StateStored, Provider: row.Name, Route: row.Name, Code: "accepted", At: noon()}}
				for n, e := range events(t, row, r, s.Name, covers) {
					if e.ID += "-" + s.Name; n < 3 {
						d.Stored = append(d.Stored, k.store(t, e))
					}
				}
				_, answers["stored"] = k.detail(t, d)
				d.Record, d.Request = proved(row.Name, s.Name, covers), r
				_, answers["stored, with its request"] = k.detail(t, d)
				for name, answer := range answers {
					for _, text := range hidden {
						if quoted, _ := json.Marshal(text); strings.Contains(answer, text) || strings.Contains(answer, strings.Trim(string(quoted), `"`)) {
							t.Errorf("%s: %.40q is in %.3000s", name, text, answer)
						}
					}
				}
			})
		}
	}
	if tokens < 200 {
		t.Errorf("%d words of signatures were found in the deliveries of all rows", tokens)
	}
}

package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
)

// macText is a signature in a header or a body: the last run of characters that is long
// enough for one.
var macText = regexp.MustCompile(`[A-Za-z0-9+/_-]{20,}={0,2}`)

// editSignature changes the text of a signature, which stands in the header at, in a
// parameter of the URL where at is "query:" and its name, or in the body behind a text where
// at is "body:" and that text.
func editSignature(d sdkDelivery, at string, edit func(string) string) sdkDelivery {
	d = d.clone()
	if name, inURL := strings.CutPrefix(at, "query:"); inURL {
		before, after, _ := strings.Cut(d.URL, name+"=")
		value, rest, more := strings.Cut(after, "&")
		if d.URL = before + name + "=" + url.QueryEscape(edit(value)); more {
			d.URL += "&" + rest
		}
		return d
	}
	mark, inBody := strings.CutPrefix(at, "body:")
	if !inBody {
		d.Headers[at] = editLast(d.Headers[at], edit)
		return d
	}
	before, after, _ := strings.Cut(string(d.Body), mark)
	spot := macText.FindStringIndex(after)
	if spot == nil {
		return d
	}
	d.Body = []byte(before + mark + after[:spot[0]] + edit(after[spot[0]:spot[1]]) + after[spot[1]:])
	return d
}

func editLast(value string, edit func(string) string) string {
	spots := macText.FindAllStringIndex(value, -1)
	if len(spots) == 0 {
		return value
	}
	spot := spots[len(spots)-1]
	return value[:spot[0]] + edit(value[spot[0]:spot[1]]) + value[spot[1]:]
}

// spoiled are forms of a signed delivery that nobody should take, by what was done to it.
// signature says where that stands.
func spoiled(d sdkDelivery, signature string) map[string]sdkDelivery {
	forms := map[string]sdkDelivery{
		"body changed":    withBody(d, changed(d.Body)),
		"body truncated":  withBody(d, d.Body[:len(d.Body)-1]),
		"body re-encoded": withBody(d, reencoded(d.Body)),
	}
	for name, edit := range map[string]func(string) string{
		"signature changed":               func(s string) string { return otherDigit(s[0]) + s[1:] },
		"signature truncated":             func(s string) string { return s[:len(s)/2] },
		"signature emptied":               func(string) string { return "" },
		"signature extended":              extended,
		"signature in another encoding":   otherEncoding,
		"signature in another alphabet":   otherAlphabet,
		"signature with a leading letter": func(s string) string { return "a" + s },
	} {
		forms[name] = editSignature(d, signature, edit)
	}
	if !strings.Contains(signature, ":") {
		bare := d.clone()
		delete(bare.Headers, signature)
		forms["signature removed"] = bare
	}
	for name, form := range forms {
		if bytes.Equal(form.Body, d.Body) && form.Headers[signature] == d.Headers[signature] && form.URL == d.URL {
			delete(forms, name) // there is no other form of this one
		}
	}
	return forms
}

func withBody(d sdkDelivery, body []byte) sdkDelivery {
	d = d.clone()
	d.Body = bytes.Clone(body)
	return d
}

// changed changes a letter or digit in the middle.
func changed(body []byte) []byte {
	body = bytes.Clone(body)
	for i := len(body) / 2; i < len(body); i++ {
		if c := body[i]; c >= 'b' && c <= 'y' || c >= '2' && c <= '9' {
			body[i] ^= 1
			return body
		}
	}
	return body
}

// reencoded says the same in other bytes: JSON with other spaces, a form with a letter
// escaped.
func reencoded(body []byte) []byte {
	var out bytes.Buffer
	if json.Indent(&out, body, "", "\t") == nil {
		return out.Bytes()
	}
	if name, value, ok := strings.Cut(string(body), "="); ok && len(value) > 0 && !strings.HasPrefix(name, "--") {
		return []byte(name + "=%" + strings.ToUpper(hex.EncodeToString([]byte(value[:1]))) + value[1:])
	}
	return body
}

// extended has more behind a signature, and in base64 behind its end.
func extended(s string) string {
	if !isHex(s) && len(s)%4 == 0 && !strings.HasSuffix(s, "=") {
		s += "="
	}
	return s + "0000"
}

// otherDigit is a digit that c is not, and that any encoding has.
func otherDigit(c byte) string {
	if c == '0' {
		return "1"
	}
	return "0"
}

func isHex(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil
}

func otherEncoding(s string) string {
	if raw, err := hex.DecodeString(s); err == nil {
		return b64(raw)
	}
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(strings.NewReplacer("-", "+", "_", "/").Replace(s), "="))
	if err != nil {
		return s
	}
	return hex.EncodeToString(raw)
}

// otherAlphabet writes hex with capitals, and base64 for URLs where it was not, or padded
// where it was.
func otherAlphabet(s string) string {
	if isHex(s) {
		return strings.ToUpper(s)
	}
	if strings.ContainsAny(s, "+/=") {
		return strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(s), "=")
	}
	return s + strings.Repeat("=", (4-len(s)%4)%4)
}

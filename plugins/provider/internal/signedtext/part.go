package signedtext

import (
	"crypto/md5" //nolint:gosec // only for senders that sign nothing better of a body
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"slices"
	"strconv"
	"strings"

	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/spec"
)

// maxFields bounds the fields of a form that is signed field by field. Twilio
// sends some 30.
const maxFields = 1000

// text returns what stands for p in the signed text, before its filters.
func (p *part) text(v *Input) (string, error) {
	switch p.Name {
	case PartLiteral:
		return p.Literal, nil
	case PartBody:
		return string(v.Request.Body), nil
	case PartTimestamp:
		return v.Stamp.Timestamp, nil
	case PartID:
		return v.Stamp.ID, nil
	case partMethod:
		return v.Request.Method, nil
	case PartURL:
		return v.Request.URL, p.bounds(v.Request.Target())
	case PartTarget:
		return v.Request.Target(), p.bounds(v.Request.Target())
	case PartKey:
		return string(v.Key), nil
	case PartChallenge:
		return v.Challenge, nil
	case PartForm, PartParams, partOnly, partPHP:
		return p.fieldsText(v)
	case partQuery:
		return sortedQuery(v.Request.RawQuery())
	case partListed:
		return p.listed(v)
	case partPlivo:
		return p.plivo(v)
	}
	return p.asSender(v)
}

// asSender is the text of what one sender writes in a way of its own, or of a place.
func (p *part) asSender(v *Input) (string, error) {
	switch p.Name {
	case partQSH:
		return p.canonicalRequest(v)
	case partWeChat:
		return p.wechat(v)
	}
	return p.place(v)
}

// fieldsText is what is signed of the fields of a form. It is the same for every key,
// and the digest of the content needs it, too.
func (p *part) fieldsText(v *Input) (text string, err error) {
	if v.fields.of == p.Name {
		return v.fields.text, nil
	}
	switch p.Name {
	case PartForm:
		text, err = sortedFields(v.Form, func(b *strings.Builder, f field) { b.WriteString(f.name); b.WriteString(f.value) })
	case PartParams:
		text, err = sortedParams(v)
	case partOnly:
		text, err = p.onlyField(v)
	default:
		text, err = p.phpFields(v)
	}
	if err == nil {
		v.fields.of, v.fields.text = p.Name, text
	}
	return text, err
}

// place returns the one value at the part's place.
func (p *part) place(v *Input) (string, error) {
	text, n := v.Get(p.At)
	switch {
	case n == 0 && p.maybe:
		return "", nil
	case n == 0:
		return "", spec.ErrMissing
	case n > 1:
		return "", spec.ErrRepeated
	case p.free:
		return text, nil
	}
	return text, p.bounds(text)
}

// bounds reports whether what a sender writes at p's place leaves the borders where
// they are. Of a URL that is path and query; its host is ours.
func (p *part) bounds(text string) error {
	if !separates(text, p.borders) {
		return spec.ErrMalformed
	}
	return nil
}

// separates reports whether text is one line and leaves the borders of the
// signed text where they are.
func separates(text string, borders []string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] == 0x7f {
			return false
		}
	}
	return !slices.ContainsFunc(borders, func(s string) bool { return strings.Contains(text, s) })
}

// maxNonce bounds a nonce of WeChat, which has ten digits.
const maxNonce = 64

// wechat returns the secret, the time, the nonce and the encrypted payload in the order
// of their bytes (WXBizMsgCrypt, getSignature). Nothing stands between them. The time has
// as many digits as today's, and a nonce that took letters from the payload would leave
// a message that begins elsewhere, which cannot be decrypted.
func (p *part) wechat(v *Input) (string, error) {
	nonce, n := v.Get(p.At)
	switch {
	case n == 0 || nonce == "" || v.Sealed == "":
		return "", spec.ErrMissing
	case n > 1:
		return "", spec.ErrRepeated
	case len(nonce) > maxNonce || strings.Trim(nonce, tokenChars) != "":
		return "", spec.ErrMalformed
	}
	all := []string{string(v.Key), v.Stamp.Timestamp, nonce, v.Sealed}
	slices.Sort(all)
	return strings.Join(all, ""), nil
}

type field struct{ name, value string }

// sortedFields writes the fields of a form in the order of their names, those
// of one name in that of their values, equal ones once, as Twilio's and
// Mailchimp Transactional's libraries do.
func sortedFields(form []byte, write func(*strings.Builder, field)) (string, error) {
	fields, err := fieldsOf(form)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.Grow(len(form))
	for _, f := range slices.Compact(sortFields(fields)) {
		write(&b, f)
	}
	return b.String(), nil
}

// listed returns name:value of each header that a header lists, sorted by name
// and joined by semicolons. The list itself counts as its names in that order, and
// itself and what else the scheme relies on are signed whether it names them or not
// (@contentful/node-apps-toolkit 3.16.1, src/requests/sign-request.ts).
func (p *part) listed(v *Input) (string, error) {
	list, n := v.Get(p.At)
	if n != 1 || len(list) > place.MaxHeader {
		return "", spec.ErrMissing
	}
	names := strings.Split(strings.ToLower(list), ",")
	if len(names) > place.MaxSignatures {
		return "", spec.ErrMalformed
	}
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	slices.Sort(names)
	if len(slices.Compact(slices.Clone(names))) != len(names) {
		return "", spec.ErrRepeated
	}
	for _, name := range p.need {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	entries := make([]string, 0, len(names))
	for _, name := range names {
		value, n := v.Request.Headers.Get(name)
		switch {
		case n == 0 || !spec.IsHeaderName(name):
			return "", spec.ErrMissing
		case n > 1:
			return "", spec.ErrRepeated
		}
		if name == p.At.Name {
			value = strings.Join(names, ",")
		}
		entries = append(entries, name+":"+strings.TrimSpace(value))
	}
	return strings.Join(entries, ";"), nil
}

// filter turns a value of a template into what is signed of it.
type filter func(string) string

// ParseFilters compiles the names behind the bars of {name|filter|filter}.
func ParseFilters(names []string) ([]filter, error) {
	var all []filter
	for _, name := range names {
		f := filterOf(name)
		if f == nil {
			return nil, fmt.Errorf("%w: there is no filter %q", spec.ErrRow, name)
		}
		all = append(all, f)
	}
	return all, nil
}

// filterOf returns the filter of a name, nil for none. The hashes give bytes,
// which hex or base64 makes text of.
func filterOf(name string) filter {
	if h := spec.Hash(name); h.Size() > 0 {
		return h.Sum
	}
	switch name {
	case "md5": // of a body that is signed by its checksum only
		return func(s string) string { sum := md5.Sum([]byte(s)); return string(sum[:]) } //nolint:gosec // the sender's own
	case "hex":
		return func(s string) string { return hex.EncodeToString([]byte(s)) }
	case "base64":
		return func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	case "base64url":
		return func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	case "json":
		return quoted
	case "crc32": // IEEE, in decimal
		return func(s string) string { return strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(s))), 10) }
	case "lower":
		return strings.ToLower
	case "upper":
		return strings.ToUpper
	case "no-query":
		return func(s string) string { before, _, _ := strings.Cut(s, "?"); return before }
	case "contentful", "other-port", "escaped", "requery":
		return map[string]filter{"contentful": contentfulURI, "other-port": otherPort, "escaped": escapedURL, "requery": requery}[name]
	case "decode-hubspot":
		replacer := hubspotReplacer()
		return func(s string) string {
			if !strings.Contains(s, "%") { // hardly any URL has escapes, and the replacer always copies
				return s
			}
			return replacer.Replace(s)
		}
	}
	return nil
}

// hubspotReplacer decodes the escapes that HubSpot decodes before it signs a
// URL, and no others (HubSpot docs, Validating requests, v3, step 2).
func hubspotReplacer() *strings.Replacer {
	return strings.NewReplacer(
		"%3A", ":", "%2F", "/", "%3F", "?", "%40", "@", "%21", "!", "%24", "$", "%27", "'",
		"%28", "(", "%29", ")", "%2A", "*", "%2C", ",", "%3B", ";",
	)
}

package signedtext

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"

	"webhookedge/plugins/provider/spec"
)

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
	case "hex":
		return func(s string) string { return hex.EncodeToString([]byte(s)) }
	case "base64":
		return func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	case "base64url":
		return func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	case "crc32": // IEEE, in decimal
		return func(s string) string { return strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(s))), 10) }
	case "lower":
		return strings.ToLower
	case "upper":
		return strings.ToUpper
	case "no-query":
		return func(s string) string { before, _, _ := strings.Cut(s, "?"); return before }
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

package signedtext

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/spec"
)

// canonicalRequest is what Atlassian Connect hashes of a request for the claim qsh: the
// method, the path behind the app's base URL and the query, sorted, without the
// parameter jwt (Atlassian Connect docs, Understanding JWT; atlassian-jwt 2.0.3,
// lib/jwt.js). What is no query of a URL is ErrMalformed.
func (p *part) canonicalRequest(v *Input) (string, error) {
	path, query, _ := strings.Cut(v.Request.Target(), "?")
	if base, n := v.Get(p.At); n == 1 {
		path = strings.TrimPrefix(path, strings.TrimSuffix(base, "/"))
	}
	path = "/" + strings.TrimPrefix(path, "/")
	if len(path) > 1 {
		path = strings.TrimSuffix(path, "/")
	}
	if strings.Count(query, "&") >= maxFields {
		return "", spec.ErrMalformed
	}
	fields, err := url.ParseQuery(query)
	if err != nil {
		return "", fmt.Errorf("%w: the query cannot be read", spec.ErrMalformed)
	}
	delete(fields, "jwt")
	var pairs []string
	for name, values := range fields {
		slices.Sort(values)
		for i := range values {
			values[i] = escapeRFC3986(values[i])
		}
		pairs = append(pairs, escapeRFC3986(name)+"="+strings.Join(values, ","))
	}
	slices.Sort(pairs)
	return strings.ToUpper(v.Request.Method) + "&" + strings.ReplaceAll(path, "&", "%26") + "&" + strings.Join(pairs, "&"), nil
}

// escapeRFC3986 escapes all but unreserved characters (RFC 3986, section 2.3).
func escapeRFC3986(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }

// qshCovers is what a canonical request covers.
func qshCovers() []string { return []string{place.CoversMethod, place.CoversQuery} }

package signedtext

import "strings"

// What URLs of JavaScript leave as it is: encodeURIComponent and Node's querystring,
// and encodeURI (ECMA-262, section 19.2.6).
const (
	unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()"
	inURI      = unreserved + ";/?:@&=+$,#"
)

// escape writes the bytes of text that are not among kept as %XX.
func escape(text, kept string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	b.Grow(len(text))
	for i := range len(text) {
		if c := text[i]; strings.IndexByte(kept, c) >= 0 {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', digits[c>>4], digits[c&15]})
		}
	}
	return b.String()
}

// contentfulURI is a path and query as Contentful signs them: what is between the
// first two question marks is escaped as one value, and then all of it once more
// (@contentful/node-apps-toolkit 3.16.1, src/requests/utils.ts,
// getNormalizedEncodedURI). What follows a second question mark is not signed.
func contentfulURI(target string) string {
	path, rest, _ := strings.Cut(target, "?")
	query, _, _ := strings.Cut(rest, "?")
	if query != "" {
		path += "?" + escape(query, unreserved)
	}
	return escape(path, inURI)
}

// parted is a URL in three: to the end of its host, a port with its colon, the rest.
func parted(address string) (host, port, rest string) {
	start := strings.Index(address, "://")
	if start < 0 {
		return address, "", ""
	}
	start += len("://")
	end := len(address)
	if i := strings.IndexAny(address[start:], "/?#"); i >= 0 {
		end = start + i
	}
	host, rest = address[:end], address[end:]
	// A colon begins a port only behind the bracket of an IPv6 address.
	if i := strings.LastIndexByte(host, ':'); i >= start && i > strings.LastIndexByte(host, ']') && strings.Trim(host[i+1:], "0123456789") == "" {
		host, port = host[:i], host[i:]
	}
	return host, port, rest
}

// otherPort is a URL without its port, or with the usual one where it has none: senders
// do not agree with their users on which of them was called (twilio 6.3.1 for Node,
// lib/webhooks/webhooks.js, removePort and addPort).
func otherPort(address string) string {
	host, port, rest := parted(address)
	switch {
	case port != "":
		return host + rest
	case strings.HasPrefix(strings.ToLower(address), "https://"):
		return host + ":443" + rest
	}
	return host + ":80" + rest
}

// escapedURL escapes what a URL parser of browsers does (WHATWG URL Standard, path and
// special-query percent-encode sets), which some of Twilio's back ends sign.
func escapedURL(address string) string {
	host, port, rest := parted(address)
	path, query, found := strings.Cut(rest, "?")
	path = escapeOnly(path, " \"<>`{}^")
	if found {
		path += "?" + escapeOnly(query, " \"<>'")
	}
	return host + port + path
}

// escapeOnly escapes the bytes of text among some, and what is no printable ASCII.
func escapeOnly(text, some string) string {
	if strings.IndexFunc(text, func(c rune) bool { return c < ' ' || c > '~' || strings.ContainsRune(some, c) }) < 0 {
		return text
	}
	var kept strings.Builder
	for c := byte('!'); c <= '~'; c++ {
		if strings.IndexByte(some, c) < 0 {
			kept.WriteByte(c)
		}
	}
	return escape(text, kept.String())
}

// requery writes the query of a URL anew as Node's querystring does, which others of
// them sign.
func requery(address string) string {
	before, query, found := strings.Cut(address, "?")
	fields, err := fieldsOf([]byte(query))
	if !found || query == "" || err != nil {
		return address
	}
	var names []string // in the order in which they come up
	values := map[string][]string{}
	for _, f := range fields {
		if values[f.name] == nil {
			names = append(names, f.name)
		}
		values[f.name] = append(values[f.name], escape(f.name, unreserved)+"="+escape(f.value, unreserved))
	}
	var pairs []string
	for _, name := range names {
		pairs = append(pairs, values[name]...)
	}
	return before + "?" + strings.Join(pairs, "&")
}

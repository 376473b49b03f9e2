package spec

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// RangeList is a list of addresses that a provider says it sends from. What
// lists exist is data here; package ipallow fetches and reads them.
type RangeList struct {
	// Name is that of the list's snapshot: lower case, digits and hyphens.
	// Providers that send from the same network share a list.
	Name string `json:"name"`
	// URL is the https address of the document, "" for a list that stands
	// only on a page for people and is never refreshed.
	URL string `json:"url,omitempty"`
	// Docs is the https address of the page that promises the list.
	Docs   string      `json:"docs"`
	Format RangeFormat `json:"format,omitempty"` // of the document at URL
	// Paths say where a JSON document has its prefixes: names and numbers with
	// dots between them, * for every element or member. What stands there is
	// a string or a list of strings.
	Paths []string `json:"paths,omitempty"`
	// Where keeps only prefixes whose JSON object matches all of it.
	Where []RangeMatch `json:"where,omitempty"`
}

// RangeMatch is a condition on a member of the object that holds a prefix: it
// is one of the values, or a list with one of them.
type RangeMatch struct {
	Field string   `json:"field"`
	OneOf []string `json:"one_of"`
}

// RangeFormat is how a document of ranges is written.
type RangeFormat string

// The formats.
const (
	RangeJSON RangeFormat = "json"
	RangeText RangeFormat = "text" // a prefix or address a line, # begins a comment
)

// Check reports what keeps l from being fetched and read.
func (l *RangeList) Check() error {
	bad := func(what string) error { return fmt.Errorf("%w: range list %q: %s", ErrRow, l.Name, what) }
	odd := func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' }
	switch {
	case l.Name == "" || len(l.Name) > 64 || strings.ContainsFunc(l.Name, odd):
		return bad("the name must be lower case letters, digits and hyphens")
	case !isHTTPS(l.Docs):
		return bad("docs must be an https URL")
	case l.URL != "" && !isHTTPS(l.URL):
		return bad("url must be an https URL")
	}
	if why := l.formatFault(); why != "" {
		return bad(why)
	}
	return nil
}

// formatFault says what is wrong with how the document at URL is read.
func (l *RangeList) formatFault() string {
	switch {
	case l.URL == "" && (l.Format != "" || len(l.Paths) > 0 || len(l.Where) > 0):
		return "a format without a URL"
	case l.URL == "":
		return ""
	case l.Format == RangeText && len(l.Paths)+len(l.Where) > 0:
		return "a text document has no paths"
	case l.Format == RangeJSON && (len(l.Paths) == 0 || slices.Contains(l.Paths, "")):
		return "a JSON document needs paths"
	case l.Format != RangeText && l.Format != RangeJSON:
		return "unknown format"
	case slices.ContainsFunc(l.Where, func(m RangeMatch) bool { return m.Field == "" || len(m.OneOf) == 0 }):
		return "an empty condition"
	}
	return ""
}

func isHTTPS(link string) bool {
	u, err := url.Parse(link)
	return err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil
}

package ipallow

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"webhookedge/plugins/provider/spec"
)

// Bounds of a published document. AWS's, the largest known, has 2 MiB and 15,000 prefixes.
const (
	maxDocument = 8 << 20 // bytes
	maxPrefixes = 100_000
)

// ErrDocument means that a document is not what its publisher documents.
var ErrDocument = errors.New("the document of ranges is malformed")

// parseDocument reads the distinct prefixes of a document in the format of list. One invalid
// entry makes the document invalid: half a list would refuse deliveries from the other half.
func parseDocument(data []byte, list *spec.RangeList) ([]netip.Prefix, error) {
	if len(data) > maxDocument {
		return nil, fmt.Errorf("%w: over %d bytes", ErrDocument, maxDocument)
	}
	var c collector
	switch list.Format {
	case spec.RangeText:
		c.text(data)
	case spec.RangeJSON:
		if err := c.json(data, list); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("%w: unknown format", ErrDocument)
	}
	return c.prefixes, c.err
}

// collector gathers prefixes up to the first fault.
type collector struct {
	prefixes []netip.Prefix
	seen     map[netip.Prefix]struct{}
	err      error
}

func (c *collector) add(text string) {
	if c.err != nil {
		return
	}
	p, err := parsePrefix(text, false)
	if err != nil {
		c.err = fmt.Errorf("%w: entry %d is not a prefix", ErrDocument, len(c.prefixes)+1)
		return
	}
	if _, double := c.seen[p]; double {
		return
	}
	if len(c.prefixes) == maxPrefixes {
		c.err = fmt.Errorf("%w: over %d prefixes", ErrDocument, maxPrefixes)
		return
	}
	if c.seen == nil {
		c.seen = map[netip.Prefix]struct{}{}
	}
	c.seen[p] = struct{}{}
	c.prefixes = append(c.prefixes, p)
}

// text reads a prefix a line; # begins a comment.
func (c *collector) text(data []byte) {
	for line := range bytes.Lines(data) {
		content, _, _ := strings.Cut(string(line), "#")
		if content = strings.TrimSpace(content); content != "" {
			c.add(content)
		}
	}
}

func (c *collector) json(data []byte, list *spec.RangeList) error {
	var document any
	if err := json.Unmarshal(data, &document); err != nil {
		return fmt.Errorf("%w: not JSON", ErrDocument) // the decoder's text may quote the document
	}
	for _, path := range list.Paths {
		if !c.walk(document, strings.Split(path, "."), list.Where) && c.err == nil {
			return fmt.Errorf("%w: nothing at %s", ErrDocument, path)
		}
	}
	return nil
}

// walk adds what stands at path below value and reports whether path leads anywhere. Behind
// a *, members such as IPv6 beside IPv4 may be absent.
func (c *collector) walk(value any, path []string, where []spec.RangeMatch) bool {
	if len(path) == 0 {
		return c.leaf(value)
	}
	step, rest := path[0], path[1:]
	if step == "*" {
		return c.each(value, rest, where)
	}
	switch v := value.(type) {
	case map[string]any:
		member, ok := v[step]
		if !ok {
			return false
		}
		if len(rest) == 0 && !matches(v, where) {
			return true // led somewhere, and is not wanted
		}
		return c.walk(member, rest, where)
	case []any:
		i, err := strconv.Atoi(step)
		return err == nil && i >= 0 && i < len(v) && c.walk(v[i], rest, where)
	}
	return false
}

func (c *collector) each(value any, rest []string, where []spec.RangeMatch) bool {
	found := false
	switch v := value.(type) {
	case []any:
		for _, element := range v {
			found = c.walk(element, rest, where) || found
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) { // so that the order of a list says nothing of the map
			found = c.walk(v[name], rest, where) || found
		}
	}
	return found
}

func (c *collector) leaf(value any) bool {
	switch v := value.(type) {
	case string:
		c.add(v)
		return true
	case []any:
		for _, element := range v {
			text, ok := element.(string)
			if !ok {
				return false
			}
			c.add(text)
		}
		return true
	}
	return false
}

func matches(object map[string]any, where []spec.RangeMatch) bool {
	for _, m := range where {
		fits := false
		switch v := object[m.Field].(type) {
		case string:
			fits = slices.Contains(m.OneOf, v)
		case []any:
			fits = slices.ContainsFunc(v, func(element any) bool {
				text, ok := element.(string)
				return ok && slices.Contains(m.OneOf, text)
			})
		}
		if !fits {
			return false
		}
	}
	return true
}

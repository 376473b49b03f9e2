package config

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
)

// maxEcho bounds what a fault repeats of the input's keys and references.
const maxEcho = 64

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func pathOrRoot(path string) string {
	if path == "" {
		return "config"
	}
	return path
}

// bounded makes text from outside fit for a line of a log.
func bounded(text string) string {
	if len(text) > maxEcho {
		cut := maxEcho
		for !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut] + "..."
	}
	quoted := strconv.Quote(text)
	return quoted[1 : len(quoted)-1]
}

// kongKey reports whether Kong itself adds the key to a plugin's configuration.
func kongKey(key string) bool {
	if strings.HasPrefix(key, "__") {
		return true
	}
	switch key {
	case "route_id", "service_id", "consumer_id", "consumer_group_id", "ws_id":
		return true
	default:
		return false
	}
}

func (d *decoder) unknownKeys(path string, r *record, n *node) {
	if n == nil {
		return
	}
	names := make([]string, 0, len(r.fields))
	for _, f := range r.fields {
		names = append(names, f.name)
	}
	for _, m := range n.members {
		if m.key == "$refs" || r.field(m.key) != nil || path == "" && kongKey(m.key) {
			continue
		}
		d.fault(join(path, bounded(m.key)), "is an unknown key%s", suggestion(m.key, names))
	}
}

// suggestion names the nearest of known, if one is near.
func suggestion(text string, known []string) string {
	best, distance := "", 1+max(1, len(text)/3)
	if len(text) <= maxEcho {
		for _, k := range known {
			if n := levenshtein.ComputeDistance(text, k); n < distance {
				best, distance = k, n
			}
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %s?", best)
}

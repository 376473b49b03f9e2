package kongyml

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"webhookedge/kong/local/declarative"
)

var (
	// ErrClash is a route that cannot be added because another has its name or path.
	ErrClash = errors.New("there is another route")
	// ErrPlace is a kong.yml whose list of routes is written so that nothing is added.
	ErrPlace = errors.New("its routes are written so that one must be added by hand")
)

// Insert returns the text of a kong.yml with the route of another one, which has one
// alone, behind its own: what stands there stays, comments too. added is false where the
// route is there already, by its name and its provider. What comes out is a declarative
// file, or else an error: ErrClash, ErrPlace, or a *declarative.Error of what was there.
func Insert(name string, text, snippet []byte) (out []byte, added bool, err error) {
	have, err := declarative.Parse(name, text)
	if err != nil {
		return nil, false, err
	}
	more, err := declarative.Parse("the new route", snippet)
	if err != nil {
		return nil, false, err
	}
	if there, err := clash(have, more); there || err != nil {
		return text, false, err
	}
	if out, err = splice(text, snippet); err != nil {
		return nil, false, err
	}
	is, err := declarative.Parse(name, out)
	if err != nil || !slices.EqualFunc(is.Routes, append(slices.Clip(have.Routes), more.Routes...), sameRoute) || len(is.Plugins) != len(have.Plugins)+len(more.Plugins) {
		return nil, false, ErrPlace
	}
	return out, true, nil
}

func sameRoute(a, b *declarative.Route) bool {
	return a.Name == b.Name && slices.Equal(a.Paths, b.Paths)
}

// clash reports whether the route of more is in have, or what of have is in its way.
func clash(have, more *declarative.File) (there bool, err error) {
	for _, add := range more.Routes {
		for _, r := range have.Routes {
			switch {
			case r.Name == add.Name && senderOf(have, r) == senderOf(more, add):
				return true, nil
			case r.Name == add.Name:
				return false, fmt.Errorf("%w of the name %s", ErrClash, r.Name)
			case len(r.Hosts) == 0 && slices.ContainsFunc(add.Paths, func(path string) bool { return slices.Contains(r.Paths, path) }):
				return false, fmt.Errorf("%w, %s, at %s", ErrClash, r.Label(), strings.Join(add.Paths, " "))
			}
		}
	}
	return false, nil
}

// senderOf is the provider that a plugin of the route names.
func senderOf(f *declarative.File, r *declarative.Route) string {
	for _, p := range f.Plugins {
		if config, ok := p.Config.(map[string]any); ok && p.Route == r {
			if name, ok := config["provider"].(string); ok {
				return name
			}
		}
	}
	return ""
}

var emptyRoutes = regexp.MustCompile(`^routes:[ \t]*(\[[ \t]*\]|~|null)?[ \t]*(#.*)?$`)

// splice puts the routes of snippet behind those of text.
func splice(text, snippet []byte) ([]byte, error) {
	end := "\n"
	if bytes.Contains(text, []byte("\r\n")) {
		end = "\r\n"
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil || len(doc.Content) != 1 {
		return nil, ErrPlace
	}
	lines := strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
	_, block, ok := strings.Cut(string(snippet), "\nroutes:\n")
	if !ok {
		return nil, ErrPlace
	}
	at, indent, before := len(lines), 2, []string{"", "routes:"}
	top := doc.Content[0]
	for i := 0; i+1 < len(top.Content); i += 2 {
		key, value := top.Content[i], top.Content[i+1]
		if key.Value != "routes" {
			continue
		}
		if i+2 < len(top.Content) {
			at = top.Content[i+2].Line - 1
		}
		switch {
		case value.Kind == yaml.SequenceNode && value.Style&yaml.FlowStyle == 0 && len(value.Content) > 0:
			indent, before = value.Column-1, []string{""}
		case emptyRoutes.MatchString(lines[key.Line-1]):
			lines[key.Line-1] = emptyRoutes.ReplaceAllString(lines[key.Line-1], "routes: $2")
			lines[key.Line-1] = strings.TrimRight(lines[key.Line-1], " ")
			at, before = key.Line, nil
		default:
			return nil, ErrPlace
		}
		break
	}
	for at > 0 && between(lines[at-1], indent) {
		at-- // what stands before the next key belongs to that
	}
	for line := range strings.SplitSeq(strings.TrimRight(block, "\n"), "\n") {
		before = append(before, strings.TrimRight(strings.Repeat(" ", indent)+strings.TrimPrefix(line, "  "), " "))
	}
	lines = slices.Insert(lines, at, before...)
	return []byte(strings.TrimRight(strings.Join(lines, end), "\r\n") + end), nil
}

// between reports whether a line is blank, the end of a document, or a comment that is
// less indented than the list.
func between(line string, indent int) bool {
	text := strings.TrimLeft(line, " \t")
	return text == "" || line == "..." || text[0] == '#' && len(line)-len(text) < max(indent, 1)
}

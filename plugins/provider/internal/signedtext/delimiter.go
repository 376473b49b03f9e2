package signedtext

import (
	"fmt"

	"webhookedge/plugins/provider/spec"
)

// borders notes for each part what may stand behind it, and refuses what could
// never be told apart.
func (t *Template) borders() error {
	free, open := 0, false
	for i := range t.Segments {
		for j := range t.Segments[i].Parts {
			p := &t.Segments[i].Parts[j]
			p.borders = t.following(i, j)
			if open {
				p.borders = append(p.borders, t.preceding(i, j)...)
			}
			if p.free {
				free++
			}
			open = open || p.open()
		}
	}
	if free > 1 {
		return fmt.Errorf("%w: content has two values that may hold anything", spec.ErrRow)
	}
	for _, name := range []PartName{PartBody, PartTimestamp, PartID} {
		if t.count(name) > 1 {
			return fmt.Errorf("%w: content has {%s} twice", spec.ErrRow, name)
		}
	}
	return nil
}

// following returns the literals that may stand right behind a part.
func (t *Template) following(i, j int) []string {
	if parts := t.Segments[i].Parts; j+1 < len(parts) {
		if parts[j+1].Literal == "" {
			return nil
		}
		return []string{parts[j+1].Literal}
	}
	var all []string
	for _, s := range t.Segments[i+1:] {
		if first := s.Parts[0].Literal; first != "" {
			all = append(all, first)
		}
		if !s.Optional {
			break
		}
	}
	return all
}

// preceding returns the literals that may stand right before a part.
func (t *Template) preceding(i, j int) []string {
	if j > 0 {
		if before := t.Segments[i].Parts[j-1].Literal; before != "" {
			return []string{before}
		}
		return nil
	}
	var all []string
	for k := i - 1; k >= 0; k-- {
		parts := t.Segments[k].Parts
		if last := parts[len(parts)-1].Literal; last != "" {
			all = append(all, last)
		}
		if !t.Segments[k].Optional {
			break
		}
	}
	return all
}

// open reports whether no literal tells where p ends, be it that p may hold it or
// that there is none.
func (p *part) open() bool {
	switch p.Name {
	case PartLiteral, PartKey, partMethod:
		return false
	case PartID, PartTimestamp, PartURL, PartTarget, PartPlace:
		return p.free || len(p.borders) == 0
	}
	return true
}

// Separates reports whether a value leaves the borders of the signed text where
// they are.
func (t *Template) Separates(text string, name PartName) bool {
	for i := range t.Segments {
		for j := range t.Segments[i].Parts {
			if p := &t.Segments[i].Parts[j]; p.Name == name && !separates(text, p.borders) {
				return false
			}
		}
	}
	return true
}

package provider

import "fmt"

// borders notes for each part what may stand behind it, and refuses what could
// never be told apart.
func (t *template) borders() error {
	free, open := 0, false
	for i := range t.segments {
		for j := range t.segments[i].parts {
			p := &t.segments[i].parts[j]
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
		return fmt.Errorf("%w: content has two values that may hold anything", ErrRow)
	}
	for _, name := range []partName{partBody, partTimestamp, partID} {
		if t.count(name) > 1 {
			return fmt.Errorf("%w: content has {%s} twice", ErrRow, name)
		}
	}
	return nil
}

// following returns the literals that may stand right behind a part.
func (t *template) following(i, j int) []string {
	if parts := t.segments[i].parts; j+1 < len(parts) {
		if parts[j+1].literal == "" {
			return nil
		}
		return []string{parts[j+1].literal}
	}
	var all []string
	for _, s := range t.segments[i+1:] {
		if first := s.parts[0].literal; first != "" {
			all = append(all, first)
		}
		if !s.optional {
			break
		}
	}
	return all
}

// preceding returns the literals that may stand right before a part.
func (t *template) preceding(i, j int) []string {
	if j > 0 {
		if before := t.segments[i].parts[j-1].literal; before != "" {
			return []string{before}
		}
		return nil
	}
	var all []string
	for k := i - 1; k >= 0; k-- {
		parts := t.segments[k].parts
		if last := parts[len(parts)-1].literal; last != "" {
			all = append(all, last)
		}
		if !t.segments[k].optional {
			break
		}
	}
	return all
}

// open reports whether no literal tells where p ends, be it that p may hold it or
// that there is none.
func (p *part) open() bool {
	switch p.name {
	case partLiteral, partKey, partMethod:
		return false
	case partID, partTimestamp, partURL, partTarget, partPlace:
		return p.free || len(p.borders) == 0
	}
	return true
}

package infer

import (
	"slices"
	"strings"
)

// separators are what stands between the parts of a signed text, the usual first.
func separators() []string {
	return []string{".", "", ":", "\n", "|", ",", "-", "&", ";", " ", "/", "_"}
}

const allKeys = 64

// bodies are the texts that are the body alone.
func (s *search) bodies() {
	for _, b := range s.pieces.bodies {
		s.try([]piece{b}, allKeys)
	}
}

// timed are the texts of a body and a time, with or without a mark in front.
func (s *search) timed() {
	p := s.pieces
	for _, t := range p.times {
		s.orders(nil, []piece{t, p.bodies[0]}, separators(), allKeys)
		for _, mark := range p.marks {
			s.orders([]piece{mark}, []piece{t, p.bodies[0]}, separators()[:6], usualKeys)
		}
	}
}

// stamped are the texts of a body, a time and an id.
func (s *search) stamped() {
	p := s.pieces
	for _, t := range p.times {
		for _, id := range p.ids {
			s.orders(nil, []piece{id, t, p.bodies[0]}, separators()[:6], usualKeys)
			for _, mark := range p.marks {
				s.orders([]piece{mark}, []piece{id, t, p.bodies[0]}, separators()[:3], usualKeys)
			}
		}
	}
}

// valued are the texts of a body, or what stands for it, and any one value.
func (s *search) valued() {
	for _, b := range s.pieces.bodies {
		for _, x := range s.pieces.beside() {
			s.orders(nil, []piece{x, b}, separators(), allKeys)
		}
	}
}

// twice are the texts of a body, or what stands for it, and any two values.
func (s *search) twice() {
	s.two(s.pieces.beside(), s.pieces.bodies[0], separators())
	for _, b := range s.pieces.bodies[1:] {
		s.two(s.pieces.beside(), b, separators()[:5])
	}
}

// beside is all that may be signed beside a body.
func (p *pieces) beside() []piece {
	return slices.Concat(p.times, p.ids, p.urls, []piece{p.method, p.key})
}

// two are the texts of a body and two of values.
func (s *search) two(values []piece, body piece, separators []string) {
	for i, x := range values {
		for _, y := range values[i+1:] {
			s.orders(nil, []piece{x, y, body}, separators, usualKeys)
		}
	}
}

// requests are the texts of a method, a URL, a time, an id and a body, without one of
// them or with all.
func (s *search) requests() {
	p := s.pieces
	bodies := p.bodies[:min(4, len(p.bodies))]
	for _, b := range bodies {
		for _, u := range p.urls {
			for _, t := range p.times {
				s.orders(nil, []piece{p.method, u, t, b}, separators()[:8], usualKeys)
			}
			for _, id := range append([]piece{p.key}, p.ids[:min(4, len(p.ids))]...) {
				s.orders(nil, []piece{p.method, u, id, b}, separators()[:6], 2)
			}
		}
		for i, x := range p.ids {
			for _, y := range p.ids[i+1:] {
				for _, t := range p.times {
					s.orders(nil, []piece{x, y, t, b}, separators()[:6], 2)
				}
			}
		}
	}
	for _, u := range p.urls {
		for _, t := range p.times {
			for _, id := range append([]piece{p.key}, p.ids[:min(3, len(p.ids))]...) {
				s.orders(nil, []piece{p.method, u, t, id, bodies[0]}, separators()[:6], 2)
			}
		}
	}
}

// pairsOfValues are the texts of two values and no body.
func (s *search) pairsOfValues() {
	p := s.pieces
	all := slices.Concat(p.times, p.ids, p.urls, []piece{p.key}, p.scalars)
	for i, x := range all {
		s.try([]piece{x}, allKeys)
		for _, y := range all[i+1:] {
			s.orders(nil, []piece{x, y}, separators()[:8], usualKeys)
		}
	}
}

// values3 are the texts of three values and no body.
func (s *search) values3() {
	p := s.pieces
	all := slices.Concat(p.times, []piece{p.method}, p.urls, p.ids)
	all = append(all, p.scalars[:min(len(p.scalars), 24)]...)
	for i, x := range all {
		for j, y := range all[i+1:] {
			for _, z := range all[i+j+2:] {
				s.orders(nil, []piece{x, y, z}, separators()[:5], 2)
			}
		}
	}
}

// labelled are the texts of up to three values behind their names, id:1;ts:2; and
// id=1&ts=2.
func (s *search) labelled() {
	p := s.pieces
	all := slices.Concat(p.times, p.ids)
	if len(p.bodies) > 0 && len(p.bodies[0].text) < maxText {
		all = append(all, p.bodies[0])
	}
	for _, style := range [][3]string{{":", ";", ";"}, {"=", "&", ""}, {"=", ",", ""}, {":", "\n", ""}, {"=", ";", ""}, {":", ",", ""}, {"=", "\n", ""}, {":", "\n", "\n"}} {
		for i := range all {
			for j := range all {
				for k := range all {
					if s.stopped {
						return
					}
					s.labels(style, all[i], all[j], all[k])
				}
			}
		}
	}
}

// labels tries one order of up to three values, which are the first where they repeat,
// with each name that they may have.
func (s *search) labels(style [3]string, values ...piece) {
	values = slices.CompactFunc(values, func(a, b piece) bool { return a.part == b.part })
	if len(values) == 3 && values[0].part == values[2].part {
		return
	}
	texts := [][]piece{nil}
	for i, v := range values {
		var longer [][]piece
		for _, text := range texts {
			for _, name := range v.labels() {
				label := name + style[0]
				if i > 0 {
					label = style[1] + label
				}
				longer = append(longer, append(slices.Clone(text), literal(label), v))
			}
		}
		texts = longer
	}
	for _, text := range texts {
		if style[2] != "" {
			text = append(text, literal(style[2]))
		}
		s.try(text, 2)
	}
}

// orders tries a text in every order of its parts, behind what is fixed, with each
// separator.
func (s *search) orders(first, parts []piece, separators []string, keys int) {
	text := make([]piece, 0, 2*(len(first)+len(parts)))
	var permute func(n int)
	permute = func(n int) {
		if n < len(parts) {
			for i := n; i < len(parts); i++ {
				parts[n], parts[i] = parts[i], parts[n]
				permute(n + 1)
				parts[n], parts[i] = parts[i], parts[n]
			}
			return
		}
		for _, separator := range separators {
			if s.stopped {
				return
			}
			text = joined(text[:0], first, parts, separator)
			s.try(text, keys)
			if separator == "\n" {
				s.try(append(text, literal("\n")), keys)
			}
		}
	}
	permute(0)
}

func joined(text, first, parts []piece, separator string) []piece {
	for i := range len(first) + len(parts) {
		if i > 0 && separator != "" {
			text = append(text, literal(separator))
		}
		if i < len(first) {
			text = append(text, first[i])
		} else {
			text = append(text, parts[i-len(first)])
		}
	}
	return text
}

// labels are the names that a value may have in front of it in a signed text.
func (p *piece) labels() []string {
	if p.body {
		return []string{"body"}
	}
	_, name, _ := strings.Cut(p.at, ":")
	all := []string{name}
	if rest, ok := strings.CutPrefix(name, "x-"); ok {
		all = append(all, rest)
	}
	if i := strings.LastIndexAny(name, ".-"); i > 0 && i < len(name)-1 {
		all = append(all, name[i+1:])
	}
	return all
}

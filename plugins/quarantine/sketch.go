package quarantine

import "hash/maphash"

// A sketch has this many rows of counters, so that two addresses share all of theirs
// by a rare accident only.
const (
	sketchRows  = 4
	sketchWidth = 2048 // a power of two
)

// sketch counts by key in a fixed size, whatever the number of keys: a count-min
// sketch with conservative update (Estan and Varghese, 2002). It may count too much
// for a key, and never too little. Its hash is seeded, so that nobody can choose
// addresses that share counters with another's.
type sketch struct {
	seed  maphash.Seed
	cells [sketchRows][sketchWidth]uint64
}

func newSketch() *sketch { return &sketch{seed: maphash.MakeSeed()} }

// of returns the count of a key.
func (s *sketch) of(key uint64) uint64 {
	least := s.cells[0][cell(key, 0)]
	for row := 1; row < sketchRows; row++ {
		least = min(least, s.cells[row][cell(key, row)])
	}
	return least
}

// add counts n for a key.
func (s *sketch) add(key, n uint64) {
	total := s.of(key) + n
	for row := range sketchRows {
		c := &s.cells[row][cell(key, row)]
		*c = max(*c, total)
	}
}

// clear forgets everything.
func (s *sketch) clear() { s.cells = [sketchRows][sketchWidth]uint64{} }

// cell is the place of a key in a row (Kirsch and Mitzenmacher, 2006: two hashes do for
// all rows).
func cell(key uint64, row int) uint64 {
	return (key + uint64(row)*(key>>32|1)) % sketchWidth
}

package redact

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
)

// Action is what happens to a value.
type Action string

// The actions.
const (
	// Drop removes a member with its name, or an element with its comma, so
	// that later elements move up.
	Drop Action = "drop"
	// Mask puts the string Masked in place of the value, whatever it is.
	Mask Action = "mask"
	// Hash puts the string "hmac-sha256:<hex>" in place of the value, over the
	// text of a string, a number or a word as it stands there, and over an
	// object or array without its white space. Equal values stay equal.
	Hash Action = "hash"
)

// Masked is the text that Mask leaves.
const Masked = "[redacted]"

// Bounds of a Redactor.
const (
	MaxRules = 256
	MinKey   = 16 // bytes of the key of Hash
)

// What can be wrong with rules and data. No error repeats any data.
var (
	ErrPath   = errors.New("invalid redaction path")
	ErrAction = errors.New("invalid redaction action")
	ErrKey    = errors.New("hash needs a key of at least 16 bytes")
	ErrRules  = errors.New("too many redactions")
	ErrData   = errors.New("data to redact is not JSON, or nested too deeply")
)

// Rule says what happens to the values that a path leads to.
type Rule struct {
	Path   string
	Action Action
	// Each lets the path lead from each item of a list that is the whole of the data,
	// and not from the data.
	Each bool
}

// Redactor applies rules. It is immutable and safe for concurrent use.
type Redactor struct {
	rules [][]step
	acts  []Action
	key   []byte
	walks sync.Pool // of *walk
}

// Compile prepares rules; key is that of Hash and may be empty where no rule
// needs it. The error joins everything that is wrong, each line after the
// position of its rule, "[2].path".
func Compile(rules []Rule, key []byte) (*Redactor, error) {
	if len(rules) > MaxRules {
		return nil, fmt.Errorf("%w: at most %d", ErrRules, MaxRules)
	}
	r := &Redactor{key: bytes.Clone(key)}
	var faults []error
	for i, rule := range rules {
		steps, err := parse(rule.Path)
		if err != nil {
			faults = append(faults, fmt.Errorf("[%d].path: %w", i, err))
		}
		if rule.Each {
			steps = append([]step{{kind: byAny}}, steps...)
		}
		switch {
		case rule.Action != Drop && rule.Action != Mask && rule.Action != Hash:
			faults = append(faults, fmt.Errorf("[%d].action: %w", i, ErrAction))
		case rule.Action == Hash && len(key) < MinKey:
			faults = append(faults, fmt.Errorf("[%d].action: %w", i, ErrKey))
		}
		r.rules, r.acts = append(r.rules, steps), append(r.acts, rule.Action)
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return r, nil
}

// Apply returns data, one JSON value that jsonscan.Scan took, with the rules
// applied, and for each rule whether it led to a value. Where several rules lead to one value the first of
// them acts; below a value that is redacted no rule is tried. Without a hit out
// is data itself; otherwise it is new, and data is not changed. Other data is an
// ErrData where that shows on the way, and may become anything where it does not.
func (r *Redactor) Apply(data []byte) (out []byte, hit []bool, err error) {
	w, ok := r.walks.Get().(*walk)
	if !ok {
		w = newWalk(r)
	}
	defer func() {
		w.release()
		r.walks.Put(w)
	}()
	hit = make([]bool, len(r.rules))
	if err := w.run(data, hit); err != nil {
		return nil, nil, err
	}
	return w.result(), hit, nil
}

package engine

import (
	"encoding/binary"
	"sync"

	"webhookedge/plugins/internal/jsonscan"
)

// maxKey bounds a key, in bytes. Larger inputs hardly come again and are not remembered.
const maxKey = 4 << 10

// key is all that a policy reads of one input, byte by byte as it was given: two
// inputs of one key are the same to every function of Rego, to those too that
// tell 1 from 1e0. It is the fields one after the other, each with its length,
// and at the end what is read of the payload.
type key struct {
	text []byte
	data int // where the payload begins
}

// keys are used again.
type keys struct{ pool sync.Pool }

func (k *keys) get() *key {
	if used, ok := k.pool.Get().(*key); ok {
		used.text, used.data = used.text[:0], 0
		return used
	}
	return &key{text: make([]byte, 0, maxKey)}
}

func (k *keys) put(used *key) {
	if cap(used.text) <= 2*maxKey {
		k.pool.Put(used)
	}
}

// payload is what project left of the payload.
func (k *key) payload() []byte { return k.text[k.data:] }

// read makes k the key of in, and reports whether it is within maxKey.
func (k *key) read(p *inputPlan, in Input) bool {
	for i := range p.sections {
		s := &p.sections[i]
		for _, f := range s.texts {
			k.string(f.of(in))
		}
		for _, l := range s.lists {
			values, there := l.of(in)
			k.list(values, there)
		}
		for _, name := range s.headers {
			values := headerValues(in, name)
			k.list(values, values != nil)
		}
	}
	if len(k.text) > maxKey {
		return false
	}
	k.flag(in.Event.Binary)
	k.data = len(k.text)
	if in.Event.Binary || p.data == nil || len(in.Event.Data) == 0 {
		return true
	}
	c := jsonscan.NewCursor(in.Event.Data)
	return k.project(&c, p.data, maxDepth)
}

func (k *key) string(s string) {
	k.text = append(binary.AppendUvarint(k.text, uint64(len(s))), s...)
}

// list keeps one that is empty apart from one that is not there.
func (k *key) list(values []string, there bool) {
	k.flag(there)
	k.text = binary.AppendUvarint(k.text, uint64(len(values)))
	for _, v := range values {
		k.string(v)
	}
}

func (k *key) flag(on bool) {
	if on {
		k.text = append(k.text, 1)
	} else {
		k.text = append(k.text, 0)
	}
}

// project copies what p reads of the next value as spelled; false beyond maxKey.
func (k *key) project(c *jsonscan.Cursor, p *plan, depth int) bool {
	switch {
	case p.all:
		return k.copy(c.Raw())
	case c.Kind() != '{' || depth == 0:
		c.Raw() // a name inside what is no object leads nowhere
		return k.copy([]byte("null"))
	}
	c.Enter()
	k.text = append(k.text, '{')
	for first := true; c.More(); {
		name := c.Raw()
		next := p.member(name)
		if next == nil {
			c.Raw()
			continue
		}
		if !first {
			k.text = append(k.text, ',')
		}
		first = false
		if !k.copy(name) {
			return false
		}
		k.text = append(k.text, ':')
		if !k.project(c, next, depth-1) {
			return false
		}
	}
	return k.copy([]byte{'}'})
}

func (k *key) copy(raw []byte) bool {
	if len(k.text)+len(raw) > maxKey {
		return false
	}
	k.text = append(k.text, raw...)
	return true
}

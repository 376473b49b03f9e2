package act

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"sync"
	"time"

	"webhookedge/plugins/internal/ctl/inspector/api"
)

const (
	maxPlans = 64
	planTTL  = 10 * time.Minute
)

// plan is an order that was previewed.
type plan struct {
	key [sha256.Size]byte // hash of it, so that the time of a comparison tells nothing
	sum [sha256.Size]byte
	fix *fixed
	at  time.Time
}

// plans are those that can be run, the oldest first. They hold no payloads.
type plans struct {
	now func() time.Time
	mu  sync.Mutex
	all []plan
}

func newPlans(now func() time.Time) *plans { return &plans{now: now} }

func (p *plans) add(o *api.Order, seen []any, fix *fixed) (key string, err error) {
	sum, err := sumOf(o, seen)
	if err != nil {
		return "", err
	}
	key = newKey()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.all) == maxPlans {
		p.all = p.all[1:]
	}
	p.all = append(p.all, plan{key: sha256.Sum256([]byte(key)), sum: sum, fix: fix, at: p.now()})
	return key, nil
}

// take returns the plan of a key and forgets it: it is good for one run.
func (p *plans) take(key string) (plan, bool) {
	hash := sha256.Sum256([]byte(key))
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range p.all {
		if one := p.all[i]; one.key == hash {
			p.all = append(p.all[:i:i], p.all[i+1:]...)
			return one, p.now().Sub(one.at) <= planTTL
		}
	}
	return plan{}, false
}

func newKey() string {
	key := make([]byte, 32)
	rand.Read(key) // which does not fail
	return base64.RawURLEncoding.EncodeToString(key)
}

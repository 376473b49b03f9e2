package verify_test

import (
	"errors"
	"sync"
	"testing"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/verify"
)

// TestVerify_deliveriesAtOnce has deliveries of every scheme verified at the same time
// by one stage, genuine and forged, so that what they share (keys, pools of hashes and
// parsers) mixes none of them up. Under the race detector it also holds that they share
// nothing unguarded.
func TestVerify_deliveriesAtOnce(t *testing.T) {
	for _, p := range catalogue.All() {
		for _, s := range p.Schemes {
			c, private := keyed(t, p, s.Name)
			if private == "" {
				continue // its published keys are those of other tests
			}
			c.PublicURL = "https://hooks.octo-corp.example/hooks"
			if !p.SignsHost(&s) {
				c.PublicURL = ""
			}
			stage, err := verify.New(p, c, at)
			if err != nil {
				t.Fatalf("%s/%s: %v", p.Name, s.Name, err)
			}
			_, other := keyed(t, p, s.Name)
			genuine := sampleOf(t, p, s.Name, private, "https://hooks.octo-corp.example/hooks")
			forged := sampleOf(t, p, s.Name, other, "https://hooks.octo-corp.example/hooks")
			var all sync.WaitGroup
			for range 3 {
				for _, d := range []*pipeline.Delivery{genuine, forged} {
					all.Go(func() {
						own := *d
						err := stage.Handle(t.Context(), &own)
						if reply := new(pipeline.Reply); errors.As(err, &reply) {
							err = nil // a handshake, which is signed
						}
						if (err == nil) != (d == genuine) {
							t.Errorf("%s/%s: genuine %v, and %v", p.Name, s.Name, d == genuine, err)
						}
					})
				}
			}
			all.Wait()
		}
	}
}

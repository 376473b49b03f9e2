package ratelimit

import (
	"context"
	"errors"
	"time"
)

// ErrStore means that the store of the counts did not answer as it should.
var ErrStore = errors.New("the store of the limits does not answer")

// count is what a store says of one window.
type count struct {
	n     int64         // deliveries in it
	reset time.Duration // until it ends
}

// store counts all windows of a delivery at once. limiter's own stores count each key alone:
// a refused delivery would spend the other limits, those of its whole route too.
type store interface {
	// take counts one delivery in all windows, or in none where one is full; then it writes all
	// counts to dst. full is the index of the full window that ends last, -1 for none.
	take(ctx context.Context, windows []window, dst []count) (full int, err error)
}

// latest returns the index of the full window that ends last, -1 for none.
func latest(windows []window, counts []count) int {
	full := -1
	var ends time.Duration
	for i, c := range counts {
		if c.n >= windows[i].rate.Limit && (full < 0 || c.reset > ends) {
			full, ends = i, c.reset
		}
	}
	return full
}

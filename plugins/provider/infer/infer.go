package infer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/custom"
	"webhookedge/plugins/provider/spec"
)

// Bounds of a search.
const (
	// Timeout is how long a search may last that is not told.
	Timeout = 2 * time.Second
	// MaxBody is the largest body in bytes: it is hashed for each candidate.
	MaxBody = 1 << 20
	// maxTrials is the most signatures that are computed.
	maxTrials = 2_000_000
	// maxSecret bounds the text of the secret, in bytes, and leastSecret what is a secret
	// at all: what is shorter stands in every delivery.
	maxSecret   = 16 << 10
	leastSecret = 4
	maxSamples  = 16 // deliveries
)

// ErrInput is a question that cannot be searched.
var ErrInput = errors.New("nothing can be inferred")

// Question is what a search is made of.
type Question struct {
	// Name is that of the row, "sender" if empty.
	Name string
	// Secret is what the sender's dashboard shows: a shared secret or a public key.
	Secret string
	// Samples are captured deliveries of one sender. The first is searched; a reading
	// must fit the others, too.
	Samples []Sample
	// Within is how long the search may last, Timeout if zero.
	Within time.Duration
}

// Sample is a captured delivery.
type Sample struct {
	Request provider.Request
	At      time.Time // of its arrival, zero where that is not known
}

// Answer is what a search found.
type Answer struct {
	// Readings are likeliest first, none where nothing fits.
	Readings []Reading
	// Sure says that the first reading has a row and that nothing else fits the
	// samples.
	Sure bool
	// Causes say why nothing fits, as far as that can be seen.
	Causes []string
	// Trials are the signatures that were computed, and Complete says that the search
	// came to its end before a bound did.
	Trials   int
	Complete bool
}

// Reading is one way to verify the samples.
type Reading struct {
	Scheme spec.Scheme
	// Row is the custom row, nil where one of a user's own is refused, which Refused
	// then explains.
	Row     *custom.Provider
	Refused []string
	// Fits is a secret in the form that Row wants, where that is not the text that was
	// given. It is never to be printed.
	Secret string
	// Covers and Unsigned are what the signature covers of a delivery, and what not.
	Covers, Unsigned []string
	// Notes are sentences on what the samples cannot tell.
	Notes []string
	// Others are readings of the same bytes by other places, in words.
	Others []string

	rank int
}

// Infer searches the readings of q, for q.Within at most. The error is ErrInput, or that
// of a context which ended from outside.
func Infer(ctx context.Context, q Question) (Answer, error) {
	if err := q.check(); err != nil {
		return Answer{}, err
	}
	limited, cancel := context.WithTimeout(ctx, cmp.Or(q.Within, Timeout))
	defer cancel()
	s := newSearch(limited, &q)
	s.all()
	answer := Answer{Trials: s.trials, Complete: !s.stopped, Readings: s.readings()}
	if len(answer.Readings) == 0 {
		answer.Causes = s.causes()
	}
	first := len(answer.Readings) > 0 && answer.Readings[0].Row != nil
	answer.Sure = first && answer.Complete && s.sure(answer.Readings)
	return answer, ctx.Err()
}

func (q *Question) check() error {
	bad := func(format string, values ...any) error {
		return fmt.Errorf("%w: %s", ErrInput, fmt.Sprintf(format, values...))
	}
	switch {
	case len(q.Samples) == 0:
		return bad("there is no delivery")
	case len(q.Samples) > maxSamples:
		return bad("there are %d deliveries, at most %d are read", len(q.Samples), maxSamples)
	case len(q.Secret) < leastSecret:
		return bad("the secret has fewer than %d bytes", leastSecret)
	case len(q.Secret) > maxSecret:
		return bad("the secret has more than %d bytes", maxSecret)
	}
	for i := range q.Samples {
		if n := len(q.Samples[i].Request.Body); n > MaxBody {
			return bad("the body of delivery %d has %d bytes, at most %d are searched", i+1, n, MaxBody)
		}
	}
	return nil
}

package e2e

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// How the senders of the ledger behave. Providers wait for seconds and retry for days;
// here everything is shorter, as the faults are.
const (
	senderTimeout = 5 * time.Second
	// One try in shortTimeoutOneIn has shortTimeout: the sender hangs up and sends
	// again while the first try is still under way.
	shortTimeout      = 150 * time.Millisecond
	shortTimeoutOneIn = 12
	// One delivery in resendOneIn is sent again though it was answered, as if the
	// answer had been lost.
	resendOneIn = 16
	backoffLow  = 20 * time.Millisecond
	backoffHigh = 600 * time.Millisecond
	// One delivery in largeOneIn is larger than a message may be.
	largeOneIn = 50
)

// sendInterval is how long a sender waits between two deliveries, on average. A soak is
// denser: in CI the processor time of the deliveries is most of what a run costs.
func sendInterval(scale int) time.Duration {
	if scale > 1 {
		return 25 * time.Millisecond
	}
	return 80 * time.Millisecond
}

// senderGroup delivers until it is told to stop, and then retries until each of its
// deliveries is answered with 2xx.
type senderGroup struct {
	url    string
	from   sender
	book   *book
	client http.Client

	halt context.CancelFunc
	done sync.WaitGroup
}

func startSenders(t testing.TB, url string, from sender, n int, interval time.Duration, seed uint64, b *book) *senderGroup {
	t.Helper()
	ctx, halt := context.WithCancel(t.Context())
	c := &senderGroup{url: url + from.path, from: from, book: b, halt: halt}
	c.client.Transport = &http.Transport{MaxIdleConnsPerHost: n}
	t.Cleanup(c.client.CloseIdleConnections)
	for i := range n {
		random := rand.New(rand.NewPCG(seed, uint64(i)))
		c.done.Go(func() {
			for k := 0; ctx.Err() == nil; k++ {
				c.deliver(t.Context(), random, fmt.Sprintf("%d-%d", i, k))
				select {
				case <-ctx.Done():
				case <-time.After(upTo(random, 2*interval)):
				}
			}
		})
	}
	return c
}

// stop waits until every delivery that was begun is answered. It reports false when
// that takes too long.
func (c *senderGroup) stop(within time.Duration) bool {
	c.halt()
	done := make(chan struct{})
	go func() {
		c.done.Wait()
		close(done)
	}()
	select {
	case <-done:
		return true
	case <-time.After(within):
		return false
	}
}

// deliver sends one delivery, under one id, until it is answered with 2xx.
func (c *senderGroup) deliver(ctx context.Context, random *rand.Rand, id string) {
	body := ledgerBody(random, id)
	c.book.sends(id, body)
	wait := backoffLow
	for ctx.Err() == nil {
		if c.try(ctx, random, id, body) {
			if random.IntN(resendOneIn) == 0 {
				c.try(ctx, random, id, body)
			}
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait/2 + upTo(random, wait)):
		}
		wait = min(2*wait, backoffHigh)
	}
}

func (c *senderGroup) try(ctx context.Context, random *rand.Rand, id, body string) bool {
	timeout := senderTimeout
	if random.IntN(shortTimeoutOneIn) == 0 {
		timeout = shortTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, strings.NewReader(body))
	if err != nil {
		return false
	}
	req.Header = c.from.sign(c.from.secret, id, body, time.Now())
	c.book.tries(id)
	resp, err := c.client.Do(req)
	if err != nil {
		c.book.fails(id)
		return false
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		c.book.fails(id)
		c.book.refused(resp.StatusCode)
		return false
	}
	c.book.answered(id, resp.Header.Get("Webhook-Ack"))
	return true
}

// ledgerBody is a unique body, with what a re-encoder would change: spaces, escapes and
// the notation of a number.
func ledgerBody(random *rand.Rand, id string) string {
	fill := 1 + random.IntN(3000)
	if random.IntN(largeOneIn) == 0 {
		fill += ledgerPayload
	}
	return fmt.Sprintf("{\"action\":\"opened\",  \"issue\":{}, \"repository\":{\"full_name\":\"octo-org/hello\",\"owner\":{\"login\":\"octo-org\"}},"+
		"\"n\":1.50, \"e\":\"\\u00e9\\/<>\", \"delivery\":%q,\"random\":%d,\"fill\":%q}\n",
		id, random.Uint64(), strings.Repeat("x", fill))
}

func upTo(random *rand.Rand, most time.Duration) time.Duration {
	return time.Duration(random.Int64N(int64(most)))
}

package publish

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/internal/pipeline"
)

// The reasons for which an event does not get its turn.
var (
	ErrQueueFull = errors.New("too many events of one ordering key wait")
	ErrNoTurn    = errors.New("the events of its ordering key before it took all the time")
)

// maxWaiting is how many events of one key may wait for their turn.
const maxWaiting = 256

// The values of Config.OrderingKey beside places in the payload.
const (
	keyTenant  = "tenant"
	keySubject = "subject"
	keyJSON    = "json:"
)

// ordering finds the key of an event. A nil one orders nothing.
type ordering struct {
	of    string
	paths *jsonscan.Paths // where of is a place in the payload
}

func newOrdering(of string) (*ordering, error) {
	path, isPath := strings.CutPrefix(of, keyJSON)
	switch {
	case of == "":
		return nil, nil
	case isPath:
		paths, err := jsonscan.Compile(path)
		if err != nil {
			return nil, fmt.Errorf("ordering_key: %w", err)
		}
		return &ordering{of: of, paths: paths}, nil
	case of == keyTenant || of == keySubject:
		return &ordering{of: of}, nil
	default:
		return nil, errors.New("ordering_key: must be tenant, subject or json: and a path")
	}
}

// key is "" for an event that has no order.
func (o *ordering) key(e *event.Event) string {
	if o == nil {
		return ""
	}
	value := ""
	switch {
	case o.of == keyTenant:
		value = e.Tenant
	case o.of == keySubject:
		value = e.Subject
	case !e.Binary:
		value = jsonscan.Pick(e.Data, o.paths)[0].Text
	}
	if value == "" {
		return ""
	}
	return e.Provider + " " + value
}

// turns let the events of a key go one by one, in the order in which they came. An
// event waits in the goroutine of its delivery.
type turns struct {
	mu     sync.Mutex
	queues map[string][]*turn // the first has its turn
}

type turn struct {
	key   string
	ready chan struct{} // closed when it is the first; nil where it is from the start
}

// take puts an event behind those of its key.
func (t *turns) take(key string) (*turn, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	queue := t.queues[key]
	if len(queue) > maxWaiting {
		return nil, &pipeline.Reject{Code: pipeline.Overloaded, Err: ErrQueueFull}
	}
	mine := &turn{key: key}
	if len(queue) > 0 {
		mine.ready = make(chan struct{})
	}
	if t.queues == nil {
		t.queues = map[string][]*turn{}
	}
	t.queues[key] = append(queue, mine)
	return mine, nil
}

// wait returns when it is mine's turn. After an error mine must still leave.
func (mine *turn) wait(ctx context.Context) error {
	if mine == nil || mine.ready == nil {
		return nil
	}
	select {
	case <-mine.ready:
		return nil
	case <-ctx.Done():
		return &pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: fmt.Errorf("%w: %w", ErrNoTurn, ctx.Err())}
	}
}

// leave lets the next go on, where mine had its turn.
func (t *turns) leave(mine *turn) {
	if mine == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	queue := t.queues[mine.key]
	at := slices.Index(queue, mine)
	queue = slices.Delete(queue, at, at+1)
	if len(queue) == 0 {
		delete(t.queues, mine.key)
		return
	}
	t.queues[mine.key] = queue
	if at == 0 {
		close(queue[0].ready)
	}
}

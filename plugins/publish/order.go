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

// The reasons for which an event does not leave its queue.
var (
	ErrQueueFull    = errors.New("too many events of one ordering key wait")
	ErrQueueTimeout = errors.New("the events of its ordering key before it took all the time")
)

// maxWaiting is how many events of one key may wait.
const maxWaiting = 256

// The values of Config.OrderingKey beside places in the payload.
const (
	keyTenant  = "tenant"
	keySubject = "subject"
	keyJSON    = "json:"
)

// ordering finds the key of an event.
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

// queues let the events of a key go one by one, in the order in which they came. An
// event waits in the goroutine of its delivery.
type queues struct {
	mu      sync.Mutex
	waiting map[string][]*place // the first goes on
}

type place struct {
	key   string
	ready chan struct{} // closed when it is the first; nil where it is from the start
}

// take puts an event behind those of its key.
func (t *queues) take(key string) (*place, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	queue := t.waiting[key]
	if len(queue) > maxWaiting {
		return nil, &pipeline.Reject{Code: pipeline.Overloaded, Err: ErrQueueFull}
	}
	mine := &place{key: key}
	if len(queue) > 0 {
		mine.ready = make(chan struct{})
	}
	if t.waiting == nil {
		t.waiting = map[string][]*place{}
	}
	t.waiting[key] = append(queue, mine)
	return mine, nil
}

// wait returns when mine is the first of its key. After an error mine must still leave.
func (mine *place) wait(ctx context.Context) error {
	if mine == nil || mine.ready == nil {
		return nil
	}
	select {
	case <-mine.ready:
		return nil
	case <-ctx.Done():
		return &pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: fmt.Errorf("%w: %w", ErrQueueTimeout, ctx.Err())}
	}
}

// leave lets the next go on, where mine was the first.
func (t *queues) leave(mine *place) {
	if mine == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	queue := t.waiting[mine.key]
	at := slices.Index(queue, mine)
	queue = slices.Delete(queue, at, at+1)
	if len(queue) == 0 {
		delete(t.waiting, mine.key)
		return
	}
	t.waiting[mine.key] = queue
	if at == 0 {
		close(queue[0].ready)
	}
}

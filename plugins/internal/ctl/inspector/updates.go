package inspector

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"webhookedge/plugins/internal/ctl/inspector/api"
)

const (
	// tickInterval is the least time between two ticks.
	tickInterval = 200 * time.Millisecond
	// heartbeat is the longest time between two ticks.
	heartbeat = 10 * time.Second
	// tickTimeout is how long a page may leave a tick unread.
	tickTimeout = 10 * time.Second
)

// state is what a page was told last.
type state struct {
	changes, reloads uint64
	broker           bool
	busy             bool // deliveries were coming
}

// tell sends ticks to a page until one of both ends. However much happens between two of
// them, it is one tick.
func (s *Server) tell(w http.ResponseWriter, r *http.Request) {
	select {
	case s.updates <- struct{}{}:
		defer func() { <-s.updates }()
	default:
		fail(w, http.StatusServiceUnavailable, errors.New("too many pages are open; close some"))
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	c := http.NewResponseController(w)
	tick := time.NewTicker(tickInterval)
	defer tick.Stop()
	told, at := state{reloads: s.reloads.Load()}, time.Time{}
	for {
		next, is := s.look(&told)
		if is != told || time.Since(at) >= heartbeat {
			text, err := json.Marshal(next)
			if err != nil {
				return
			}
			_ = c.SetWriteDeadline(time.Now().Add(tickTimeout))
			if _, err = fmt.Fprintf(w, "event: tick\ndata: %s\n\n", text); err == nil {
				err = c.Flush()
			}
			if err != nil {
				return
			}
			told, at = is, time.Now()
		}
		select {
		case <-r.Context().Done(): // of the page, or of the server
			return
		case <-tick.C:
		}
	}
}

// look returns the next tick for a page that was told a state, and the state it tells.
func (s *Server) look(told *state) (api.Tick, state) {
	now := s.List.Now()
	t := api.Tick{Last: now.Last, Total: now.Total, PerSecond: now.PerSecond, Broker: s.Site.Connected != nil && s.Site.Connected()}
	is := state{changes: now.Changes, reloads: s.reloads.Load(), broker: t.Broker, busy: t.PerSecond > 0}
	if is.reloads != told.reloads {
		t.Changed = "config"
	}
	return t, is
}

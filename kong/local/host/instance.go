package host

import (
	"time"

	"webhookedge/kong/wire"
)

// claimTimeout is how long Kong lets a request wait for an instance that another
// one is starting.
const claimTimeout = 10 * time.Second

// instance is one started, or starting, instance. Ready is closed when id and
// err are final.
type instance struct {
	ready chan struct{}
	id    int
	seq   int
	err   error
}

// forget drops every instance.
func (w *worker) forget() {
	w.mu.Lock()
	clear(w.instances)
	w.mu.Unlock()
}

// drop removes in, unless another one has taken its place.
func (w *worker) drop(key string, in *instance) {
	w.mu.Lock()
	if w.instances[key] == in {
		delete(w.instances, key)
	}
	w.mu.Unlock()
}

// instance returns the id of cfg's instance and starts it first if need be. Its
// predecessor under the same key is closed.
func (w *worker) instance(cfg *Config) (int, error) {
	w.mu.Lock()
	old := w.instances[cfg.ID]
	if old != nil && old.seq == cfg.Seq {
		w.mu.Unlock()
		return w.await(cfg.ID, old)
	}
	in := &instance{ready: make(chan struct{}), seq: cfg.Seq}
	w.instances[cfg.ID] = in
	w.mu.Unlock()

	in.id, in.err = w.start(cfg)
	close(in.ready)
	if in.err != nil {
		w.drop(cfg.ID, in)
		return 0, in.err
	}
	if old != nil {
		w.closeInstance(old)
	}
	return in.id, nil
}

func (w *worker) await(key string, in *instance) (int, error) {
	select {
	case <-in.ready:
		return in.id, in.err
	case <-time.After(claimTimeout):
		w.drop(key, in)
		return 0, ErrClaim
	}
}

// start asks the plugin server for an instance. On any failure Kong raises an
// error and does not try again.
func (w *worker) start(cfg *Config) (int, error) {
	seq := w.sequence.Add(1)
	c, err := w.send(func(b []byte) []byte {
		return wire.AppendStartInstance(b, seq, w.plugin.name, cfg.JSON)
	})
	if err != nil {
		return 0, raise("starting instance: %w", err)
	}
	ret, err := w.result(c, seq)
	if err != nil {
		return 0, raise("starting instance: %w", err)
	}
	if !ret.HasInstance {
		return 0, raise("starting instance: the plugin returned none")
	}
	return ret.InstanceID, nil
}

// closeInstance closes an instance; whether the plugin still knows it does not matter.
func (w *worker) closeInstance(in *instance) {
	<-in.ready
	if in.err != nil {
		return
	}
	seq := w.sequence.Add(1)
	c, err := w.send(func(b []byte) []byte { return wire.AppendCloseInstance(b, seq, in.id) })
	if err != nil {
		return
	}
	_, _ = w.result(c, seq)
}

package spool

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	pagesStream  = "SPOOL"
	parkedStream = "PARKED"
	// A page's subject ends in the number of its records, so that the depth is
	// known without reading any.
	pagesPrefix  = "spool."
	parkedPrefix = "parked."

	// maxRecord is the largest record, in bytes: a page beyond 32 MiB would be
	// taken for a damaged one (nats-server, filestore.go, rlBadThresh).
	maxRecord = 30 << 20
	// startTimeout bounds the start, which reads the index of what is there.
	startTimeout = 30 * time.Second
	// watchEvery is how soon a store that was switched off is noticed.
	watchEvery = 50 * time.Millisecond
	// maxStore only has to be more than any limit: the streams have theirs.
	maxStore = 1 << 50
)

// errStoreOff is what a full disk looks like from outside the server.
var errStoreOff = errors.New("its store was switched off: the disk is full or fails")

// disk is an open part of a directory.
type disk struct {
	part   *part
	max    int64 // bytes that its streams take; of the goroutine that writes
	server *server.Server
	nc     *nats.Conn
	js     jetstream.JetStream
	pages  jetstream.Stream
	parked jetstream.Stream

	works context.Context // ends with the server's store, errStoreOff being its cause
	ended context.CancelCauseFunc
}

// openDisk starts a server on p, which it closes where it fails.
func openDisk(ctx context.Context, p *part, maxBytes int64) (d *disk, err error) {
	d = &disk{part: p, max: maxBytes}
	d.works, d.ended = context.WithCancelCause(context.WithoutCancel(ctx))
	defer func() {
		if err != nil {
			d.close(false)
			d = nil
		}
	}()
	if err = probe(p.path); err != nil {
		return d, err
	}
	d.server, err = server.NewServer(&server.Options{
		ServerName: "spool", DontListen: true, NoLog: true, NoSigs: true,
		JetStream: true, StoreDir: p.path, SyncAlways: true,
		JetStreamMaxStore: maxStore, JetStreamMaxMemory: 1 << 20,
		MaxPayload: maxRecord + 1<<20, MaxPending: 4 * maxRecord, MaxControlLine: 8 << 10,
	})
	if err != nil {
		return d, err
	}
	d.server.Start()
	if !d.server.ReadyForConnections(startTimeout) || !d.server.JetStreamEnabled() {
		return d, errors.New("the store does not start: is the directory writable?")
	}
	if d.nc, err = nats.Connect("", nats.InProcessServer(d.server), nats.Name("spool"), nats.NoReconnect()); err != nil {
		return d, err
	}
	if d.js, err = jetstream.New(d.nc); err != nil {
		return d, err
	}
	if d.pages, err = d.stream(ctx, pagesStream, pagesPrefix, maxBytes); err != nil {
		return d, err
	}
	d.parked, err = d.stream(ctx, parkedStream, parkedPrefix, maxBytes)
	go d.watch()
	return d, err
}

// watch ends works when the server has switched its store off, as it does when the
// disk is full: a write that is under way then is never answered.
func (d *disk) watch() {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if !d.server.JetStreamEnabled() {
				d.ended(errStoreOff)
				return
			}
		case <-d.works.Done():
			return
		}
	}
}

// probe writes a little to the directory: a server on a disk that is full or
// read-only would say so late and in other words.
func probe(dir string) error {
	f, err := os.CreateTemp(dir, "probe")
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, 64<<10))
	err = errors.Join(err, f.Sync(), f.Close(), os.Remove(f.Name()))
	return err
}

func (d *disk) stream(ctx context.Context, name, prefix string, maxBytes int64) (jetstream.Stream, error) {
	s, err := d.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: name, Subjects: []string{prefix + ">"}, Storage: jetstream.FileStorage,
		Discard: jetstream.DiscardNew, MaxBytes: maxBytes, Duplicates: time.Second, AllowDirect: true,
	})
	if err != nil {
		return nil, fmt.Errorf("stream %s: %w", name, err)
	}
	return s, nil
}

// resize sets other limits. The streams that are held stay good.
func (d *disk) resize(ctx context.Context, maxBytes int64) error {
	if d.max == maxBytes {
		return nil
	}
	_, pagesErr := d.stream(ctx, pagesStream, pagesPrefix, maxBytes)
	_, parkedErr := d.stream(ctx, parkedStream, parkedPrefix, maxBytes)
	if err := errors.Join(pagesErr, parkedErr); err != nil {
		return err
	}
	d.max = maxBytes
	return nil
}

// close ends the server and gives the part up, or removes it.
func (d *disk) close(remove bool) {
	d.ended(nil)
	if d.nc != nil {
		d.nc.Close()
	}
	if d.server != nil {
		d.server.Shutdown()
		d.server.WaitForShutdown()
	}
	if remove {
		_ = os.RemoveAll(d.part.path) // what is left of it is an empty part
	}
	d.part.close()
}

// full reports whether err says that a limit is reached.
func full(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && strings.Contains(api.Description, "maximum bytes exceeded")
}

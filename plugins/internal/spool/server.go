package spool

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
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
	// slack is what the server may use beside the pages.
	slack = 64 << 20
)

// ErrInUse is a directory that another process has.
var ErrInUse = errors.New("another process uses the spool's directory")

// disk is an open directory.
type disk struct {
	lock   *os.File
	server *server.Server
	nc     *nats.Conn
	js     jetstream.JetStream
	pages  jetstream.Stream
	parked jetstream.Stream
}

// openDisk takes dir and starts a server on it.
func openDisk(ctx context.Context, dir string, maxBytes int64) (d *disk, err error) {
	d = &disk{}
	defer func() {
		if err != nil {
			d.close()
			d = nil
		}
	}()
	if err = os.MkdirAll(dir, 0o700); err != nil {
		return d, err
	}
	if d.lock, err = lockFile(filepath.Join(dir, "lock")); err != nil {
		return d, err
	}
	if err = probe(dir); err != nil {
		return d, err
	}
	d.server, err = server.NewServer(&server.Options{
		ServerName: "spool", DontListen: true, NoLog: true, NoSigs: true,
		JetStream: true, StoreDir: dir, SyncAlways: true,
		JetStreamMaxStore: 2*maxBytes + slack, JetStreamMaxMemory: 1 << 20,
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
	return d, err
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

// lockFile holds the file's lock for as long as it is open; the kernel frees it
// when the process is killed.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrInUse
		}
		return nil, err
	}
	return f, nil
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

func (d *disk) close() {
	if d.nc != nil {
		d.nc.Close()
	}
	if d.server != nil {
		d.server.Shutdown()
		d.server.WaitForShutdown()
	}
	if d.lock != nil {
		_ = d.lock.Close()
	}
}

// full reports whether err says that a limit is reached.
func full(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && strings.Contains(api.Description, "maximum bytes exceeded")
}

package spool

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
)

// serve writes what is put in until the disk fails or the spool is closed.
func (s *Spool) serve(d *disk) (err error) {
	defer func() { s.refuseRest(err) }()
	tick := time.NewTicker(refreshEvery)
	defer tick.Stop()
	var left *put // did not fit into the page before
	for {
		batch := make([]*put, 0, 16)
		if left == nil {
			select {
			case first := <-s.puts:
				batch = append(batch, first)
			case <-tick.C:
				if err := s.tick(d); err != nil {
					return err
				}
				continue
			case <-s.ctx.Done():
				return s.ctx.Err()
			}
		} else {
			batch = append(batch, left)
		}
		batch, left = s.collect(batch)
		if err := s.write(d, batch); err != nil && !errors.Is(err, ErrFull) {
			if left != nil {
				left.done <- fmt.Errorf("%w: %w", ErrUnavailable, err)
			}
			return err
		}
	}
}

// collect adds what else waits to batch, as far as it fits into a page.
func (s *Spool) collect(batch []*put) (page []*put, left *put) {
	size := len(batch[0].page)
	for len(batch) < maxBatch {
		select {
		case p := <-s.puts:
			if size += len(p.page); size > pageBytes {
				return batch, p
			}
			batch = append(batch, p)
		default:
			return batch, nil
		}
	}
	return batch, nil
}

// write stores batch as one page and answers for each of it.
func (s *Spool) write(d *disk, batch []*put) error {
	page := batch[0].page
	for _, p := range batch[1:] {
		page = append(page, p.page[1:]...) // behind its version
	}
	n := int64(len(batch))
	s.depth.Add(n)
	ctx, cancel := context.WithTimeout(d.works, writeTimeout)
	defer cancel()
	_, err := d.js.PublishMsg(ctx, &nats.Msg{Subject: pagesPrefix + strconv.Itoa(len(batch)), Data: page})
	switch {
	case err == nil:
		s.stored.Add(uint64(n))
		s.bytes.Add(int64(len(page)))
		s.oldest.CompareAndSwap(0, s.now().UnixNano())
		s.signal()
	case full(err):
		s.depth.Add(-n)
		err = fmt.Errorf("%w: %d bytes", ErrFull, s.limits.Load().MaxBytes)
	default:
		s.depth.Add(-n)
		if cause := context.Cause(d.works); cause != nil {
			err = cause
		}
		err = fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	for _, p := range batch {
		p.done <- err
	}
	return err
}

// refuseRest answers what came too late for a disk that failed.
func (s *Spool) refuseRest(err error) {
	s.disk.Store(nil)
	for {
		select {
		case p := <-s.puts:
			p.done <- fmt.Errorf("%w: %w", ErrUnavailable, err)
		default:
			return
		}
	}
}

func (s *Spool) signal() {
	select {
	case s.filled <- struct{}{}:
	default:
	}
}

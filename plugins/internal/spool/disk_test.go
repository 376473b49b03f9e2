package spool

import (
	"errors"
	"log/slog"
	"testing"
	"time"
)

// TestAStoreThatIsSwitchedOffIsOpenedAgain switches the store off as the server
// itself does when the disk is full: what is written then is never answered.
func TestAStoreThatIsSwitchedOffIsOpenedAgain(t *testing.T) {
	s := Open(Config{Dir: t.TempDir(), Name: "edge", Limits: Limits{MaxBytes: 64 << 20, MaxAge: time.Hour}}, slog.New(slog.DiscardHandler), time.Now)
	t.Cleanup(func() { _ = s.Close(t.Context()) })
	put := func() error { return s.Put(t.Context(), &Record{Subject: "webhooks.x", Data: []byte("x")}) }
	<-s.Filled() // it is open
	if err := put(); err != nil {
		t.Fatal(err)
	}
	if err := s.disk.Load().server.DisableJetStream(); err != nil {
		t.Fatal(err)
	}
	if err := put(); !errors.Is(err, ErrUnavailable) || !errors.Is(err, errStoreOff) {
		t.Errorf("got %v", err)
	}
	<-s.Filled()
	for err := put(); err != nil; err = put() {
		if t.Context().Err() != nil {
			t.Fatal(err)
		}
	}
	if n := s.Depth(); n != 2 {
		t.Errorf("%d records are there, want the first and the last", n)
	}
}

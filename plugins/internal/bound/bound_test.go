package bound_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"webhookedge/plugins/internal/bound"
)

// TestContext_isThatOfTheStandardLibrary plays the same with both: what is waited for and
// what is only asked end at the same time, for the same reason.
func TestContext_isThatOfTheStandardLibrary(t *testing.T) {
	for name, play := range map[string]func(t *testing.T, with with) context.Context{
		"its time is up": func(_ *testing.T, with with) context.Context {
			ctx, cancel := with(context.Background(), time.Second)
			time.AfterFunc(time.Hour, cancel)
			return ctx
		},
		"that of the one above is": func(_ *testing.T, with with) context.Context {
			outer, cancel := with(context.Background(), time.Second)
			ctx, inner := with(outer, time.Minute)
			time.AfterFunc(time.Hour, func() { cancel(); inner() })
			return ctx
		},
		"cancelled": func(_ *testing.T, with with) context.Context {
			ctx, cancel := with(context.Background(), time.Minute)
			time.AfterFunc(time.Second, cancel)
			return ctx
		},
		"cancelled before": func(_ *testing.T, with with) context.Context {
			ctx, cancel := with(context.Background(), time.Minute)
			cancel()
			return ctx
		},
		"the root is cancelled": func(_ *testing.T, with with) context.Context {
			root, cancel := context.WithCancel(context.Background())
			outer, stop := with(root, time.Minute)
			ctx, inner := with(outer, time.Minute)
			time.AfterFunc(time.Second, cancel)
			time.AfterFunc(time.Hour, func() { stop(); inner() })
			return ctx
		},
		"an ordinary one below": func(_ *testing.T, with with) context.Context {
			outer, cancel := with(context.Background(), time.Second)
			ctx, inner := context.WithCancel(outer)
			time.AfterFunc(time.Hour, func() { cancel(); inner() })
			return ctx
		},
	} {
		t.Run(name, func(t *testing.T) {
			ends := func(with with, wait bool) (took time.Duration, err error) {
				synctest.Test(t, func(t *testing.T) {
					begun := time.Now()
					ctx := play(t, with)
					if wait {
						<-ctx.Done()
					} else {
						for ctx.Err() == nil {
							time.Sleep(time.Millisecond)
						}
					}
					took, err = time.Since(begun).Round(10*time.Millisecond), ctx.Err() // who asks may be first at that moment
					time.Sleep(2 * time.Hour)                                           // until all is cancelled
				})
				return took, err
			}
			for _, wait := range []bool{true, false} {
				want, wantErr := ends(context.WithTimeout, wait)
				got, err := ends(bound.WithTimeout, wait)
				if got != want || !errors.Is(err, wantErr) {
					t.Errorf("waited %v: %v with %v, want %v with %v", wait, got, err, want, wantErr)
				}
			}
		})
	}
}

func TestContext_endsChildrenWithoutAGoroutine(t *testing.T) {
	ctx, cancel := bound.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	before := runtime.NumGoroutine()
	for range 100 {
		child, stop := context.WithCancel(ctx)
		defer stop()
		_ = child
	}
	if n := runtime.NumGoroutine() - before; n > 10 {
		t.Errorf("%d goroutines more for 100 children", n)
	}
}

type with func(context.Context, time.Duration) (context.Context, context.CancelFunc)

// nested bounds work depth times, and asks whether the innermost time is up.
func (w with) nested(parent context.Context, timeout time.Duration, depth int) bool {
	ctx, cancel := w(parent, timeout)
	defer cancel()
	if depth > 1 {
		return w.nested(ctx, timeout/2, depth-1)
	}
	select {
	case <-ctx.Done():
		return true
	default:
		return false
	}
}

// BenchmarkNested is the bounds of a delivery that goes to a journal too, of which the
// innermost is waited for, beside those of package context.
func BenchmarkNested(b *testing.B) {
	for name, w := range map[string]with{"bound": bound.WithTimeout, "context": context.WithTimeout} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if w.nested(context.Background(), 2500*time.Millisecond, 4) {
					b.Fatal("it is up")
				}
			}
		})
	}
}

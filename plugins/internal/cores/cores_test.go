package cores

import (
	"os"
	"runtime"
	"testing"
)

func TestCores_areSharedAndBorrowed(t *testing.T) {
	all := runtime.GOMAXPROCS(4)
	defer runtime.GOMAXPROCS(all)
	if set, ok := os.LookupEnv("GOMAXPROCS"); ok {
		t.Setenv("GOMAXPROCS", set) // puts it back
		_ = os.Unsetenv("GOMAXPROCS")
	}
	expect := func(when string, want int) {
		t.Helper()
		if got := runtime.GOMAXPROCS(0); got != want {
			t.Errorf("%s: %d cores, want %d", when, got, want)
		}
	}
	c := Share()
	expect("shared", 2)
	first, second := c.Borrow(), c.Borrow()
	expect("borrowed twice", 4)
	first()
	first()
	expect("one is back", 4)
	second()
	expect("both are back", 2)
}

func TestCores_environmentDecides(t *testing.T) {
	all := runtime.GOMAXPROCS(4)
	defer runtime.GOMAXPROCS(all)
	t.Setenv("GOMAXPROCS", "4")
	c := Share()
	c.Borrow()()
	if got := runtime.GOMAXPROCS(0); got != 4 {
		t.Errorf("%d cores, want the 4 that the user has set", got)
	}
}

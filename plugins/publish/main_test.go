package publish_test

import (
	"flag"
	"fmt"
	"os"
	"testing"
)

// TestMain lets more parallel tests run at once than there are processors: they wait
// for brokers that are away most of the time.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "8"); err != nil { // which the command line overrides
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

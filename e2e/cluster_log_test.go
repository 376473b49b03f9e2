package e2e

import (
	"log"
	"os"
	"strings"

	"github.com/nats-io/nats-server/v2/server"
)

// nodeLog keeps the warnings and errors of a node. The server's own logger would end the
// process at a fatal error, such as a port that somebody has for a moment.
type nodeLog struct{ to *log.Logger }

func (l nodeLog) Warnf(format string, v ...any)  { l.to.Printf("[WRN] "+format, v...) }
func (l nodeLog) Errorf(format string, v ...any) { l.to.Printf("[ERR] "+format, v...) }
func (l nodeLog) Fatalf(format string, v ...any) { l.to.Printf("[FTL] "+format, v...) }
func (nodeLog) Noticef(string, ...any)           {}
func (nodeLog) Debugf(string, ...any)            {}
func (nodeLog) Tracef(string, ...any)            {}

// complain shows the last warnings of the nodes where the test failed.
func (c *cluster) complain() {
	if !c.t.Failed() {
		return
	}
	for _, n := range c.nodes {
		text, err := os.ReadFile(n.spec.Log)
		if err != nil {
			c.t.Log(err)
		}
		lines := strings.SplitAfter(string(text), "\n")
		c.t.Logf("%s:\n%s", n.spec.Name, strings.Join(lines[max(len(lines)-20, 0):], ""))
	}
}

var _ server.Logger = nodeLog{}

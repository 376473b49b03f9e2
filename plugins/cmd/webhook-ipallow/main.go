// Command webhook-ipallow is the plugin server of Kong's plugin webhook-ipallow.
package main

import (
	"os"

	"webhookedge/plugins/internal/edge"
)

func main() { os.Exit(edge.Main(edge.IPAllow())) }

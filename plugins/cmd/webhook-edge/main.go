// Command webhook-edge is the plugin server of Kong's plugin webhook-edge.
package main

import (
	"os"

	"webhookedge/plugins/internal/edge"
)

func main() { os.Exit(edge.Main(edge.Edge())) }

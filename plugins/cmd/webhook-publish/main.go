// Command webhook-publish is the plugin server of Kong's plugin webhook-publish.
package main

import (
	"os"

	"webhookedge/plugins/internal/edge"
)

func main() { os.Exit(edge.Main(edge.Publish())) }

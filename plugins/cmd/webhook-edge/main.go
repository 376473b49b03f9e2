// Command webhook-edge is the plugin server of all Kong plugins of the webhook edge:
// of webhook-edge, and of those of single stages.
package main

import (
	"os"

	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/pluginserver"
)

func main() { os.Exit(pluginserver.Main(chain.Program())) }

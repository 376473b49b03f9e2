// Command webhook-verify is the plugin server of Kong's plugin webhook-verify.
package main

import (
	"os"

	"webhookedge/plugins/internal/edge"
)

func main() { os.Exit(edge.Main(edge.Verify())) }

// Command webhook-policy is the plugin server of Kong's plugin webhook-policy.
package main

import (
	"os"

	"webhookedge/plugins/internal/edge"
)

func main() { os.Exit(edge.Main(edge.Policy())) }

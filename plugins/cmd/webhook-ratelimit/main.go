// Command webhook-ratelimit is the plugin server of Kong's plugin webhook-ratelimit.
package main

import (
	"os"

	"webhookedge/plugins/internal/edge"
)

func main() { os.Exit(edge.Main(edge.RateLimit())) }

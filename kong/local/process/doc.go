// Package process finds plugin binaries, asks them what they are and keeps them
// running, as Kong's worker 0 does with its plugin servers: started with
// -kong-prefix, their output logged line by line, respawned at most once a
// second, stopped with SIGTERM.
//
// Unlike Kong it waits for a plugin's socket before the first request, and a
// child does not outlive a parent that was killed (on Linux). It is for local
// mode and tests; in production Kong itself does this.
package process

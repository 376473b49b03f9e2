package jsconn

import "sync"

// maxServers bounds what is remembered of a cluster's servers.
const maxServers = 64

// serverProcesses are the ids of server processes by the names of their servers: a
// broken link to a cluster that goes on is no reason to doubt what it has.
type serverProcesses struct {
	mu  sync.Mutex
	ids map[string]string
}

// isNew takes in a process and reports whether it was not seen before, beside the
// very first.
func (p *serverProcesses) isNew(server, id string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	first := p.ids == nil
	if first || len(p.ids) > maxServers {
		p.ids = map[string]string{}
	}
	known := p.ids[server] == id
	p.ids[server] = id
	return !known && !first
}

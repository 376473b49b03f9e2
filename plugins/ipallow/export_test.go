package ipallow

import "net/http"

// FetchThrough makes l fetch through t, from any address, before it has lists.
func (l *Lists) FetchThrough(t http.RoundTripper) {
	l.clients.publishers.Transport, l.clients.mirror.Transport = t, t
}

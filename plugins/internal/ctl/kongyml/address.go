package kongyml

import (
	"errors"
	"net/url"
	"strings"

	"webhookedge/kong/local"
)

// Why a route cannot be called at a gateway.
var (
	ErrGateway = errors.New("must be an http or https URL, such as http://127.0.0.1:8000")
	ErrPattern = errors.New("has regular expressions for paths")
)

// Address returns the URL at which a gateway has a route, and the host by which the route
// is called, "" for the URL's own. The errors are ErrGateway and ErrPattern.
func Address(r *local.RouteConfigs, gateway string) (address, host string, err error) {
	u, err := url.Parse(gateway)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", "", ErrGateway
	}
	path, ok := Target(r)
	if !ok {
		return "", "", ErrPattern
	}
	for _, name := range r.Hosts {
		if !strings.Contains(name, "*") {
			host = name
			break
		}
	}
	return strings.TrimSuffix(gateway, "/") + path, host, nil
}

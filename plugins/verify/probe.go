package verify

import (
	"errors"
	"time"

	"webhookedge/plugins/internal/probe"
	"webhookedge/plugins/provider"
)

// ErrProbe is a delivery that says it is a probe and is not proved to be one. No provider
// sends such a header.
var ErrProbe = errors.New("the mark of a probe is wrong")

// probeKeys returns what marks of probes are checked with, by the id of the secret; none
// where the keys of deliveries are not secret.
func probeKeys(v *provider.Verifier, secrets []provider.Secret) map[string]probe.Key {
	scheme, ids, keys := v.Scheme(), v.SecretIDs(), map[string]probe.Key{}
	if !probe.Possible(&scheme) || len(ids) != len(secrets) {
		return keys
	}
	for i, id := range ids {
		if secrets[i].Value != "" {
			keys[id] = probe.NewKey(secrets[i].Value)
		}
	}
	return keys
}

// probed reports whether r, which its sender signed with the secret, is a probe.
func (s *Stage) probed(r provider.Request, secretID string, now time.Time) (bool, error) {
	mark, n := r.Headers.Get(probe.Header)
	if n == 0 {
		return false, nil
	}
	if n > 1 || !s.probes[secretID].Made(mark, now, r.Body) {
		return false, ErrProbe
	}
	return true, nil
}

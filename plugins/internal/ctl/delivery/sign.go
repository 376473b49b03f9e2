package delivery

import (
	"cmp"
	"strings"
	"time"

	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/provider"
)

// Sign completes d and returns it as its provider would send it at now, forged or aged
// where d.Mutate says so.
func (d *Delivery) Sign(now time.Time) (provider.Signed, error) {
	if err := d.Complete(); err != nil {
		return provider.Signed{}, err
	}
	secret := d.Secret
	if d.Mutate == MutateForge {
		pair, err := d.Row.NewKeyPair(d.Scheme)
		if err != nil {
			return provider.Signed{}, err
		}
		secret = pair.Private
	}
	if d.Mutate == MutateAge {
		if scheme, _ := d.Row.Scheme(d.Scheme); scheme.ToleranceSeconds == 0 {
			return provider.Signed{}, exit.Usagef("%s signs no time, so an old delivery is as good as a new one", d.Row.Name)
		}
		now = now.Add(-aged)
	}
	signer, err := d.Row.Signer(provider.Options{
		Scheme: d.Scheme, RawKey: d.RawKey, Settings: d.Settings, Secrets: []provider.Secret{{Value: secret}},
	})
	if err != nil {
		return provider.Signed{}, err
	}
	signed, err := signer.Sign(provider.Unsigned{
		URL: cmp.Or(d.PublicURL, d.URL), Body: d.Body, ContentType: d.ContentType, Event: d.Event, ID: d.ID, At: now,
	})
	if d.PublicURL != "" { // a signature may stand in the query
		signed.URL = d.URL + strings.TrimPrefix(signed.URL, d.PublicURL)
	}
	return signed, err
}

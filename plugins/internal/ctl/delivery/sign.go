package delivery

import (
	"time"

	"webhookedge/plugins/provider"
)

// Sign completes d and returns it as its provider would send it at now.
func (d *Delivery) Sign(now time.Time) (provider.Signed, error) {
	signed, _, err := d.signed(now)
	return signed, err
}

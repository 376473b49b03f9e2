package infer

import (
	"errors"
	"slices"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
)

// Known returns the rows of the catalogue, by name, that take the samples with the
// secret: what is known of a sender is better than what can be inferred. Schemes that
// only show a secret are not looked at, as they say nothing of who sends.
func Known(q Question) (names []string) {
	for _, row := range catalogue.All() {
		for _, s := range row.Schemes {
			if s.Signs() && !slices.Contains(names, row.Name) && takes(row, s.Name, &q) {
				names = append(names, row.Name)
			}
		}
	}
	return names
}

func takes(row *provider.Provider, scheme string, q *Question) bool {
	v, err := row.Verifier(provider.Options{Scheme: scheme, Secrets: []provider.Secret{{Value: q.Secret}}})
	if err != nil {
		return false
	}
	return !slices.ContainsFunc(q.Samples, func(x Sample) bool {
		_, err := v.Verify(x.Request, x.At)
		return err != nil && !errors.Is(err, provider.ErrStale) && !errors.Is(err, provider.ErrFuture)
	})
}

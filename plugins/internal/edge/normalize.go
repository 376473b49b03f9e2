package edge

import (
	"webhookedge/plugins/internal/payloadschema"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/provider"
)

// normalizers make the normalize stages of a process, which share schemas and
// metrics.
type normalizers struct {
	metrics *normalize.Metrics
	schemas *payloadschema.Store
}

func openNormalize(env pluginserver.Env) (*normalizers, error) {
	metrics, err := normalize.NewMetrics(env.Metrics, env.Now)
	if err != nil {
		return nil, err
	}
	return &normalizers{metrics: metrics, schemas: payloadschema.NewStore(env.Logger, metrics.Reloaded)}, nil
}

func (n *normalizers) stage(row *provider.Provider, cfg normalize.Config, opts ...normalize.Option) (*normalize.Stage, error) {
	return normalize.New(row, cfg, append(opts, normalize.WithMetrics(n.metrics), normalize.WithSchemas(n.schemas))...)
}

package edge

import (
	"errors"
	"slices"
	"time"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/keyring"
	"webhookedge/plugins/policy"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/quarantine"
	"webhookedge/plugins/verify"
)

// inner builds the stages behind the perimeter: those that a delivery which was
// kept goes through again when it is released.
type inner struct {
	metrics *verify.Metrics
	store   *stores
	normal  *normalizers
	policy  *policy.Pool
	proof   []verify.Option // of every verify stage
}

// variant is what differs between a live delivery and a release.
type variant struct {
	now func() time.Time // what verify takes for now
	// prove stands in for verify, nil for verify itself.
	prove func(verify pipeline.Stage) pipeline.Stage
	// adjust runs before publish, nil for nothing.
	adjust pipeline.Stage
	// perimeter stands around the stages, nil for none.
	perimeter *perimeter
}

func live(env pluginserver.Env) variant { return variant{now: env.Now} }

func openInner(env pluginserver.Env, process string) (in *inner, shut func(), err error) {
	in = &inner{}
	if in.metrics, err = verify.NewMetrics(env.Metrics); err != nil {
		return nil, nil, err
	}
	in.proof = []verify.Option{verify.WithMetrics(in.metrics), verify.WithKeys(keyring.New(keyring.Options{})), verify.WithLogger(env.Logger), verify.WithFinder(newCauses(env.Now).find)}
	if in.normal, err = openNormalize(env); err != nil {
		return nil, nil, err
	}
	policies, forget, err := openPolicies(env)
	if err != nil {
		return nil, nil, err
	}
	in.policy = policies
	store, closeStores, err := openStores(env, process)
	if err != nil {
		forget()
		return nil, nil, err
	}
	in.store = store
	return in, func() { forget(); closeStores() }, nil
}

// build returns the stages in their order, and where the last of them stores. Its
// error joins every fault, each after its path in c; what it opened is returned
// beside it.
func (in *inner) build(row *provider.Provider, c *EdgeConfig, with variant) ([]pipeline.Stage, stored, error) {
	v, verr := verify.New(row, c.Verify, with.now, in.proof...)
	n, nerr := in.normal.stage(row, c.Normalize)
	var proof *quarantine.Proof
	if verr == nil {
		proof = &quarantine.Proof{Scheme: v.Scheme(), URL: c.Verify.PublicURL != ""}
	}
	p, k, serr := in.store.open(row, "publish", proof, c.Publish, c.Quarantine)
	o, oerr := with.perimeter.build(row, c)
	prove := pipeline.Stage(v)
	if with.prove != nil {
		prove = with.prove(v)
	}
	stages := slices.Concat(o.before, []pipeline.Stage{pipeline.LoadBody(), prove}, o.afterVerify, []pipeline.Stage{n}, o.afterNormalize)
	where := stored{publish: p, quarantine: k, normalize: n, outer: o}
	var derr error
	if c.Policy.On() {
		if where.policy, derr = policy.New(row, c.Policy, in.policy, policy.WithNATS(p.JetStream, c.Publish.Servers...)); derr == nil {
			stages = append(stages, where.policy)
		}
	}
	if with.adjust != nil {
		stages = append(stages, with.adjust)
	}
	return append(stages, p), where, errors.Join(oerr, within("verify", verr), within("normalize", nerr), within("policy", derr), serr)
}

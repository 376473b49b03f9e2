package inspector

import (
	"context"

	"webhookedge/plugins/internal/ctl/inspector/act"
	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/detail"
	"webhookedge/plugins/internal/ctl/inspector/health"
	"webhookedge/plugins/internal/ctl/inspector/routing"
	"webhookedge/plugins/internal/ctl/inspector/site"
)

// Parts answer what takes more than the list. One that is nil answers 501.
type Parts struct {
	Detail interface {
		Detail(ctx context.Context, n uint64) (*api.Detail, error)
	}
	Routing interface {
		Routing(ctx context.Context) (*api.Routing, error)
	}
	Health interface {
		Health(ctx context.Context) (*api.Health, error)
	}
	Desk Desk
}

// Desk runs acts.
type Desk interface {
	Preview(ctx context.Context, o api.Order) (*api.Plan, error)
	Run(ctx context.Context, o api.Order) (*api.Done, error)
	Undo(ctx context.Context, u api.Undo) (*api.Done, error)
	Letters(ctx context.Context) (*api.DeadLetters, error)
	Senders() []api.Sender
	Close()
}

// partsOf returns the parts of an installation.
func partsOf(s *site.Site) Parts {
	return Parts{Detail: detail.New(s), Routing: routing.New(s), Health: health.New(s), Desk: act.New(s)}
}

func (p *Parts) close() error {
	if p.Desk != nil {
		p.Desk.Close()
	}
	return nil
}

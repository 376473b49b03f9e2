package declarative

import (
	"fmt"

	"github.com/google/uuid"
)

// entitySpace is the namespace from which Kong makes ids of names.
// Source: Kong 3.9.3, kong/db/schema/others/declarative_config.lua.
var entitySpace = uuid.MustParse("fd02801f-0957-4a15-a55a-c8d9606f30b5")

// entityID is the id that Kong gives the entity of a kind under a key.
func entityID(kind, key string) string {
	return uuid.NewSHA1(uuid.NewSHA1(entitySpace, []byte(kind)), []byte(key)).String()
}

// identify returns an entity's id: its own, or one made from its name. Kong
// makes a random one where there is no name; here it is made of the place in the
// file, so that it survives a reload.
func (p *parser) identify(o *object, kind, id, name string) string {
	if name != "" {
		p.unique(o, "name", kind, name)
	}
	own := id != ""
	switch {
	case own:
		if _, err := uuid.Parse(id); err != nil {
			o.fault("id", "expected a valid UUID")
		}
	case name != "":
		id = entityID(kind, name)
	default:
		id = entityID(kind, "at "+o.path)
	}
	if own || name == "" {
		p.unique(o, "id", kind, id)
	}
	return id
}

// pluginID is Kong's id of a plugin: of its name and of what it is bound to, by
// id for one that stands inside a route or service, by the name used for one
// that names it.
func pluginID(pl *Plugin, route, service string) string {
	if pl.Route != nil {
		route = pl.Route.ID
	}
	if pl.Service != nil {
		service = pl.Service.ID
	}
	return entityID("plugins", fmt.Sprintf("plugins:*:%s:%s:%s:", pl.Name, route, service))
}

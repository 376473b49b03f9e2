package payloadschema

import (
	"encoding/json"
	"sync"

	"webhookedge/plugins/internal/schemas"
)

// BuiltinID returns the $id of the built-in schema of an event of provider, that of
// <kind>.<action>, else that of <kind>; "" where there is neither. It compiles nothing.
func BuiltinID(provider, kind, action string) string {
	ids := builtinIDs()[provider]
	if action != "" {
		if id := ids[kind+"."+action]; id != "" {
			return id
		}
	}
	return ids[kind]
}

// builtinIDs are the $ids by provider and event. What cannot be read of the binary has
// none, and a test says so.
var builtinIDs = sync.OnceValue(func() map[string]map[string]string {
	all := map[string]map[string]string{}
	files, _ := read(schemas.Payloads())
	for _, f := range files {
		var head struct {
			ID string `json:"$id"`
		}
		if json.Unmarshal(f.text, &head) != nil {
			continue
		}
		if all[f.provider] == nil {
			all[f.provider] = map[string]string{}
		}
		all[f.provider][f.event] = head.ID
	}
	return all
})

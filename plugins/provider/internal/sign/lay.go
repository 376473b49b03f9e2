package sign

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/scheme"
	"webhookedge/plugins/provider/spec"
)

// lay writes signatures as the layout wants them at their place.
func lay(s *scheme.Compiled, signatures []string, f *scheme.Family, at string) string {
	var entries []string
	timed := f.Timestamp.Kind == place.Pair
	switch s.Layout {
	case spec.Pairs:
		if s.Written != "" {
			return strings.NewReplacer("{timestamp}", at, "{signature}", signatures[0]).Replace(s.Written)
		}
		if timed {
			entries = append(entries, f.Timestamp.Name+s.Assign+at)
		}
		for _, text := range signatures {
			entries = append(entries, s.Mark+s.Assign+text)
		}
		return strings.Join(entries, s.Separator)
	case spec.Versions:
		for _, text := range signatures {
			entries = append(entries, s.Mark+","+text)
		}
		return strings.Join(entries, s.Separator)
	case spec.List:
		if timed || s.Mark != "" {
			entries = append(entries, s.Mark+at)
		}
		return strings.Join(append(entries, signatures...), s.Separator)
	case spec.JSON64:
		members := map[string]string{s.Mark: signatures[0]}
		if timed {
			members[f.Timestamp.Name] = at
		}
		document, err := json.Marshal(members)
		if err != nil { // strings always marshal
			return ""
		}
		return base64.StdEncoding.EncodeToString(document)
	}
	return strings.ReplaceAll(s.Mark, "{hash}", string(s.Hash)) + signatures[0]
}

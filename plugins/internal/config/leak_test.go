package config_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"webhookedge/plugins/internal/config"
)

// leaky has a field of every kind, each of which may get a secret by mistake.
type leaky struct {
	S config.Secret            `json:"s" doc:"A secret of some kind." required:"true" minlen:"30"`
	L []config.Secret          `json:"l" doc:"Secrets of some kind." maxlen:"1"`
	M map[string]config.Secret `json:"m" doc:"Secrets by their name." maxlen:"1"`
	R []nested                 `json:"r" doc:"Records with a secret."`
	O *nested                  `json:"o" doc:"A record with a secret."`
	E string                   `json:"e" doc:"One of a few values." enum:"x,y"`
	T string                   `json:"t" doc:"A string of few bytes." maxlen:"3" referenceable:"true"`
	I int                      `json:"i" doc:"A number of some kind." max:"5"`
	F int64                    `json:"f" doc:"A number of some kind."`
	B bool                     `json:"b" doc:"A flag of some kind."`
}

type nested struct {
	S config.Secret `json:"s" doc:"A secret of some kind." maxlen:"3"`
}

func TestDecode_neverRepeatsAValue(t *testing.T) {
	value := `"` + marker + `"`
	bad := []string{value, `[` + value + `]`, `[[` + value + `]]`, `[{"s":` + value + `}]`, `{"s":` + value + `}`, `{"k":` + value + `,"l":[` + value + `]}`, `{"s":[` + value + `]}`}
	for _, field := range strings.Fields("s l m r o e t i f b unknown route_id") {
		for _, v := range bad {
			for _, data := range []string{`{"` + field + `":` + v + `}`, `{"` + field + `":` + v, `{"` + field + `":` + v + `,"` + field + `":1}`, v, `{} ` + v} {
				err := config.Decode([]byte(data), new(leaky))
				if err == nil {
					t.Errorf("%s is accepted without the required field", data)
					continue
				}
				assertHidden(t, "the error for "+data, err.Error())
			}
		}
	}
}

func TestDecode_boundsWhatItRepeatsOfKeys(t *testing.T) {
	err := config.Decode([]byte(`{"s":"`+strings.Repeat("x", 30)+`","`+strings.Repeat("ä\\n", 5000)+`":1}`), new(leaky))
	if err == nil || len(err.Error()) > 300 || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	for name := range agreement {
		f.Add([]byte(agreement[name].data))
	}
	for _, seed := range []string{
		`{"s":"` + marker + `","$refs":{"s":"{vault://env/x}"}}`, `{"l":["` + marker + `"],"$refs":{"l":{"1":"{vault://env/x}"}}}`,
		`{"m":{"k":"` + marker + `"}}`, `{"r":[{"s":"` + marker + `"}]}`, `{"o":{"s":["` + marker + `"]}}`, `{"e":"` + marker + `","t":"` + marker + `"}`,
		`{"i":5.0,"f":1e309,"b":"` + marker + `"}`, `{"i":-9223372036854775809}`, `{"s":"\ud800"}`, "{\"s\":\"\xff\"}", `{"l":{}}`, `[]`, `null`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, into := range []any{new(leaky), new(settings), new(oneOf)} {
			err := config.Decode(data, into)
			if err != nil && !shown(data) {
				assertHidden(t, "the error", err.Error())
			}
		}
	})
}

// shown reports whether the marker stands where faults may repeat it: in a key or
// in a reference.
func shown(data []byte) bool {
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return false
	}
	var walk func(v any, below bool) bool
	walk = func(v any, below bool) bool {
		switch v := v.(type) {
		case string:
			return below && strings.Contains(v, marker)
		case []any:
			return slices.ContainsFunc(v, func(item any) bool { return walk(item, below) })
		case map[string]any:
			for key, item := range v {
				if strings.Contains(key, marker) || walk(item, below || key == "$refs") {
					return true
				}
			}
		}
		return false
	}
	return walk(v, false)
}

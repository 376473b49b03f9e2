package config_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/config"
)

// First and Second are embedded; of both together, Go promotes neither Validate.
type First struct {
	One string `json:"one" doc:"A string of some kind."`
}

// Validate finds two faults, the second without a field.
func (f First) Validate() error {
	if f.One == "bad" {
		return errors.Join(errors.New("one: is bad"), errors.New("the first is bad\nin two lines"))
	}
	return nil
}

// Second is like First, with faults in parts of a field.
type Second struct {
	Two []string `json:"two" doc:"Strings of some kind."`
}

var errSecond = errors.New("bad")

// Validate has a pointer receiver, and wraps.
func (s *Second) Validate() error {
	var errs []error
	for i, two := range s.Two {
		if two == "bad" {
			errs = append(errs, fmt.Errorf("two[%d]: %w", i, errSecond))
		}
	}
	return errors.Join(errs...)
}

type both struct {
	First
	Second
}

type outer struct {
	First
	In  both              `json:"in" doc:"A record with two rules." required:"true"`
	Map map[string]Second `json:"map" doc:"Records by their name."`
	Opt *Second           `json:"opt" doc:"A record that may be absent."`
}

func TestDecode_validatesEveryStructOnce(t *testing.T) {
	tests := map[string]struct {
		data string
		want string
	}{
		"nothing is wrong":  {`{}`, ""},
		"a promoted method": {`{"one":"bad"}`, "one: is bad\nconfig: the first is bad; in two lines"},
		"two that Go does not promote": {
			`{"in":{"one":"bad","two":["good","bad"]}}`, "in.one: is bad\nin: the first is bad; in two lines\nin.two[1]: bad",
		},
		"in a map and behind a pointer":        {`{"map":{"k":{"two":["bad"]}},"opt":{"two":["bad"]}}`, "map.k.two[0]: bad\nopt.two[0]: bad"},
		"not where the struct has other fault": {`{"in":{"one":"bad","two":[""]}}`, "in.two[0]: must not be empty"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			text := ""
			err := config.Decode([]byte(tc.data), new(outer))
			if err != nil {
				text = err.Error()
			}
			if diff := cmp.Diff(tc.want, text); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if strings.HasSuffix(tc.want, "[0]: bad") && !errors.Is(err, errSecond) {
				t.Error("the error of Validate is lost")
			}
		})
	}
}

// recorded is the config of the plugin that Kong 3.9.3 was recorded with.
type recorded struct {
	Secret config.Secret     `json:"secret" doc:"A secret of some kind." required:"true"`
	List   []string          `json:"list" doc:"Strings of some kind." referenceable:"true"`
	Num    int               `json:"num" doc:"A number of some kind." default:"3"`
	Mode   string            `json:"mode" doc:"One of a few values." default:"exit" enum:"exit,continue"`
	Map    map[string]string `json:"map" doc:"Strings by their name."`
	Rec    struct {
		A bool `json:"a" doc:"A flag of some kind."`
	} `json:"rec" doc:"A record of some kind."`
}

func TestDecode_recordedFromKong(t *testing.T) {
	const ids = `"__plugin_id":"da68844f-5e56-5348-bc8d-efcf423e8751","route_id":"a770c1e6-bdd5-5533-a8fe-47cdff621335",` +
		`"__ws_id":"0dc6f45b-8f8d-40d2-a504-473544ee190b","__key__":"plugins:all:a770c1e6-bdd5-5533-a8fe-47cdff621335::::0dc6f45b-8f8d-40d2-a504-473544ee190b"`
	want := recorded{Secret: config.NewSecret("s3cret"), List: []string{"s3cret", "literal"}, Num: 3, Mode: "exit", Map: map[string]string{"a": "b"}}
	want.Rec.A = true
	var got recorded
	err := config.Decode([]byte(`{"__seq__":23,"list":["s3cret","literal"],"secret":"s3cret","num":3,"mode":"exit",`+
		`"$refs":{"secret":"{vault:\/\/env\/hook-secret}","list":["{vault:\/\/env\/hook-secret}"]},"map":{"a":"b"},"rec":{"a":true},`+ids+`}`), &got)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	err = config.Decode([]byte(`{"__seq__":24,"list":["a"],"mode":"exit","secret":"","rec":{"a":true},"$refs":{"secret":"{vault:\/\/env\/not-set}"},`+ids+`}`), &got)
	if err == nil || err.Error() != "secret: the vault reference {vault://env/not-set} did not resolve" {
		t.Errorf("got %v", err)
	}
}

// TestDecode_unresolvedReferenceWhereEmptyIsAllowed is for settings whose
// empty value turns something off.
func TestDecode_unresolvedReferenceWhereEmptyIsAllowed(t *testing.T) {
	var got struct {
		Dir string `json:"dir" doc:"A directory; empty is off." minlen:"0" referenceable:"true"`
	}
	if err := config.Decode([]byte(`{"dir":"","$refs":{"dir":"{vault:\/\/env\/not-set}"}}`), &got); err != nil || got.Dir != "" {
		t.Errorf("got %q, %v", got.Dir, err)
	}
	if err := config.Decode([]byte(`{"dir":"{vault:\/\/env\/not-set}"}`), &got); err == nil {
		t.Error("a reference that nobody looked up is taken for a value")
	}
}

// defaults has a default of every kind that can have one.
type defaults struct {
	F int64             `json:"f" doc:"A number of some kind." default:"15" min:"5"`
	I int32             `json:"i" doc:"A number of some kind." default:"1e3"`
	S string            `json:"s" doc:"A string, or | none." default:"" minlen:"0"`
	A [][]int           `json:"a" doc:"Lists of numbers." default:"[[1,2.0],{}]"`
	M map[string]bool   `json:"m" doc:"Flags by their name." default:"{\"ä\":true}"`
	R []inside          `json:"r" doc:"Records of some kind." default:"[{\"x\":\"<x>\"}]"`
	E []string          `json:"e" doc:"Strings of some kind." default:"[]"`
	N map[string][]bool `json:"n" doc:"Lists of flags by their name." minlen:"1"`
	O outer             `json:"o" doc:"A record that is always there." required:"true"`
}

func TestDecode_defaultsOfEveryKind(t *testing.T) {
	want := defaults{
		F: 15, I: 1000, A: [][]int{{1, 2}, {}}, M: map[string]bool{"ä": true},
		R: []inside{{X: "<x>", Y: "y"}}, E: []string{},
	}
	var got defaults
	if err := config.Decode([]byte(`{}`), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	schema, err := config.KongSchema("webhook-defaults", got)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "defaults-kong.json", append(schema, '\n'))
	golden(t, "defaults-table.md", []byte(config.Table(got)))
}

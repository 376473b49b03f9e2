package config_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/internal/config"
)

type recursive struct {
	Again []recursive `json:"again" doc:"A record within itself."`
}

type badCheck struct {
	A string  `json:"a" doc:"A string of some kind."`
	B *inside `json:"b" doc:"A record of some kind."`
	C inside  `json:"c" doc:"A record of some kind."`
}

func (badCheck) KongChecks() []config.EntityCheck {
	return []config.EntityCheck{
		{},
		{OnlyOneOf: []string{"a"}},
		{OnlyOneOf: []string{"a", "b.x"}},
		{MutuallyExclusive: []string{"a", "nope"}},
		{MutuallyRequired: []string{"a", "c"}},
	}
}

type hidden struct {
	X string `json:"x" doc:"A field of an unexported struct."`
}

var unfit = map[string]struct {
	v    any
	want []string // parts of lines, in order
}{
	"not a struct": {5, []string{"int is no struct"}},
	"nil":          {nil, []string{"nil"}},
	"a secret":     {config.Secret{}, []string{"config.Secret is no struct"}},
	"no fields":    {struct{}{}, []string{"has no fields"}},
	"itself":       {recursive{}, []string{"again[]: config_test.recursive contains itself"}},
	"types that are not supported": {struct {
		A any             `json:"a" doc:"A field of some kind."`
		B uint            `json:"b" doc:"A field of some kind."`
		C time.Duration   `json:"c" doc:"A field of some kind."`
		D json.RawMessage `json:"d" doc:"A field of some kind."`
		E *string         `json:"e" doc:"A field of some kind."`
		F map[int]string  `json:"f" doc:"A field of some kind."`
		G []*inside       `json:"g" doc:"A field of some kind."`
		H *config.Secret  `json:"h" doc:"A field of some kind."`
		I [2]string       `json:"i" doc:"A field of some kind."`
		J func()          `json:"j" doc:"A field of some kind."`
		K float64         `json:"k" doc:"A field of some kind."`
	}{}, []string{
		"a: type interface", "b: type uint", "c: type time.Duration", "d: elements of type uint8", "e: type *string",
		"f: type map[int]string", "g: elements of type *config_test.inside", "h: type *config.Secret", "i: type [2]string", "j: type func()", "k: type float64",
	}},
	"tags": {struct {
		A string        `json:"A" doc:"A field of some kind."`
		B string        `doc:"A field of some kind."`
		C string        `json:"c"`
		D string        `json:"d" doc:"Too short"`
		E string        `json:"e" doc:"A field of some kind." defualt:"x"`
		F string        `json:"f" doc:"A field of some kind." required:"yes"`
		G string        `json:"g" doc:"A field of some kind." required:"true" default:"x"`
		H int           `json:"h" doc:"A field of some kind." enum:"1,2"`
		I string        `json:"i" doc:"A field of some kind." min:"1"`
		J int           `json:"j" doc:"A field of some kind." minlen:"1"`
		K string        `json:"k" doc:"A field of some kind." secret:"true"`
		L int           `json:"l" doc:"A field of some kind." referenceable:"true"`
		M config.Secret `json:"m" doc:"A field of some kind." default:"x"`
		N int           `json:"n" doc:"A field of some kind." min:"5" max:"1"`
		O string        `json:"o" doc:"A field of some kind." minlen:"5" maxlen:"1"`
		P string        `json:"p" doc:"A field of some kind." minlen:"-1"`
		Q int           `json:"q" doc:"A field of some kind." max:"1e30"`
		R *inside       `json:"r" doc:"A field of some kind." required:"true"`
	}{}, []string{
		"A: its json tag", "B: its json tag", "c: its doc tag", "d: its doc tag", `e: unknown tag "defualt"`, `f: its required tag`,
		"g: a field with a default cannot be required", "h: only strings can have an enum", "i: only numbers", "j: only strings, arrays and maps",
		"k: a secret must have the type", "l: only strings can be referenceable", "m: secrets and records", "n: its min is above", "o: its minlen is above",
		"p: its minlen tag", "q: its max tag", "r: a record behind a pointer",
	}},
	"lists that cannot go on without a secret": {struct {
		A config.Secret  `json:"a" doc:"A field of some kind." tolerant:"true"`
		B []string       `json:"b" doc:"A field of some kind." tolerant:"true"`
		C []key          `json:"c" doc:"A field of some kind." tolerant:"yes"`
		D []tls          `json:"d" doc:"A field of some kind." tolerant:"true"`
		E []nested       `json:"e" doc:"A field of some kind." tolerant:"true"`
		F []verify       `json:"f" doc:"A field of some kind." tolerant:"true"`
		G map[string]key `json:"g" doc:"A field of some kind." tolerant:"true"`
	}{}, []string{
		"a: only a list", "b: only a list", `c: its tolerant tag`, "d: only a list", "e: only a list", "f: only a list", "g: only a list",
	}},
	"defaults that break their own rules": {struct {
		A string   `json:"a" doc:"A field of some kind." default:"z" enum:"x,y"`
		B int      `json:"b" doc:"A field of some kind." default:"7" max:"5"`
		C int      `json:"c" doc:"A field of some kind." default:"x"`
		D []string `json:"d" doc:"A field of some kind." default:"[1]"`
		E bool     `json:"e" doc:"A field of some kind." default:"1"`
		F string   `json:"f" doc:"A field of some kind." default:""`
		G color    `json:"g" doc:"A field of some kind." default:"pink"`
	}{}, []string{
		"a (default): must be one of x, y", "b (default): must be 5 or less", "c: its default is no JSON", "d (default)[0]: must be a string",
		"e (default): must be a boolean", "f (default): must not be empty", "g (default): must be one of red, green, blue",
	}},
	"entity checks": {badCheck{}, []string{
		"an entity check must have one member, not 0", "needs two fields", `needs "b.x", but its record may be absent`, `"nope", which there is not`,
		`"c", a record that is always set`,
	}},
	"a name that an embedded struct has too": {struct {
		Checked
		Other string `json:"a" doc:"A field of some kind."`
	}{}, []string{"a: the name is used twice"}},
	"an embedded struct that is not exported": {struct {
		hidden
		A string `json:"a" doc:"A field of some kind."`
	}{}, []string{"hidden: only exported structs"}},
}

func TestModel_namesEveryFault(t *testing.T) {
	for name, tc := range unfit {
		t.Run(name, func(t *testing.T) {
			_, err := config.JSONSchema("", "", tc.v)
			if !errors.Is(err, config.ErrModel) {
				t.Fatalf("got %v", err)
			}
			lines := strings.Split(err.Error(), "\n")
			if len(lines) > 1 {
				lines = lines[1:] // the first names the struct
			}
			if len(lines) != len(tc.want) {
				t.Fatalf("%d faults, want %d:\n%v", len(lines), len(tc.want), err)
			}
			for i, want := range tc.want {
				if !strings.Contains(lines[i], want) {
					t.Errorf("got %q, want %q", lines[i], want)
				}
			}
		})
	}
}

func TestModel_acceptsTheFixtures(t *testing.T) {
	for _, v := range []any{settings{}, &settings{}, Checked{}, oneOf{}, oneOfGiven{}, allOrNone{}} {
		if _, err := config.JSONSchema("", "", v); err != nil {
			t.Errorf("%T: %v", v, err)
		}
	}
}

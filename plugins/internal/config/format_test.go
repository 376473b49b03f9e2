package config_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/yuin/gopher-lua/pm"

	"webhookedge/plugins/internal/config"
)

// TestFormats_arePatternsOfLua holds that Kong could run every pattern, and that a message
// says what to write and names no value.
func TestFormats_arePatternsOfLua(t *testing.T) {
	for name, f := range config.Formats() {
		for _, pattern := range append(f.None, f.Any...) {
			if _, err := pm.Find(pattern, []byte("text"), 0, 1); err != nil {
				t.Errorf("%s: %q: %v", name, pattern, err)
			}
		}
		if len(f.Any) == 0 || !strings.HasPrefix(f.Err, "must ") {
			t.Errorf("%s: %d patterns, %q", name, len(f.Any), f.Err)
		}
	}
}

func TestKongSchema_hasTheFormatOfTexts(t *testing.T) {
	type formatted struct {
		A []string `json:"a" format:"key" doc:"A list of keys of some kind."`
	}
	text, err := config.KongSchema("p", formatted{})
	const want = `"elements":{"type":"string","match_any":{"patterns":["^[a-z0-9_-]+$"],"err":"must be lower case letters, digits, - and _"}}`
	if err != nil || !strings.Contains(string(text), want) {
		t.Errorf("%v:\n%s\nwithout %s", err, text, want)
	}
	type unknown struct {
		A string `json:"a" format:"kye" doc:"A key of some kind."`
		B int    `json:"b" format:"key" doc:"A number of some kind."`
	}
	_, err = config.KongSchema("p", unknown{})
	if !errors.Is(err, config.ErrModel) || !strings.Contains(err.Error(), `a: there is no format "kye"`) || !strings.Contains(err.Error(), "b: only strings") {
		t.Error(err)
	}
}

func TestDecodePart_goesOnBehindAFault(t *testing.T) {
	type part struct {
		Mode  string   `json:"mode" enum:"red,blue" default:"red" doc:"A choice of some kind."`
		Count int      `json:"count" min:"1" max:"5" default:"2" doc:"A number of some kind."`
		Names []string `json:"names" doc:"A list of some kind."`
	}
	var got part
	err := config.DecodePart([]byte(`{"mode":"green","count":9,"names":["a",3],"more":1}`), &got)
	if lines := config.Lines(err); len(lines) != 4 {
		t.Errorf("faults: %v", err)
	}
	if got.Mode != "red" || got.Count != 2 || len(got.Names) != 2 || got.Names[0] != "a" {
		t.Errorf("it is %+v", got)
	}
	before := got
	if err := config.Decode([]byte(`{"mode":"green","count":1}`), &got); err == nil || got.Count != before.Count {
		t.Errorf("Decode leaves %+v: %v", got, err)
	}
}

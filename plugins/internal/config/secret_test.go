package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"webhookedge/plugins/internal/config"
)

const marker = "s3cr3t-marker"

type holder struct {
	Plain    config.Secret
	List     []config.Secret
	Keyed    map[string]config.Secret
	Pointer  *config.Secret
	Any      any
	inner    config.Secret
	innerPtr *holder
}

func held() holder {
	s := config.NewSecret(marker)
	return holder{
		Plain: s, List: []config.Secret{s}, Keyed: map[string]config.Secret{"k": s}, Pointer: &s, Any: s,
		inner: s, innerPtr: &holder{inner: s},
	}
}

func assertHidden(t *testing.T, how, text string) {
	t.Helper()
	hex := fmt.Sprintf("%x", marker)
	for _, leak := range []string{marker, hex, strings.ToUpper(hex), "115 51 99 114"} {
		if strings.Contains(text, leak) {
			t.Errorf("%s leaks: %s", how, text)
		}
	}
}

func TestSecret_redactedByEveryVerb(t *testing.T) {
	h := held()
	values := map[string]any{
		"the secret": h.Plain, "a pointer to it": h.Pointer, "a list": h.List, "a map": h.Keyed,
		"a struct": h, "a pointer to a struct": &h, "a list of structs": []holder{h}, "a nested list": [][]config.Secret{h.List},
	}
	for name, v := range values {
		for _, verb := range strings.Fields("%v %+v %#v %s %q %x %X %d %o %b %t %e %U %c %p %T %10v %-5s % x %#x %w") {
			assertHidden(t, name+" with "+verb, fmt.Sprintf(verb, v))
		}
	}
	for _, verb := range strings.Fields("%v %+v %#v %s %q %x %d") {
		if got := fmt.Sprintf(verb, h.Plain); got != "[redacted]" {
			t.Errorf("%s gives %q", verb, got)
		}
	}
	assertHidden(t, "Sprint", fmt.Sprint(h.Plain, h))
	assertHidden(t, "an error", fmt.Errorf("of %v: %s", h, h.Plain).Error())
}

func TestSecret_redactedByEncoders(t *testing.T) {
	h := held()
	for name, v := range map[string]any{"a struct": h, "a pointer": &h, "a list": h.List, "a map": h.Keyed, "the secret": h.Plain} {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		assertHidden(t, "json of "+name, string(text))
		if !strings.Contains(string(text), "[redacted]") {
			t.Errorf("json of %s does not say that something is hidden: %s", name, text)
		}
	}
}

func TestSecret_redactedInLogs(t *testing.T) {
	h := held()
	var out bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewJSONHandler(&out, nil), slog.NewTextHandler(&out, nil)} {
		log := slog.New(handler)
		log.Info("seen", "plain", h.Plain, "pointer", h.Pointer, "list", h.List, "map", h.Keyed, "struct", h, "structs", []*holder{&h})
		log.With("plain", h.Plain).WithGroup("g").Info("seen", slog.Group("inner", "plain", h.Plain))
	}
	assertHidden(t, "slog", out.String())
}

func TestSecret_reveal(t *testing.T) {
	s := config.NewSecret(marker)
	if s.Reveal() != marker || string(s.Bytes()) != marker || s.IsZero() {
		t.Error("the value is not what was put in")
	}
	s.Bytes()[0] = 'X'
	if s.Reveal() != marker {
		t.Error("Bytes does not return a copy")
	}
	if !s.Equal(config.NewSecret(marker)) || s.Equal(config.NewSecret("other")) || s.Equal(config.Secret{}) {
		t.Error("Equal does not compare values")
	}
	var zero config.Secret
	if !zero.IsZero() || zero.Reveal() != "" || !config.NewSecret("").IsZero() {
		t.Error("an empty secret is not zero")
	}
	var read struct{ S config.Secret }
	if err := json.Unmarshal([]byte(`{"S":"`+marker+`"}`), &read); err != nil || read.S.Reveal() != marker {
		t.Errorf("encoding/json does not fill it: %v", err)
	}
}

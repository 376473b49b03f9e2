package sample

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/ctltest"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/provider/catalogue"
)

// TestSample_becomesAnEvent takes a sample of JSON, a batch, a form, XML and a token; that
// all of the catalogue become events is a test of normalize.
func TestSample_becomesAnEvent(t *testing.T) {
	for _, name := range []string{"github", "sendgrid", "twilio", "youtube", "app-store"} {
		out, err := ctltest.Run(t, Command(), name, "--event")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		first, _, _ := strings.Cut(out, "\n{\"specversion\"") // of a batch
		if e, err := event.ParseJSON([]byte(first)); err != nil || e.Provider != name {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

func TestSample_payload(t *testing.T) {
	out, err := ctltest.Run(t, Command(), "github", "pull_request")
	if err != nil || !json.Valid([]byte(out)) || !strings.Contains(out, `"pull_request"`) {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestSample_list(t *testing.T) {
	out, err := ctltest.Run(t, Command(), "--list")
	if err != nil || strings.Count(out, "\n") <= len(catalogue.Names()) {
		t.Errorf("%v\n%s", err, out)
	}
	for line := range strings.SplitSeq(out, "\n") {
		if utf8.RuneCountInString(line) > 80 {
			t.Errorf("too wide: %s", line)
		}
	}
	out, err = ctltest.Run(t, Command(), "github", "--list")
	if err != nil || !strings.Contains(out, "github    pull_request") {
		t.Errorf("%v\n%s", err, out)
	}
	out, err = ctltest.Run(t, Command(), "github", "--list", "--json")
	if err != nil || strings.Count(out, `{"provider":"github"`) != len(strings.Split(strings.TrimSpace(out), "\n")) {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestSample_unknownNames(t *testing.T) {
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"a provider":           {[]string{"gihub"}, "did you mean github?"},
		"an event":             {[]string{"github", "pushh"}, "did you mean push?"},
		"an event that is no":  {[]string{"github", ""}, "there are: "},
		"nothing":              {nil, "name a provider"},
		"a provider to list":   {[]string{"--list", "gihub"}, "did you mean github?"},
		"an event to list":     {[]string{"--list", "github", "push"}, "--list"},
		"JSON of what is sent": {[]string{"--json", "github"}, "--json"},
	} {
		if out, err := ctltest.Run(t, Command(), tc.args...); !errors.Is(err, exit.ErrUsage) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

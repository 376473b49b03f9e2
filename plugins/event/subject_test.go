package event_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"webhookedge/plugins/event"
)

func TestEscapeToken(t *testing.T) {
	tests := map[string]struct{ value, want string }{
		"plain letters, digits, _ and -": {"Octo_corp-1", "Octo_corp-1"},
		"the empty value":                {"", "_"},
		"the value that means absent":    {"_", "%5F"},
		"two underscores":                {"__", "__"},
		"a dot":                          {"charge.dispute", "charge%2Edispute"},
		"wildcards":                      {"*>", "%2A%3E"},
		"the escape itself":              {"%2E", "%252E"},
		"space and control bytes":        {" \r\n\x00", "%20%0D%0A%00"},
		"bytes beyond ASCII":             {"é\xff", "%C3%A9%FF"},
		"the longest that stays whole":   {strings.Repeat("a", 128), strings.Repeat("a", 128)},
		"one byte longer": {
			strings.Repeat("a", 129),
			strings.Repeat("a", 93) + "%2Dc12cb024a2e5551cca0e08fce8f1c5e3",
		},
		"cut before an escape": {
			strings.Repeat("a", 92) + strings.Repeat(".", 20),
			strings.Repeat("a", 92) + "%2D",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := event.EscapeToken(tt.value)
			if strings.HasSuffix(tt.want, "%2D") {
				got = got[:len(tt.want)]
			}
			if got != tt.want {
				t.Errorf("EscapeToken(%q) = %q, want %q", tt.value, got, tt.want)
			}
		})
	}
}

func TestUnescapeToken_refuses(t *testing.T) {
	sum := strings.Repeat("0", 32)
	for name, token := range map[string]string{
		"nothing":                   "",
		"a byte that is not plain":  "a.b",
		"half an escape":            "a%2",
		"a lone percent sign":       "a%",
		"lower-case hex":            "%2e",
		"no hex":                    "%GG",
		"an escape of a plain byte": "%41",
		"a wildcard":                "*",
		"a short sum":               "abc%2D" + sum[1:],
		"an upper-case sum":         "abc%2D" + strings.Repeat("A", 32),
		"too long":                  strings.Repeat("a", event.MaxToken+1),
	} {
		t.Run(name, func(t *testing.T) {
			if value, err := event.UnescapeToken(token); !errors.Is(err, event.ErrToken) {
				t.Errorf("UnescapeToken(%q) = %q, %v, want ErrToken", token, value, err)
			}
		})
	}
}

func TestEscapeToken_cutTokensStayDistinct(t *testing.T) {
	long := strings.Repeat("x", 200)
	a, b := event.EscapeToken(long+"a"), event.EscapeToken(long+"b")
	if a == b {
		t.Errorf("two values share the token %s", a)
	}
	if value, err := event.UnescapeToken(a); !errors.Is(err, event.ErrTokenCut) || value != long[:93] {
		t.Errorf("UnescapeToken = %q, %v, want the beginning and ErrTokenCut", value, err)
	}
}

func TestNATSSubject(t *testing.T) {
	tests := map[string]struct {
		event event.Event
		want  string
	}{
		"with tenant and action": {event.Event{Provider: "github", Tenant: "octo", Type: "push", Action: "opened"}, "webhooks.github.octo.push.opened"},
		"without either":         {event.Event{Provider: "github", Type: "push"}, "webhooks.github._.push"},
		"a type with levels":     {event.Event{Provider: "stripe", Tenant: "acct_1", Type: "charge.dispute", Action: "created", Separator: "."}, "webhooks.stripe.acct_1.charge.dispute.created"},
		"levels apart by colons": {event.Event{Provider: "zendesk", Type: "zen:event-type:ticket", Action: "a.b", Separator: ":"}, "webhooks.zendesk._.zen.event-type.ticket.a%2Eb"},
		"a type of one level":    {event.Event{Provider: "github", Tenant: "octo", Type: "charge.dispute", Action: "created"}, "webhooks.github.octo.charge%2Edispute.created"},
		"five levels":            {event.Event{Provider: "adobe", Type: "a.b.c.d", Action: "e", Separator: "."}, "webhooks.adobe._.a.b.c.d.e"},
		"six levels":             {event.Event{Provider: "adobe", Type: "a.b.c.d.e", Action: "f", Separator: "."}, "webhooks.adobe._.a.b.c.d%2Ee.f"},
		"six without an action":  {event.Event{Provider: "adobe", Type: "a.b.c.d.e.f", Separator: "."}, "webhooks.adobe._.a.b.c.d.e%2Ef"},
		"levels that are empty":  {event.Event{Provider: "stripe", Type: "..a.", Separator: "."}, "webhooks.stripe._._._.a._"},
		"a level that is _":      {event.Event{Provider: "stripe", Type: "a._", Separator: "."}, "webhooks.stripe._.a.%5F"},
		"wildcards as levels":    {event.Event{Provider: "stripe", Type: "*.>.a b", Separator: "."}, "webhooks.stripe._.%2A.%3E.a%20b"},
		"forged levels":          {event.Event{Provider: "slack", Tenant: "a.b.>", Type: "*", Action: "x y", Separator: "."}, "webhooks.slack.a%2Eb%2E%3E.%2A.x%20y"},
		"a tenant called _":      {event.Event{Provider: "slack", Tenant: "_", Type: "t"}, "webhooks.slack.%5F.t"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := tt.event.NATSSubject("webhooks")
			if got != tt.want {
				t.Fatalf("NATSSubject = %q, want %q", got, tt.want)
			}
			if why := unlike(&tt.event, got); why != "" {
				t.Error(why)
			}
		})
	}
}

// unlike says what of a subject is not its event's, "" where all is: what is behind the
// prefix reads back as the provider, the tenant, the levels of the type and the action.
func unlike(e *event.Event, subject string) string {
	parts, err := event.ParseSubject("webhooks", subject)
	cut := errors.Is(err, event.ErrTokenCut)
	switch {
	case err != nil && !cut:
		return fmt.Sprintf("%q does not parse: %v", subject, err)
	case cut:
		return "" // FuzzToken looks at long values
	case parts.Provider != e.Provider || parts.Tenant != e.Tenant:
		return fmt.Sprintf("%q is of %q and %q", subject, parts.Provider, parts.Tenant)
	case len(parts.Levels) > event.MaxLevels:
		return fmt.Sprintf("%q has %d levels", subject, len(parts.Levels))
	}
	levels := parts.Levels
	if e.Action != "" {
		if levels[len(levels)-1] != e.Action {
			return fmt.Sprintf("%q does not end in the action %q", subject, e.Action)
		}
		levels = levels[:len(levels)-1]
	}
	if joined := strings.Join(levels, e.Separator); joined != e.Type || e.Separator == "" && len(levels) != 1 {
		return fmt.Sprintf("%q has the levels %q, the type is %q", subject, levels, e.Type)
	}
	return ""
}

// FuzzNATSSubject holds that what a payload tells makes no level but at the row's separator,
// no wildcard, and no other provider or tenant.
func FuzzNATSSubject(f *testing.F) {
	f.Add("octo", "push", "opened", ".")
	f.Add("a.b.>", "*..", "x.y", ".")
	f.Add("_", "a/b/c/d/e/f", "", "/")
	f.Add("é\xff", "%2E.%2D", "_", "#")
	f.Fuzz(func(t *testing.T, tenant, kind, action, separator string) {
		if separator != "" && separator != "." && separator != "/" && separator != ":" {
			separator = "#"
		}
		e := event.Event{Provider: "stripe", Tenant: tenant, Type: kind, Action: action, Separator: separator}
		subject := e.NATSSubject("webhooks")
		if strings.ContainsAny(subject, "*> \r\n\t\x00") || strings.Contains(subject, "..") || strings.HasSuffix(subject, ".") || len(subject) > 1024 {
			t.Fatalf("%+v has the subject %q", e, subject)
		}
		if why := unlike(&e, subject); why != "" {
			t.Fatal(why)
		}
	})
}

func TestParseSubject_refuses(t *testing.T) {
	for name, subject := range map[string]string{
		"nothing":              "",
		"another prefix":       "events.github.octo.push",
		"a longer first token": "webhooksx.github.octo.push",
		"no event":             "webhooks.github.octo",
		"an empty token":       "webhooks.github..push",
		"a wildcard":           "webhooks.github.*.push",
		"a tail":               "webhooks.github.octo.>",
		"a byte to escape":     "webhooks.github.octo.a b",
		"too many levels":      "webhooks.github.octo.a.b.c.d.e.f.g.h",
		"no provider":          "webhooks._.octo.push",
	} {
		t.Run(name, func(t *testing.T) {
			if parts, err := event.ParseSubject("webhooks", subject); !errors.Is(err, event.ErrSubject) {
				t.Errorf("ParseSubject(%q) = %+v, %v, want ErrSubject", subject, parts, err)
			}
		})
	}
}

func TestMsgID(t *testing.T) {
	tests := map[string]struct{ id, want string }{
		"an id as they are":         {"72d3162e-cc78", "github:72d3162e-cc78"},
		"a header cannot be forged": {"a\r\nNats-Rollup: all", "github:a%0D%0ANats-Rollup:%20all"},
		"the escape itself":         {"a%20", "github:a%2520"},
		"bytes beyond ASCII":        {"é\x7f", "github:%C3%A9%7F"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e := event.Event{Provider: "github", ID: tt.id}
			if got := e.MsgID(); got != tt.want {
				t.Errorf("MsgID() = %q, want %q", got, tt.want)
			}
		})
	}
}

func FuzzToken(f *testing.F) {
	for _, seed := range []string{"", "_", "a.b", "*", ">", "%", "%2D", "é\xff", strings.Repeat(".", 43), strings.Repeat("a", 200)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		token := event.EscapeToken(value)
		if token == "" || len(token) > event.MaxToken {
			t.Fatalf("EscapeToken(%q) has %d bytes", value, len(token))
		}
		for i := range len(token) {
			if b := token[i]; b <= ' ' || b >= 0x7F || b == '.' || b == '*' || b == '>' {
				t.Fatalf("EscapeToken(%q) = %q holds %q", value, token, b)
			}
		}
		switch back, err := event.UnescapeToken(token); {
		case errors.Is(err, event.ErrTokenCut):
			if !strings.HasPrefix(value, back) || len(value) == len(back) {
				t.Fatalf("%q was cut to %q", value, back)
			}
		case err != nil || back != value:
			t.Fatalf("%q came back from %q as %q, %v", value, token, back, err)
		}
	})
}

func FuzzUnescapeToken(f *testing.F) {
	f.Add("a%2Eb")
	f.Add("%5F")
	f.Add("aa%2D0123456789abcdef0123456789abcdef")
	f.Fuzz(func(t *testing.T, token string) {
		value, err := event.UnescapeToken(token)
		if err == nil && event.EscapeToken(value) != token {
			t.Fatalf("%q and %q are tokens of %q", token, event.EscapeToken(value), value)
		}
	})
}

func BenchmarkNATSSubject(b *testing.B) {
	e := sample()
	b.ReportAllocs()
	for b.Loop() {
		_ = e.NATSSubject("webhooks")
	}
}

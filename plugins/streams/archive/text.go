package archive

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// shown is how many bytes of a body Text shows.
const shown = 4 << 10

// Text describes r for people. Whoever sent the delivery chose its bytes, so
// whatever a terminal could act on is escaped.
func (r *Record) Text() string {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%-13s %s\n", name, Escape(value))
		}
	}
	state := "refused"
	if r.Held {
		state = "held back, the sender was told 200"
	}
	line("code", r.Code)
	line("state", state)
	line("stage", r.Stage)
	line("reason", r.Reason)
	line("event", r.Event)
	line("provider", r.Provider)
	line("route", r.Route)
	line("request id", r.RequestID)
	line("received", r.ReceivedAt.Format(time.RFC3339Nano))
	line("client", r.ClientIP)
	if v := r.Verification; v != nil {
		line("verified", fmt.Sprintf("as %s by %s, secret %s", v.Provider, v.Scheme, v.SecretID))
	}
	if s := r.Proved(); s != nil {
		line("as of", s.AsOf.Format(time.RFC3339Nano)+", which the sealed record vouches for")
	}
	line("sealed with", r.Key)
	line("removed", strings.Join(r.Removed, " "))
	target := string(r.Path)
	if len(r.Query) > 0 {
		target += "?" + string(r.Query)
	}
	fmt.Fprintf(&b, "\n%s %s\n", Escape(r.Method), Escape(target))
	for _, h := range r.Headers {
		fmt.Fprintf(&b, "%s: %s\n", Escape(h.Name), Escape(string(h.Value)))
	}
	what := fmt.Sprintf("%d bytes", r.Size)
	if r.Cut {
		what += fmt.Sprintf(", of which %d are kept", len(r.Body))
	}
	fmt.Fprintf(&b, "\n%s\n", what)
	if body := string(r.Body[:min(len(r.Body), shown)]); body != "" {
		for text := range strings.SplitSeq(strings.TrimSuffix(body, "\n"), "\n") {
			b.WriteString(Escape(text) + "\n")
		}
	}
	if len(r.Body) > shown {
		fmt.Fprintf(&b, "[%d more bytes]\n", len(r.Body)-shown)
	}
	return b.String()
}

// Escape escapes what is not printable, and leaves the rest readable.
func Escape(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[0])
		case strconv.IsPrint(r) || r == '\t':
			b.WriteRune(r)
		default:
			quoted := strconv.QuoteRuneToASCII(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		text = text[size:]
	}
	return b.String()
}

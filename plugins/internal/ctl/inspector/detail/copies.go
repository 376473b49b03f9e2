package detail

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/text"
	"webhookedge/plugins/provider/spec"
)

// maxCopy bounds a text for the clipboard, in bytes.
const maxCopy = 512 << 10

// copies are the texts for the clipboard. A body that is not shown whole, or is no text, is
// in none of them, and none of them has a character that a terminal would act on.
func (v *view) copies() {
	c := &v.out.Copies
	payload, ok := v.text()
	if v.out.Request != nil && (ok || v.out.Request.Body.Size == 0) {
		c.Curl = v.curl(payload)
	}
	if ok && v.label() != "" && payload != "" {
		c.Send = v.send(payload)
	}
	c.Test = v.test()
	if v.first != nil && !v.first.Binary {
		c.Sample = sampleOf(v.first.Data)
	} else if ok {
		c.Sample = sampleOf([]byte(payload))
	}
	for _, text := range []*string{&c.Curl, &c.Send, &c.Test, &c.Sample} {
		if len(*text) > maxCopy || controls(*text) {
			*text = ""
		}
	}
}

// text is the payload as it was sent, or else as it is stored.
func (v *view) text() (text string, ok bool) {
	whole := func(b *api.Body) bool { return b.Kind != kindBinary && !b.Cut && !strings.Contains(b.Text, "\x00") }
	switch {
	case v.out.Request != nil:
		return v.out.Request.Body.Text, whole(&v.out.Request.Body)
	case len(v.out.Stored) == 1 && v.out.Stored[0].Error == "":
		return v.out.Stored[0].Data.Text, whole(&v.out.Stored[0].Data)
	}
	return "", false
}

// curl is a command of a shell that sends the request. What is masked are variables.
func (v *view) curl(payload string) string {
	var b strings.Builder
	r := v.out.Request
	if payload != "" && !strings.HasSuffix(payload, "\n") {
		// A here-document ends with a line end, which the body has not.
		fmt.Fprintf(&b, "head -c %d <<'%s' | ", len(payload), wordFor(payload))
	}
	fmt.Fprintf(&b, "curl --globoff --request %s %s", text.ShellWord(r.Method), text.ShellWord(v.address(r.URL)))
	for _, h := range r.Headers {
		if slices.Contains(unsent(), h.Name) {
			continue
		}
		if h.Masked {
			fmt.Fprintf(&b, " \\\n  --header %s\"$%s\"", text.ShellWord(h.Name+": "), variable(h.Name))
			continue
		}
		line := h.Name + ": " + h.Value
		if h.Value == "" {
			line = h.Name + ";" // as curl has it for an empty value
		}
		fmt.Fprintf(&b, " \\\n  --header %s", text.ShellWord(line))
	}
	if payload == "" {
		return b.String() + "\n"
	}
	b.WriteString(" \\\n  --data-binary @-")
	if strings.HasSuffix(payload, "\n") {
		return b.String() + document(payload)
	}
	return b.String() + "\n" + payload + "\n" + wordFor(payload) + "\n"
}

// unsent are headers that curl makes itself.
func unsent() []string {
	return []string{"content-length", "connection", "transfer-encoding", "accept-encoding", "expect"}
}

// address is the URL to call.
func (v *view) address(target string) string {
	switch {
	case strings.Contains(target, "://"):
		return target
	case v.site.Gateway != "":
		return strings.TrimSuffix(v.site.Gateway, "/") + target
	}
	return "https://" + cmp.Or(v.hide.text(v.came.host, maxHeader), "localhost") + target
}

// send is the command that signs the payload with the secret of the route and sends it.
func (v *view) send(payload string) string {
	var b strings.Builder
	b.WriteString("webhookctl send --route " + text.ShellWord(v.label()))
	if v.site.Config != "" {
		b.WriteString(" --config " + text.ShellWord(v.site.Config))
	}
	if v.site.Gateway != "" {
		b.WriteString(" --url " + text.ShellWord(strings.TrimSuffix(v.site.Gateway, "/")+v.path()))
	}
	if name := v.eventName(); name != "" {
		b.WriteString(" --event " + text.ShellWord(name))
	}
	media := ""
	switch {
	case v.came != nil:
		media, _ = v.came.headers.Get("content-type")
	case v.first != nil:
		media = v.first.DataContentType
	}
	if media = v.hide.text(media, maxHeader); media != "" && media != "application/json" {
		b.WriteString(" --content-type " + text.ShellWord(media))
	}
	b.WriteString(" --file -")
	return b.String() + document(payload)
}

// path is that of the request, or one that leads to its route.
func (v *view) path() string {
	if v.came != nil && v.came.path != "" {
		return v.hide.text(v.came.path, maxHeader)
	}
	return ""
}

// eventName is the event as its sender names it beside the payload, "" where it does not.
func (v *view) eventName() string {
	if v.row == nil || !slices.ContainsFunc(v.row.Sends, func(h spec.Header) bool { return strings.Contains(h.Value, "{event}") }) {
		return ""
	}
	if v.first != nil {
		name, err := event.UnescapeToken(v.first.Type)
		if err != nil {
			name = v.first.Type
		}
		if v.first.Action != "" && !slices.ContainsFunc(v.row.Facts.Action, func(at string) bool { return strings.HasPrefix(at, "json:") }) {
			return v.hide.text(name+cmp.Or(v.first.Separator, ".")+v.first.Action, maxHeader)
		}
		return v.hide.text(name, maxHeader)
	}
	return v.hide.text(v.given.Row.Type, maxHeader)
}

// document is a payload as a here-document of a shell, which takes nothing in it for
// anything but text, and adds the line end that it must have.
func document(payload string) string {
	end := "\n"
	if strings.HasSuffix(payload, "\n") {
		end = ""
	}
	return " <<'" + wordFor(payload) + "'\n" + payload + end + wordFor(payload) + "\n"
}

// wordFor is a word that ends a here-document, and is nowhere in it: a terminal may take
// more than a line feed for the end of a line.
func wordFor(payload string) string {
	word := "PAYLOAD"
	for n := 1; strings.Contains(payload, word); n++ {
		word = "PAYLOAD" + strconv.Itoa(n)
	}
	return word
}

// controls reports whether a text has characters that a terminal would act on when the
// text is pasted into it, such as the end of the paste.
func controls(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' })
}

// variable is the name of a variable for the value of a header.
func variable(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		}
		return '_'
	}, "header_"+name)
}

package infer

import (
	"slices"
	"strings"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/custom"
	"webhookedge/plugins/provider/spec"
)

// facts guesses where the deliveries of c name their event: by the names that senders
// use, in the body first, which most schemes sign.
func (s *search) facts(c *custom.Provider, scheme spec.Scheme) {
	find := func(kinds []string, names ...string) string {
		for _, kind := range kinds {
			for _, name := range names {
				for _, v := range s.values {
					if v.kind() == kind && matches(&v, name) {
						return v.at
					}
				}
			}
		}
		return ""
	}
	body := []string{"json", "form", "header", "query"}
	c.Facts.Type = []string{"text:event"}
	if at := find(body, "type", "event", "event_type", "eventType", "event-type", "event_name", "eventName", "topic", "*-event", "*-topic", "*-event-type"); at != "" {
		c.Facts.Type = []string{at}
	}
	switch at := find(body[:2], "id", "event_id", "eventId", "event-id", "uuid", "webhook_id", "message_id"); {
	case scheme.ID != "":
		c.Facts.ID = []string{scheme.ID}
	case at != "":
		c.Facts.ID = []string{at}
	}
}

// matches reports whether v has a name: a header's may stand behind others.
func matches(v *value, name string) bool {
	if end, ok := strings.CutPrefix(name, "*"); ok {
		return v.kind() == "header" && strings.HasSuffix(v.name(), end)
	}
	return v.name() == name && v.kind() != "header"
}

// cover says what of a delivery the row proves, and what not.
func (x *Reading) cover(row *provider.Provider) {
	coverage, err := row.Coverage(x.Scheme.Name)
	if err != nil {
		return
	}
	x.Covers = coverage.Covers
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return slices.Contains(x.Covers, name) })
	}
	for _, part := range []struct {
		told string
		not  bool
	}{
		{"the body", !has("body")},
		{"the time of sending", !has("time") && !x.Scheme.JWT.NeedExpiry},
		{"the method", !has("method")},
		{"the URL", !has("url", "path")},
		{"the query", !has("url", "query")},
	} {
		if part.not {
			x.Unsigned = append(x.Unsigned, part.told)
		}
	}
	for _, at := range coverage.Places {
		x.Unsigned = append(x.Unsigned, at+", where the event is named")
	}
	x.Unsigned = append(x.Unsigned, "headers that the row does not name")
}

// note says what a row needs beside, and what a delivery cannot tell of x.
func (s *search) note(x *Reading, base string) {
	add := func(text string) { x.Notes = append(x.Notes, text) }
	scheme := &x.Scheme
	if scheme.Weak {
		add("The scheme is weak: it is used only where verify.scheme names it.")
	}
	if scheme.ShowsSecret() {
		add("The delivery holds the secret itself: whoever sees one can send others.")
	}
	if scheme.Timestamp == "" && !scheme.JWT.NeedExpiry {
		text := "Nothing that is signed says when the delivery was sent: one that was captured can be sent again, and only the id of its event keeps it from being two."
		if at := s.signedTimes(x); at != "" {
			text += " Name " + at + " as the timestamp if the sender writes the time of sending there."
		}
		add(text)
	}
	x.Notes = append(x.Notes, s.urlNotes(x, base)...)
	if scheme.Key == spec.KeyBase64URL && scheme.KeyPrefix+scheme.KeyDerive == "" {
		add("The secret may be base64 without padding, of either alphabet.")
	}
	if scheme.Signs() && scheme.Layout == "" {
		add("One signature is in the delivery: how two stand there while a secret is rotated is not known.")
	}
	if x.Row != nil {
		add("The places of the event's type and id are guesses by their names: see that the id is the same when the sender tries again.")
	}
}

// urlNotes say what a row that signs the URL needs.
func (s *search) urlNotes(x *Reading, base string) (all []string) {
	if x.Row != nil && len(x.Row.Settings) > 0 {
		all = append(all, "The URL of the delivery is a setting of the row: the signed text does not tell where one ends, so that it must be known.")
	} else if x.Scheme.SignsURL() {
		all = append(all, "The URL is signed: verify.public_url must be the one that the sender calls.")
	}
	if base != "" && !strings.HasPrefix(s.request.URL, base) {
		all = append(all, "The signature is right for a URL that begins with "+base+", and the delivery came to another: a proxy changes it.")
	}
	return all
}

// signedTimes names the first time in a body that is signed.
func (s *search) signedTimes(x *Reading) string {
	if !slices.Contains(x.Covers, provider.CoversBody) {
		return ""
	}
	for _, v := range s.values {
		if v.kind() == "json" && unitOf(v.text) != "" {
			return v.at
		}
	}
	return ""
}

package facts

import (
	"strings"

	"webhookedge/plugins/provider/internal/place"
)

// fact returns the text at a place where it can be passed on, else "".
func fact(v *place.Values, at place.Place) string {
	if text := v.Sole(at); isFact(text) {
		return text
	}
	return ""
}

// joinedFacts returns the first list of places that has a fact at each, joined by
// colons, and whether all of it is signed.
func joinedFacts(v *place.Values, lists [][]place.Place) (text string, signed bool) {
next:
	for _, list := range lists {
		var texts [maxJoined]string
		signed := true
		for i, at := range list {
			if texts[i] = fact(v, at); texts[i] == "" {
				continue next
			}
			signed = signed && at.In(v.Request.Covers)
		}
		if text := strings.Join(texts[:len(list)], ":"); len(text) <= maxFact {
			return text, signed
		}
	}
	return "", true
}

// first returns the first fact that places hold, and whether it is signed.
func first(v *place.Values, places []place.Place) (text string, signed bool) {
	for _, at := range places {
		if text := fact(v, at); text != "" {
			return text, at.In(v.Request.Covers)
		}
	}
	return "", true
}

// firstTold returns the first text that places hold, whatever it is, and whether it
// is signed.
func firstTold(v *place.Values, places []place.Place) (text string, signed bool) {
	for _, at := range places {
		if text := v.Sole(at); text != "" {
			return text, at.In(v.Request.Covers)
		}
	}
	return "", true
}

package detail

import (
	"fmt"
	"slices"
	"strings"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/pipeline"
)

// scheme is the one that proved the sender, "" where none is known.
func (v *view) scheme() string {
	switch {
	case v.given.Record != nil && v.given.Record.Proof != nil:
		return v.given.Record.Proof.Scheme
	case v.kept != nil && v.kept.Verification != nil:
		return v.kept.Verification.Scheme
	}
	return v.by
}

// covers is what the proof covers, nil where nothing proved the sender or that is not known.
func (v *view) covers() []string {
	switch {
	case v.given.Record != nil && v.given.Record.Proof != nil:
		return slices.Clip(append([]string{}, v.given.Record.Proof.Covers...))
	case v.kept != nil && v.kept.Verification != nil:
		return slices.Clip(append([]string{}, v.kept.Verification.Covers...))
	}
	if v.row == nil || v.by == "" {
		return nil
	}
	c, err := v.row.Coverage(v.by)
	if err != nil {
		return nil
	}
	return slices.Clip(append([]string{}, c.Covers...))
}

// verification is what is known of the proof, for who makes an event of the request.
func (v *view) verification() *pipeline.Verification {
	if v.kept != nil && v.kept.Verification != nil {
		return v.kept.Verification
	}
	if v.given.Record == nil || v.given.Record.Proof == nil {
		return nil
	}
	p := v.given.Record.Proof
	return &pipeline.Verification{Provider: v.given.Row.Provider, Scheme: p.Scheme, SecretID: p.SecretID, Covers: p.Covers}
}

// prove says what the signature says.
func (v *view) prove() {
	scheme := v.scheme()
	if scheme == "" {
		return
	}
	p := &api.Proof{Scheme: v.hide.text(scheme, maxHeader), Covers: v.covers(), Unsigned: []string{}}
	switch {
	case v.given.Record != nil && v.given.Record.Proof != nil:
		p.SecretID = v.given.Record.Proof.SecretID
	case v.kept != nil && v.kept.Verification != nil:
		p.SecretID = v.kept.Verification.SecretID
	case v.first != nil:
		p.SecretID = v.first.SecretID
	}
	p.SecretID = v.hide.text(p.SecretID, maxHeader)
	if v.first != nil {
		p.Unsigned = append(p.Unsigned, v.first.Unsigned...)
	}
	if p.Covers == nil {
		p.Covers = []string{}
	}
	p.Text = v.hide.text(proofText(p, v.read), maxHeader)
	v.out.Proof = p
}

// proofText says in sentences what a proof covers, and where the attributes stand that it
// does not.
func proofText(p *api.Proof, read []origin) string {
	if len(p.Covers) == 0 {
		return fmt.Sprintf("The sender showed its secret (%s) and signed nothing: whoever has the secret can send any delivery.", p.Scheme)
	}
	var words []string
	for _, place := range p.Covers {
		words = append(words, inWords(place))
	}
	text := fmt.Sprintf("The signature %s covers %s.", p.Scheme, listed(words))
	var missing []string
	if !slices.ContainsFunc(p.Covers, func(c string) bool { return strings.HasPrefix(c, "header:") }) {
		missing = append(missing, "headers")
	}
	if !slices.Contains(p.Covers, "url") {
		missing = append(missing, "the URL")
	}
	if !slices.Contains(p.Covers, "body") {
		missing = append(missing, "the whole body")
	}
	if len(missing) > 0 {
		text += fmt.Sprintf(" It does not cover %s.", strings.Join(missing, " or "))
	}
	for _, o := range read {
		if slices.Contains(p.Unsigned, o.Fact) {
			text += fmt.Sprintf(" %s is not signed: it comes from %s.", capital(o.Fact), originInWords(o.Places))
		}
	}
	return text
}

func capital(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

func originInWords(places []string) string {
	var words []string
	for _, place := range places {
		words = append(words, inWords(place))
	}
	return listed(words)
}

// inWords is a place for people.
func inWords(place string) string {
	kind, name, _ := strings.Cut(place, ":")
	switch kind {
	case "body":
		return "the body"
	case "url":
		return "the URL"
	case "path":
		return "the path of the URL"
	case "method":
		return "the method"
	case "time":
		return "the time of signing"
	case "claims":
		return "the claims of the token"
	case "edge":
		return "the edge, which made it"
	case "header":
		return "the header " + name
	case "query":
		if name == "" {
			return "the query"
		}
		return "the parameter " + name + " of the URL"
	case "form":
		return "the field " + name + " of the form"
	case "json", "member", "name", "nested", "base64", "token":
		return name + " in the body"
	}
	return place
}

// listed joins words as a sentence does.
func listed(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

package scheme

import (
	"slices"

	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/signedtext"
)

// variant is a compiled Variant.
type variant struct {
	text     signedtext.Template
	formText *signedtext.Template // of form-encoded bodies, nil where it is the same
}

func (s *Compiled) compileVariants(all *place.Paths) (err error) {
	for _, v := range s.Variants {
		var c variant
		if c.text, err = signedtext.Compile(v.Content, all); err != nil {
			return err
		}
		if v.FormContent != "" {
			form, err := signedtext.Compile(v.FormContent, all)
			if err != nil {
				return err
			}
			c.formText = &form
		}
		s.variants = append(s.variants, c)
	}
	return nil
}

// textFor is TextFor of a variant.
func (v *variant) textFor(form bool) *signedtext.Template {
	if form && v.formText != nil {
		return v.formText
	}
	return &v.text
}

// variantFault says where a variant covers something else than the content does: what a
// proof covers must not depend on the text that was found to be signed.
func (s *Compiled) variantFault() string {
	for i := range s.variants {
		for _, form := range []bool{false, true} {
			want, got := s.TextFor(form).Covers(form), s.variants[i].textFor(form).Covers(form)
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(want, got) {
				return "has a variant that does not cover what the content covers"
			}
		}
	}
	return ""
}

// contents returns the texts that may have been signed of a form or of another body, in
// the order of trial.
func (s *Compiled) contents(form bool) []*signedtext.Template {
	all := make([]*signedtext.Template, 1, 1+len(s.variants))
	all[0] = s.TextFor(form)
	for i := range s.variants {
		all = append(all, s.variants[i].textFor(form))
	}
	return all
}

// streams reports whether every text can be written without a copy of the body.
func (s *Compiled) streams() bool {
	for _, form := range []bool{false, true} {
		if slices.ContainsFunc(s.contents(form), func(t *signedtext.Template) bool { return !t.Streams() }) {
			return false
		}
	}
	return true
}

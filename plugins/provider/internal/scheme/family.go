package scheme

import (
	"cmp"
	"fmt"
	"strconv"

	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

func (s *Compiled) compileFamily(f spec.Family, all *place.Paths) (Family, error) {
	var c Family
	var err error
	read := func(text string, kinds ...place.Kind) place.Place {
		at, perr := place.Parse(text, kinds...)
		if perr != nil {
			err = perr
		}
		all.Add(&at)
		return at
	}
	c.Signature = read(f.Signature, append(place.InRequest[:], place.Body)...)
	for _, text := range f.Also {
		c.also = append(c.also, read(text, place.InRequest[:]...))
	}
	c.Timestamp = read(f.Timestamp, append(place.InRequest[:], place.Pair, place.Claim)...)
	c.ID = read(f.ID, append(place.InRequest[:], place.Claim)...)
	if err != nil {
		return Family{}, err
	}
	if s.Layout == spec.Numbered {
		for i := range place.MaxSignatures {
			c.numbers = append(c.numbers, c.Signature.Name+"-"+strconv.Itoa(i+1))
		}
	}
	why := cmp.Or(s.placeFault(&c), s.tokenFault(&c), s.stampFault(&c))
	if s.Kind == spec.HTTPSignature {
		why = s.messageFault(&c)
	}
	if why != "" {
		return Family{}, fmt.Errorf("%w: %s", spec.ErrRow, why)
	}
	return c, nil
}

func (s *Compiled) placeFault(f *Family) string {
	switch {
	case f.Signature.Kind == place.Nothing:
		return "there is no place of the signature"
	case s.Layout == spec.Numbered && (f.Signature.Kind != place.Header || len(f.also) > 0):
		return "only one family of headers can be numbered"
	case f.Timestamp.Kind == place.Pair && s.Layout != spec.Pairs && s.Layout != spec.List && s.Layout != spec.JSON64:
		return "the time is in a pair and there are no pairs"
	case s.Layout == spec.List && f.Timestamp.Kind == place.Pair && f.Timestamp.Name != "0":
		return "the time of a list is its first element, pair:0"
	case (f.Timestamp.Kind == place.Claim || f.ID.Kind == place.Claim) && s.Kind != spec.JSONToken:
		return "there are claims without a JWT"
	}
	return ""
}

// messageFault says what is wrong with the places of a message signature, whose
// headers RFC 9421 names.
func (s *Compiled) messageFault(f *Family) string {
	switch {
	case f.Signature.Kind != place.Header || f.Signature.Name != "signature" || len(f.also) > 0:
		return "the signature of a message stands in header:signature"
	case f.Timestamp.Kind != place.Nothing && (f.Timestamp.Kind != place.Pair || f.Timestamp.Name != spec.Created):
		return "the time of a message signature is pair:created"
	case f.ID.Kind != place.Nothing && (f.ID.Kind != place.Header || !s.Message.Covers(f.ID.Name)):
		return "there is a place for an id that is not signed"
	}
	return ""
}

// stampFault says what is wrong with the places of the time and the id, which must be
// there exactly where they are signed.
func (s *Compiled) stampFault(f *Family) string {
	switch {
	case s.Text.Has(signedtext.PartTimestamp) && f.Timestamp.Kind == place.Nothing:
		return "a time is signed and there is no place for it"
	case f.Timestamp.Kind != place.Nothing && !s.covers(f.Timestamp, signedtext.PartTimestamp):
		return "there is a place for a time that is not signed"
	case s.Text.Has(signedtext.PartID) && f.ID.Kind == place.Nothing:
		return "an id is signed and there is no place for it"
	case f.ID.Kind != place.Nothing && !s.covers(f.ID, signedtext.PartID):
		return "there is a place for an id that is not signed"
	}
	return ""
}

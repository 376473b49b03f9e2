package spec

import "strings"

// DefaultKeyMin is the least number of bytes of a shared secret where a scheme names
// none.
const DefaultKeyMin = 16

// Filled returns s with its defaults, and with settings in place of their names.
func (s *Scheme) Filled(settings map[string]string) Scheme {
	c := *s
	fill := func(text string) string { return fillSettings(text, settings) }
	c.Family = fillFamily(s.Family, fill)
	c.Alternates = nil
	for _, f := range s.Alternates {
		c.Alternates = append(c.Alternates, fillFamily(f, fill))
	}
	c.Mark = fill(s.Mark)
	c.Expect = nil
	for _, e := range s.Expect {
		c.Expect = append(c.Expect, Expect{fill(e.At), fill(e.Is)})
	}
	c.JWT = s.JWT.filled(fill)
	if s.Kind == "" {
		c.Kind = HMAC
	}
	if s.Layout == "" {
		c.Layout = Single
	}
	if s.Key == "" {
		c.Key = KeyText
	}
	if c.KeyMin == 0 && c.SharesKey() {
		c.KeyMin = DefaultKeyMin
	}
	if c.Separator == "" {
		c.Separator = ","
	}
	if c.Assign == "" {
		c.Assign = "="
	}
	return c
}

func fillFamily(f Family, fill func(string) string) Family {
	c := Family{Signature: fill(f.Signature), Timestamp: fill(f.Timestamp), ID: fill(f.ID)}
	for _, at := range f.Also {
		c.Also = append(c.Also, fill(at))
	}
	return c
}

// fillSettings replaces {setting:name}. An unknown one stays, and is then no
// place.
func fillSettings(text string, settings map[string]string) string {
	if !strings.Contains(text, "{setting:") {
		return text
	}
	for name, value := range settings {
		text = strings.ReplaceAll(text, "{setting:"+name+"}", value)
	}
	return text
}

// SplitNames returns the filters of a chain.
func SplitNames(chain string) []string {
	if chain == "" {
		return nil
	}
	return strings.Split(chain, "|")
}

func (j JWT) filled(fill func(string) string) JWT {
	c := j
	c.Issuers, c.Claims = nil, nil
	for _, issuer := range j.Issuers {
		c.Issuers = append(c.Issuers, fill(issuer))
	}
	c.Audience = fill(j.Audience)
	for _, e := range j.Claims {
		c.Claims = append(c.Claims, Expect{e.At, fill(e.Is)})
	}
	return c
}

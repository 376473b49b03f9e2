package provider_test

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// candidates writes deliveries with other signatures in the place of the good one;
// "GOOD" stands for that. It reports false for a scheme that has room for one only.
func (c *scheme) candidates(t *testing.T, good provider.Request) (func(texts ...string) provider.Request, bool) {
	t.Helper()
	s := c.row.Schemes[slices.IndexFunc(c.row.Schemes, func(s spec.Scheme) bool { return s.Name == c.s.Name })]
	name, isHeader := strings.CutPrefix(s.Signature, "header:")
	separator, assign := s.Separator, s.Assign
	if separator == "" && s.Layout == spec.Versions {
		separator = " "
	}
	if separator == "" {
		separator = ","
	}
	if assign == "" {
		assign = "="
	}
	mark := s.Mark
	for setting, value := range c.settings {
		mark = strings.ReplaceAll(mark, "{setting:"+setting+"}", value)
	}
	lines := func(name string, values []string) provider.Request {
		r := good
		r.Headers = changed(good, name, func(string) []string { return values })
		return r
	}
	value, _ := good.Headers.Get(name)
	switch {
	case s.Written != "": // its header has one form
		return nil, false
	case s.Lines:
		return func(texts ...string) provider.Request { return lines(name, filled(texts, value)) }, true
	case s.Layout == spec.Numbered:
		value, _ = good.Headers.Get(name + "-1")
		return func(texts ...string) provider.Request {
			r, kept := good, changed(good, name+"-1", func(string) []string { return nil })
			for i, text := range filled(texts, value) {
				kept = append(kept, spec.Header{Name: fmt.Sprintf("%s-%d", name, i+1), Value: text})
			}
			r.Headers = kept
			return r
		}, true
	case len(s.Also) > 0:
		also := strings.TrimPrefix(s.Also[0], "header:")
		return func(texts ...string) provider.Request {
			r, kept := good, changed(good, name, func(string) []string { return nil })
			for i, text := range filled(texts, value) {
				kept = append(kept, spec.Header{Name: []string{name, also}[min(i, 1)], Value: text})
			}
			r.Headers = kept
			return r
		}, true
	case s.Layout == spec.Versions:
		return func(texts ...string) provider.Request {
			return lines(name, []string{strings.Join(prefixed(mark+",", filled(texts, strings.TrimPrefix(value, mark+","))), separator)})
		}, true
	case s.Layout == spec.List:
		before := ""
		if s.Timestamp == "pair:0" || s.Mark != "" {
			before, value, _ = strings.Cut(value, separator)
			before += separator
		}
		return func(texts ...string) provider.Request {
			return lines(name, []string{before + strings.Join(filled(texts, value), separator)})
		}, true
	case s.Layout == spec.Pairs && isHeader:
		var others []string
		for entry := range strings.SplitSeq(value, cmp.Or(strings.TrimSpace(separator), separator)) {
			if text, ok := strings.CutPrefix(strings.TrimSpace(entry), mark+assign); ok {
				value = text
			} else {
				others = append(others, strings.TrimSpace(entry))
			}
		}
		return func(texts ...string) provider.Request {
			return lines(name, []string{strings.Join(append(others, prefixed(mark+assign, filled(texts, value))...), separator)})
		}, true
	case s.Layout == spec.Pairs: // in a form
		form, err := url.ParseQuery(string(good.Body))
		if err != nil {
			t.Fatal(err)
		}
		field := strings.TrimPrefix(s.Signature, "form:")
		value := strings.TrimPrefix(form.Get(field), mark+assign)
		return func(texts ...string) provider.Request {
			form.Set(field, strings.Join(prefixed(mark+assign, filled(texts, value)), separator))
			r := good
			r.Body = []byte(form.Encode())
			return r
		}, true
	}
	return nil, false
}

func filled(texts []string, good string) []string {
	all := slices.Clone(texts)
	for i := range all {
		if all[i] == "GOOD" {
			all[i] = good
		}
	}
	return all
}

func prefixed(before string, texts []string) []string {
	all := make([]string, len(texts))
	for i, text := range texts {
		all[i] = before + text
	}
	return all
}

// TestCandidates_thatCannotBeReadArePassedOver has, in every scheme with room for
// several signatures, some that are none beside a good one.
func TestCandidates_thatCannotBeReadArePassedOver(t *testing.T) {
	seen := map[spec.Layout]int{}
	cases(t, func(t *testing.T, c *scheme) {
		good := c.sign(t, at(), c.pair.Private)
		write, several := c.candidates(t, good)
		if !several {
			return
		}
		seen[c.s.Layout]++
		v := c.verifier(t)
		for name, tc := range map[string]struct {
			texts []string
			want  error
		}{
			"the good one":               {[]string{"GOOD"}, nil},
			"a short one in front":       {[]string{"00", "GOOD"}, nil},
			"a short one behind":         {[]string{"GOOD", "00"}, nil},
			"one in no alphabet":         {[]string{"!!", "GOOD"}, nil},
			"one that is not text":       {[]string{"\xff\xfe", "GOOD"}, nil},
			"one that is too long":       {[]string{strings.Repeat("A", 500), "GOOD"}, nil},
			"none is readable":           {[]string{"00", "!!"}, provider.ErrMalformed},
			"one that is not":            {[]string{"00"}, provider.ErrMalformed},
			"fifteen beside the good":    {append(numbers(15), "GOOD"), nil},
			"sixteen beside the good":    {append(numbers(16), "GOOD"), provider.ErrMalformed},
			"the good before sixteen":    {append([]string{"GOOD"}, numbers(16)...), provider.ErrMalformed},
			"sixteen that are something": {numbers(16), provider.ErrMalformed},
		} {
			if len(c.s.Also) > 0 && len(tc.texts) > 2 || c.s.Layout == spec.Numbered && len(tc.texts) > 16 {
				continue // there are two places, and sixteen names of headers
			}
			if _, err := c.verify(v, write(tc.texts...), at()); !errors.Is(err, tc.want) {
				t.Errorf("%s: got %v, want %v", name, err, tc.want)
			}
		}
	})
	for _, layout := range []spec.Layout{spec.Pairs, spec.Versions, spec.List, spec.Numbered, ""} { // the last has lines, or other places
		if seen[layout] == 0 {
			t.Errorf("no scheme of the layout %s", layout)
		}
	}
}

// TestCandidates_besideWhatMustStandAlone has what no candidate excuses.
func TestCandidates_besideWhatMustStandAlone(t *testing.T) {
	const body = `{"id":"evt_1"}`
	secret := "octo-private-candidates-0001"
	now := fmt.Sprint(at().Unix())
	good := hexMAC(secret, now+"."+body)
	tests := map[string]struct {
		header string
		want   error
	}{
		"beside a good one":                  {"t=" + now + ",v1=00,v1=" + good, nil},
		"beside one of another version":      {"t=" + now + ",v0=00,v1=" + good, nil},
		"of another version alone":           {"t=" + now + ",v0=" + good, provider.ErrMissing},
		"beside a wrong one":                 {"t=" + now + ",v1=00,v1=" + hexMAC(secret, "x"), provider.ErrMismatch},
		"empty beside a good one":            {"t=" + now + ",v1=,v1=" + good, nil},
		"in capitals beside a good one":      {"t=" + now + ",v1=" + strings.ToUpper(good) + ",v1=" + good, nil},
		"in capitals alone":                  {"t=" + now + ",v1=" + strings.ToUpper(good), provider.ErrMalformed},
		"a good one twice":                   {"t=" + now + ",v1=" + good + ",v1=" + good, nil},
		"two times":                          {"t=" + now + ",v1=00,v1=" + good + ",t=" + now, provider.ErrRepeated},
		"two times, one of them malformed":   {"t=" + now + ",v1=" + good + ",t=x", provider.ErrRepeated},
		"a time that is malformed":           {"t=x,v1=00,v1=" + good, provider.ErrMalformed},
		"no time":                            {"v1=00,v1=" + good, provider.ErrMissing},
		"what is no pair":                    {"t=" + now + ",v1," + "v1=" + good, provider.ErrMalformed},
		"a name with a blank in it":          {"t=" + now + ", t=1,v1=" + good, provider.ErrMalformed},
		"a time with a zero before it":       {"t=0" + now + ",v1=" + hexMAC(secret, "0"+now+"."+body), provider.ErrMalformed},
		"a header of more than 4,096 bytes":  {"t=" + now + ",v1=" + good + ",v1=" + strings.Repeat("0", 4096), provider.ErrMalformed},
		"an old one beside a malformed one":  {"t=1,v1=00,v1=" + hexMAC(secret, "1."+body), provider.ErrStale},
		"seventeen, of which one is the one": {"t=" + now + strings.Repeat(",v1=00", 16) + ",v1=" + good, provider.ErrMalformed},
	}
	v := verifier(t, lookup(t, "stripe"), lookup(t, "stripe").Schemes[0], provider.Secret{Value: secret})
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := provider.Request{Method: "POST", Body: []byte(body), Headers: provider.HeaderList{{Name: "stripe-signature", Value: tc.header}}}
			if _, err := v.Verify(r, at()); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
}

// TestCandidates_ofLayoutsTogether has lists in several places, as no row of the
// catalogue has them.
func TestCandidates_ofLayoutsTogether(t *testing.T) {
	const body, secret = `{"id":"1"}`, "octo-private-candidates-0001"
	good := hexMAC(secret, body)
	json64 := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	tests := map[string]struct {
		scheme  string
		headers [][2]string
		want    error
	}{
		"a line of pairs without one":        {`"lines":true,"layout":"pairs","mark":"v1"`, [][2]string{{"x-a", "v1=00"}, {"x-a", "v1=" + good}}, nil},
		"a line of pairs of another version": {`"lines":true,"layout":"pairs","mark":"v1"`, [][2]string{{"x-a", "v0=00"}, {"x-a", "v1=" + good}}, nil},
		"a line of versions without one":     {`"lines":true,"layout":"versions","mark":"v1"`, [][2]string{{"x-a", "v1,00 v1,11"}, {"x-a", "v1," + good}}, nil},
		"lines without one":                  {`"lines":true,"layout":"versions","mark":"v1"`, [][2]string{{"x-a", "v1,00"}, {"x-a", "v1,11"}}, provider.ErrMalformed},
		"equal lines":                        {`"lines":true,"mark":"v1="`, [][2]string{{"x-a", "v1=" + good}, {"x-a", "v1=" + good}}, provider.ErrRepeated},
		"a line without its mark":            {`"lines":true,"mark":"v1="`, [][2]string{{"x-a", "v0=" + good}, {"x-a", "v1=" + good}}, nil},
		"another place without its mark":     {`"also":["header:x-b"],"mark":"v1="`, [][2]string{{"x-a", good}, {"x-b", "v1=" + good}}, nil},
		"another place that is empty":        {`"also":["header:x-b"],"mark":"v1="`, [][2]string{{"x-a", "v1=" + good}, {"x-b", ""}}, nil},
		"the first place that is empty":      {`"also":["header:x-b"],"mark":"v1="`, [][2]string{{"x-a", ""}, {"x-b", "v1=" + good}}, nil},
		"two places that are empty":          {`"also":["header:x-b"],"mark":"v1="`, [][2]string{{"x-a", ""}, {"x-b", ""}}, provider.ErrMissing},
		"another place twice":                {`"also":["header:x-b"],"mark":"v1="`, [][2]string{{"x-a", "v1=" + good}, {"x-b", "v1=00"}, {"x-b", "v1=11"}}, provider.ErrRepeated},
		"another place, with pairs":          {`"also":["header:x-b"],"layout":"pairs","mark":"v1"`, [][2]string{{"x-a", "v0=" + good}, {"x-b", "v1=00,v1=" + good}}, nil},
		"JSON that is none, and another":     {`"also":["header:x-b"],"layout":"json64","mark":"sig"`, [][2]string{{"x-a", "!!"}, {"x-b", json64(`{"sig":"` + good + `"}`)}}, nil},
		"JSON that is none, alone":           {`"layout":"json64","mark":"sig"`, [][2]string{{"x-a", json64(`{`)}}, provider.ErrMalformed},
		"JSON without the member":            {`"layout":"json64","mark":"sig"`, [][2]string{{"x-a", json64(`{"a":1}`)}}, provider.ErrMissing},
		"a single one that is none":          {`"mark":"v1="`, [][2]string{{"x-a", "v1=00"}}, provider.ErrMalformed},
		"a single one without its mark":      {`"mark":"v1="`, [][2]string{{"x-a", good}}, provider.ErrMalformed},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			row, err := parseCustom(t, `{"name":"acme","schemes":[{"name":"v","hash":"sha256","encoding":"hex","signature":"header:x-a","content":"{body}",`+tc.scheme+`}],"facts":{"type":["text:e"]}}`).Row()
			if err != nil {
				t.Fatal(err)
			}
			v, err := row.Verifier(provider.Options{Secrets: []provider.Secret{{Value: secret}}})
			if err != nil {
				t.Fatal(err)
			}
			var headers provider.HeaderList
			for _, h := range tc.headers {
				headers = append(headers, spec.Header{Name: h[0], Value: h[1]})
			}
			if _, err := v.Verify(provider.Request{Method: "POST", Body: []byte(body), Headers: headers}, at()); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
}

func hexMAC(secret, text string) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(text))
	return hex.EncodeToString(m.Sum(nil))
}

func numbers(n int) (all []string) {
	for i := range n {
		all = append(all, fmt.Sprintf("%03d!", i))
	}
	return all
}

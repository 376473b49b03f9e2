package provider_test

import (
	"errors"
	"strings"
	"testing"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// checkHeader verifies deliveries of a row whose signature's header is written anew; GOOD
// stands for what the signer wrote.
func checkHeader(t *testing.T, name, header string, tests map[string]struct {
	value string
	want  error
}) {
	t.Helper()
	p := lookup(t, name)
	c := newScheme(t, p, p.Schemes[0])
	v, good := c.verifier(t), c.sign(t, at(), c.pair.Private)
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := good
			r.Headers = changed(good, header, func(v string) []string { return []string{strings.ReplaceAll(tc.value, "GOOD", v)} })
			if _, err := c.verify(v, r, at()); !errors.Is(err, tc.want) {
				t.Errorf("%q: got %v, want %v", tc.value, err, tc.want)
			}
		})
	}
}

func TestGroups_haveOneTime(t *testing.T) {
	const now, zeros = "1749722400", "0000000000000000000000000000000000000000000000000000000000000000"
	const other = "t=" + now + ",v1=" + zeros
	checkHeader(t, "persona", "persona-signature", map[string]struct {
		value string
		want  error
	}{
		"one":                            {"GOOD", nil},
		"an old one behind":              {"GOOD " + other, nil},
		"an old one in front":            {other + " GOOD", nil},
		"one on each side":               {other + " GOOD " + other, nil},
		"none that is right":             {other + " " + other, provider.ErrMismatch},
		"another time behind":            {"GOOD t=1749722401,v1=" + zeros, provider.ErrRepeated},
		"another time in front":          {"t=1749722399,v1=" + zeros + " GOOD", provider.ErrRepeated},
		"no time behind":                 {"GOOD v1=" + zeros, provider.ErrRepeated},
		"no time in front":               {"v1=" + zeros + " GOOD", provider.ErrRepeated},
		"one time twice in one":          {"t=" + now + ",GOOD", provider.ErrRepeated},
		"two blanks between":             {"GOOD  " + other, provider.ErrMalformed},
		"a blank behind":                 {"GOOD ", provider.ErrMalformed},
		"more signatures than are taken": {strings.Repeat(other+" ", 16) + "GOOD", provider.ErrMalformed},
	})
}

func TestGroups_needASeparatorWithoutABlank(t *testing.T) {
	row := lookup(t, "persona")
	row.Schemes[0].Separator = ", "
	if err := row.Compile(); !errors.Is(err, provider.ErrRow) {
		t.Errorf("groups whose separator is a blank too: %v", err)
	}
}

func TestList_firstElementHasItsMark(t *testing.T) {
	checkHeader(t, "infisical", "x-infisical-signature", map[string]struct {
		value string
		want  error
	}{
		"a mark":             {"GOOD", nil},
		"a signature behind": {"GOOD;00", nil},
		"no mark":            {";GOOD", provider.ErrMalformed},
		"the mark alone":     {"t=", provider.ErrMalformed},
		"another time":       {"t=1749722400001;" + strings.Repeat("0", 64), provider.ErrMalformed},
		"the time alone":     {"t=1749722400000", provider.ErrMissing},
		"nothing":            {"", provider.ErrMissing},
	})
	row := lookup(t, "infisical")
	row.Schemes[0].Timestamp, row.Schemes[0].ToleranceSeconds = "", 0
	if err := row.Compile(); !errors.Is(err, provider.ErrRow) {
		t.Errorf("a mark without a time: %v", err)
	}
}

// The path of a key is taken below the provider's own host, whatever it says.
func TestRemote_pathStaysBelowTheHost(t *testing.T) {
	p := lookup(t, "adobe-io-events")
	c := newScheme(t, p, p.Schemes[0])
	v, good := c.verifier(t), c.sign(t, at(), c.pair.Private)
	if path, _ := good.Headers.Get("x-adobe-public-key1-path"); path != "/prod/keys/pub-key-octo.pem" {
		t.Errorf("sent %q", path)
	}
	for path, want := range map[string]error{
		"/prod/keys/pub-key-octo.pem":                                    nil,
		"/prod/keys/":                                                    provider.ErrMalformed,
		"/other/pub-key-octo.pem":                                        provider.ErrMalformed,
		"/prod/keys/../other.pem":                                        provider.ErrMalformed,
		"/prod/keys/%2e%2e/other.pem":                                    provider.ErrMalformed,
		"/prod/keys/a.pem?x=.pem":                                        provider.ErrMalformed,
		"/prod/keys/a.pem#.pem":                                          provider.ErrMalformed,
		".evil.example/prod/keys/a.pem":                                  provider.ErrMalformed,
		"@evil.example/prod/keys/a.pem":                                  provider.ErrMalformed,
		":8443/prod/keys/a.pem":                                          provider.ErrMalformed,
		"//evil.example/prod/keys/a.pem":                                 provider.ErrMalformed,
		"https://evil.example/prod/keys/a.pem":                           provider.ErrMalformed,
		"https://static.adobeioevents.com/prod/keys/pub-key-octo.pem":    provider.ErrMalformed,
		"\\evil.example/prod/keys/a.pem":                                 provider.ErrMalformed,
		"/prod/keys/" + strings.Repeat("a", 3000) + ".pem":               provider.ErrMalformed,
		"/prod/keys/pub-key-octo.pem\thttps://evil.example/prod/k/a.pem": provider.ErrMalformed,
	} {
		r := good
		r.Headers = changed(good, "x-adobe-public-key1-path", func(string) []string { return []string{path} })
		address, err := v.KeyURL(r)
		if !errors.Is(err, want) || want != nil && address != "" {
			t.Errorf("%.80q: got %q, %v, want %v", path, address, err, want)
		}
	}
	for name, change := range map[string]func(*spec.Remote){
		"no address":                 func(r *spec.Remote) { r.URL, r.At = "", "" },
		"a key id beside the path":   func(r *spec.Remote) { r.URL += "/{kid}" },
		"a path below no known host": func(r *spec.Remote) { r.Hosts = nil },
	} {
		row := lookup(t, "adobe-io-events")
		change(row.Schemes[0].Remote)
		if err := row.Compile(); !errors.Is(err, provider.ErrRow) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Hygraph's environment stands in the header and is signed as the setting says it.
func TestWritten_pairsAreAsTheirSenderWritesThem(t *testing.T) {
	const now = "1749722400000"
	p := lookup(t, "hygraph")
	c := newScheme(t, p, p.Schemes[0])
	whole, _ := c.sign(t, at(), c.pair.Private).Headers.Get("gcms-signature")
	signature, _, _ := strings.Cut(whole, ",")
	checkHeader(t, "hygraph", "gcms-signature", map[string]struct {
		value string
		want  error
	}{
		"as it is written":    {"GOOD", nil},
		"without the blanks":  {signature + ",env=master,t=" + now, nil},
		"another environment": {signature + ", env=staging, t=" + now, provider.ErrMalformed},
		"no environment":      {signature + ", t=" + now, provider.ErrMalformed},
		"two of them":         {signature + ", env=master, env=master, t=" + now, provider.ErrMalformed},
		"in another order":    {"t=" + now + ", " + signature + ", env=master", provider.ErrMalformed},
		"something behind":    {signature + ", env=master, t=" + now + ", v=2", provider.ErrMalformed},
		"two signatures":      {signature + ", GOOD", provider.ErrMalformed},
		"another time":        {signature + ", env=master, t=1749722400001", provider.ErrMismatch},
	})
	for what, spoil := range map[string]func(s *spec.Scheme){
		"no signature":      func(s *spec.Scheme) { s.Written = "t={timestamp}" },
		"two signatures":    func(s *spec.Scheme) { s.Written += ", sign={signature}" },
		"what is no pairs":  func(s *spec.Scheme) { s.Layout = spec.Versions },
		"groups of pairs":   func(s *spec.Scheme) { s.Groups, s.Separator = true, "," },
		"times of two ways": func(s *spec.Scheme) { s.Written += ", t={timestamp}" },
	} {
		row := lookup(t, "hygraph")
		spoil(&row.Schemes[0])
		if err := row.Compile(); !errors.Is(err, provider.ErrRow) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

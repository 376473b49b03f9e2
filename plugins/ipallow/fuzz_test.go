package ipallow

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/provider/spec"
)

func FuzzPrefix(f *testing.F) {
	for _, text := range []string{"198.51.100.0/24", "198.51.100.7", "2001:db8::/32", "::ffff:198.51.100.0/120", "fe80::1%eth0", "10.1.2.3/8", "::ffff:0:0/90", "/", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		strict, err := parsePrefix(text, true)
		loose, looseErr := parsePrefix(text, false)
		if err == nil && (looseErr != nil || strict != loose) {
			t.Fatalf("%q is %v strictly and %v loosely", text, strict, loose)
		}
		if looseErr != nil {
			return
		}
		if !loose.IsValid() || loose != loose.Masked() || loose.Addr().Is4In6() || loose.Addr().Zone() != "" {
			t.Fatalf("%q became %v", text, loose)
		}
		if again, err := parsePrefix(loose.String(), true); err != nil || again != loose {
			t.Fatalf("%v reads back as %v, %v", loose, again, err)
		}
		if !trie([]netip.Prefix{loose}).Contains(loose.Addr()) {
			t.Fatalf("%v does not hold its first address", loose)
		}
	})
}

func FuzzDocument(f *testing.F) {
	f.Add([]byte(`{"hooks":["192.30.252.0/22"]}`), "hooks", "", "")
	f.Add([]byte(`{"items":[{"cidr":"13.52.5.96/28","product":["jira"]}]}`), "items.*.cidr", "product", "jira")
	f.Add([]byte(`{"a":{"ip_ranges":["3.14.44.0/27"]}}`), "*.ip_ranges", "", "")
	f.Add([]byte("3.18.12.63\n# end"), "", "", "")
	f.Add([]byte(`[["1.1.1.1"]]`), "0.0", "", "")
	f.Fuzz(func(t *testing.T, data []byte, path, field, value string) {
		list := &spec.RangeList{Format: spec.RangeText}
		if path != "" {
			list = &spec.RangeList{Format: spec.RangeJSON, Paths: []string{path}}
		}
		if field != "" {
			list.Where = []spec.RangeMatch{{Field: field, OneOf: []string{value}}}
		}
		found, err := parseDocument(data, list)
		if err != nil || sane(found) != nil {
			return
		}
		// What passes every check survives the disk, and admits no private address.
		s := &state{prefixes: found, at: time.Unix(1, 0)}
		back, err := parseState(s.encode())
		if err != nil || !back.unchanged(s) {
			t.Fatalf("kept as %v, %v", back, err)
		}
		table := trie(found)
		for _, addr := range []string{"10.0.0.1", "127.0.0.1", "192.168.1.1", "169.254.169.254", "::1", "fd00::1"} {
			if table.Contains(netip.MustParseAddr(addr)) {
				t.Fatalf("%s is on a list that passed: %v", addr, found)
			}
		}
	})
}

func FuzzState(f *testing.F) {
	f.Add("# source: https://example.com/\n# date: 2026-01-01\n9.9.9.9\n")
	f.Add("# date: 2026-01-01T00:00:00Z\n# etag: \"x\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parseState([]byte(text))
		if err != nil {
			return
		}
		if back, err := parseState(s.encode()); err != nil || !back.unchanged(s) || back.etag != strings.TrimRight(s.etag, "\r") {
			t.Fatalf("%q reads back as %+v, %v", text, back, err)
		}
	})
}

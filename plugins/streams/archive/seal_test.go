package archive

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func ring(t testing.TB, ids ...string) *Keys {
	t.Helper()
	k := &Keys{}
	for _, id := range ids {
		if err := k.Add(id, bytes.Repeat([]byte(id)[:1], KeySize)); err != nil {
			t.Fatal(err)
		}
	}
	return k
}

func TestSeal_opensWithItsKeyOnly(t *testing.T) {
	const subject = "webhooks-rejected.github.signature_invalid"
	plain := []byte("some record")
	sealed := ring(t, "spring").seal(plain, subject)
	tests := map[string]struct {
		keys    *Keys
		subject string
		want    error
	}{
		"the key":                      {ring(t, "spring"), subject, nil},
		"the key behind a newer one":   {ring(t, "winter", "spring"), subject, nil},
		"no key":                       {&Keys{}, subject, ErrKeyUnknown},
		"another key":                  {ring(t, "winter"), subject, ErrKeyUnknown},
		"moved to another provider":    {ring(t, "spring"), "webhooks-rejected.stripe.signature_invalid", ErrSealed},
		"another key of the same name": {&Keys{ring: []sealKey{{id: "spring", aead: ring(t, "winter").ring[0].aead}}}, subject, ErrSealed},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, id, err := tc.keys.open(sealed, tc.subject)
			if !errors.Is(err, tc.want) {
				t.Fatalf("got %v", err)
			}
			if err == nil && (!bytes.Equal(got, plain) || id != "spring") {
				t.Errorf("got %q of %q", got, id)
			}
		})
	}
	if bytes.Contains(sealed, plain) {
		t.Error("the record is readable")
	}
	if again := ring(t, "spring").seal(plain, subject); bytes.Equal(again, sealed) {
		t.Error("the same record is sealed to the same bytes")
	}
}

func TestSeal_changedOrCutDoesNotOpen(t *testing.T) {
	keys := ring(t, "spring")
	sealed := keys.seal([]byte("some record"), "s")
	for n := len(sealMark); n < len(sealed); n++ {
		if _, _, err := keys.open(sealed[:n], "s"); !errors.Is(err, ErrSealed) && !errors.Is(err, ErrKeyUnknown) {
			t.Errorf("cut at %d: %v", n, err)
		}
		spoilt := bytes.Clone(sealed)
		spoilt[n] ^= 1
		if _, _, err := keys.open(spoilt, "s"); !errors.Is(err, ErrSealed) && !errors.Is(err, ErrKeyUnknown) {
			t.Errorf("byte %d flipped: %v", n, err)
		}
	}
}

func TestKeys_refusesWhatCannotBeUsed(t *testing.T) {
	good := bytes.Repeat([]byte("k"), KeySize)
	for name, tc := range map[string]struct {
		id  string
		key []byte
	}{
		"a short key":           {"a", good[1:]},
		"a long key":            {"a", append([]byte("k"), good...)},
		"no id":                 {"", good},
		"an id with a blank":    {"a b", good},
		"an id that is taken":   {"spring", good},
		"an id that is no name": {strings.Repeat("a", 65), good},
	} {
		t.Run(name, func(t *testing.T) {
			k := ring(t, "spring")
			err := k.Add(tc.id, tc.key)
			if !errors.Is(err, ErrKey) || len(k.ring) != 1 {
				t.Errorf("got %v and %d keys", err, len(k.ring))
			}
			if err != nil && strings.Contains(err.Error(), "kkkk") {
				t.Error("the error shows the key")
			}
		})
	}
	if text := fmt.Sprintf("%+v %#v", ring(t, "s"), ring(t, "s").ring[0].id); strings.Contains(text, "ssss") {
		t.Error("keys print themselves")
	}
}

func TestKeys_tokenSumIsBoundToTheRecord(t *testing.T) {
	k := ring(t, "spring")
	sum := k.tokenSum("spring", "r1", "token")
	if len(sum) != 32 || bytes.Equal(sum, k.tokenSum("spring", "r2", "token")) || bytes.Equal(sum, k.tokenSum("spring", "r1", "token2")) {
		t.Errorf("sum %x", sum)
	}
	if (&Keys{}).tokenSum("spring", "r1", "token") != nil {
		t.Error("a sum without a key")
	}
}

func FuzzOpenAndDecode(f *testing.F) {
	keys := &Keys{}
	if err := keys.Add("k", bytes.Repeat([]byte("k"), KeySize)); err != nil {
		f.Fatal(err)
	}
	r := &Record{ID: "r", Provider: "p", Code: "c", Size: 4, Body: []byte("body")}
	plain, err := r.encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(plain)
	f.Add(keys.seal(plain, "s"))
	f.Add([]byte(sealMark + "\x40"))
	f.Add([]byte(recordMark + "\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		opened, id, err := keys.open(data, "s")
		if err != nil {
			return
		}
		if id != "" && !bytes.Equal(data, keys.seal(plain, "s")) && !bytes.Equal(opened, plain) {
			t.Errorf("forged %q", opened)
		}
		if r, err := decode(opened); err == nil && (len(r.Body) > r.Size || !r.Cut && len(r.Body) != r.Size) {
			t.Errorf("%d bytes of %d, cut: %v", len(r.Body), r.Size, r.Cut)
		}
	})
}

package spec_test

import (
	"encoding/hex"
	"testing"
	"time"

	"webhookedge/plugins/provider/spec"
)

func TestParseTime_formsOfASignedTime(t *testing.T) {
	at := time.Date(2023, 11, 14, 22, 13, 20, 0, time.UTC)
	tests := map[string]struct {
		unit spec.Unit
		text string
		want time.Time // zero where the text is refused
	}{
		"a date of HTTP":                       {spec.HTTPDate, "Tue, 14 Nov 2023 22:13:20 GMT", at},
		"a date of HTTP on another weekday":    {spec.HTTPDate, "Mon, 14 Nov 2023 22:13:20 GMT", time.Time{}},
		"a date of HTTP in small letters":      {spec.HTTPDate, "tue, 14 nov 2023 22:13:20 GMT", time.Time{}},
		"a date of HTTP in another zone":       {spec.HTTPDate, "Tue, 14 Nov 2023 22:13:20 UTC", time.Time{}},
		"a date of HTTP with one digit":        {spec.HTTPDate, "Wed, 1 Nov 2023 22:13:20 GMT", time.Time{}},
		"a date of HTTP that goes on":          {spec.HTTPDate, "Tue, 14 Nov 2023 22:13:20 GMT ", time.Time{}},
		"seconds for a date of HTTP":           {spec.HTTPDate, "1700000000", time.Time{}},
		"a time without a zone":                {spec.RFC3339UTC, "2023-11-14T22:13:20", at},
		"a time without a zone, with fraction": {spec.RFC3339UTC, "2023-11-14T22:13:20.551000", at.Add(551 * time.Millisecond)},
		"a time in UTC":                        {spec.RFC3339UTC, "2023-11-14T22:13:20Z", at},
		"a time of another zone":               {spec.RFC3339UTC, "2023-11-14T22:13:20+02:00", time.Time{}},
		"a time with two zones":                {spec.RFC3339UTC, "2023-11-14T22:13:20ZZ", time.Time{}},
		"a time with a blank":                  {spec.RFC3339UTC, "2023-11-14 22:13:20", time.Time{}},
		"a time without seconds":               {spec.RFC3339UTC, "2023-11-14T22:13", time.Time{}},
		"a time that needs its zone":           {spec.RFC3339, "2023-11-14T22:13:20", time.Time{}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, ok := spec.ParseTime(tc.text, tc.unit)
			if ok != !tc.want.IsZero() || ok && !got.Equal(tc.want) {
				t.Errorf("got %v, %t", got, ok)
			}
			if back, ok := spec.ParseTime(spec.FormatTime(at, tc.unit), tc.unit); !ok || !back.Equal(at) {
				t.Errorf("what is written is read as %v, %t", back, ok)
			}
		})
	}
}

// The values are those of the Keccak team's KeccakKAT and of Ethereum's code for an empty
// account (Yellow Paper, section 4.1).
func TestHash_keccakOfAKnownText(t *testing.T) {
	if got := hex.EncodeToString([]byte(spec.Keccak256.Sum(""))); got != "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470" {
		t.Errorf("got %s", got)
	}
	if len(spec.Keccak256.Sum("a")) != spec.Keccak256.Size() {
		t.Error("the size is another one than the hash has")
	}
}

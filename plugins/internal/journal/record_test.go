package journal

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func samples() []Record {
	return []Record{
		{Subject: "a.b", Header: map[string][]string{"k": {"v", ""}, "": {"x"}}, Data: []byte("data")},
		{Subject: "", Data: []byte{}},
		{Subject: "c", Data: []byte{0, 1, 2}, Object: []byte("large"), Bucket: "B", Name: "n/1", Key: "octo", Why: "too large", Tried: time.UnixMilli(1_700_000_000_123)},
	}
}

func TestRecord_comesBackAsItWas(t *testing.T) {
	for i, r := range samples() {
		text := appendRecord(nil, &r)
		got, err := parseRecord(text)
		if diff := cmp.Diff(r, got); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		if len(text) > r.size() {
			t.Errorf("record %d takes %d bytes, more than the %d that were said", i, len(text), r.size())
		}
	}
}

func TestRecord_cutIsNone(t *testing.T) {
	text := appendRecord(nil, &samples()[2])
	for n := range text {
		if _, err := parseRecord(text[:n]); !errors.Is(err, ErrRecord) {
			t.Errorf("the first %d of %d bytes: %v", n, len(text), err)
		}
	}
	frame := appendFrame(nil, &samples()[2], time.Now())
	for n := range frame {
		if _, _, err := parseFrame(frame[:n]); !errors.Is(err, ErrRecord) {
			t.Errorf("the first %d of %d bytes of a frame: %v", n, len(frame), err)
		}
		spoiled := bytes.Clone(frame)
		spoiled[n] ^= 0x40
		if _, _, err := parseFrame(spoiled); !errors.Is(err, ErrRecord) {
			t.Errorf("byte %d spoiled: %v", n, err)
		}
	}
}

func FuzzParseRecord(f *testing.F) {
	for _, r := range samples() {
		f.Add(appendRecord(nil, &r))
	}
	f.Add([]byte{0xFF, 0xFF, 0xFF, 0xFF, 0x0F})
	f.Fuzz(func(t *testing.T, text []byte) {
		_, _, _ = parseFrame(text)
		r, err := parseRecord(text)
		if err != nil {
			return
		}
		again, err := parseRecord(appendRecord(nil, &r))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(appendRecord(nil, &r), appendRecord(nil, &again)) {
			t.Errorf("%+v reads back as %+v", r, again)
		}
	})
}

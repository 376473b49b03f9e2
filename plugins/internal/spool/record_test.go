package spool

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func pageOf(records ...Record) []byte {
	page := []byte{formatVersion}
	for i := range records {
		page = appendRecord(page, &records[i])
	}
	return page
}

func samples() []Record {
	return []Record{
		{Subject: "a.b", Header: map[string][]string{"k": {"v", ""}, "": {"x"}}, Data: []byte("data")},
		{Subject: "", Data: []byte{}},
		{Subject: "c", Data: []byte{0, 1, 2}, Object: []byte("large"), Bucket: "B", Name: "n/1", Key: "octo", Why: "too large", Tried: time.UnixMilli(1_700_000_000_123)},
	}
}

func TestPagesComeBackAsTheyWere(t *testing.T) {
	got, err := parsePage(pageOf(samples()...))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(samples(), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for i, r := range samples() {
		if n := len(appendRecord(nil, &r)); n > r.size() {
			t.Errorf("record %d takes %d bytes, more than the %d that were said", i, n, r.size())
		}
	}
}

func TestCutPagesAreNoPages(t *testing.T) {
	page := pageOf(samples()[2])
	for n := range page {
		if n == 1 {
			continue // a page without records
		}
		if _, err := parsePage(page[:n]); !errors.Is(err, ErrRecord) {
			t.Errorf("the first %d of %d bytes: %v", n, len(page), err)
		}
	}
	if _, err := parsePage([]byte{formatVersion + 1}); !errors.Is(err, ErrRecord) {
		t.Errorf("another version: %v", err)
	}
}

func FuzzParsePage(f *testing.F) {
	f.Add(pageOf(samples()...))
	f.Add([]byte{formatVersion, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F})
	f.Fuzz(func(t *testing.T, page []byte) {
		records, err := parsePage(page)
		if err != nil {
			return
		}
		again, err := parsePage(pageOf(records...))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(pageOf(records...), pageOf(again...)) {
			t.Errorf("%q reads back as %q", records, again)
		}
	})
}

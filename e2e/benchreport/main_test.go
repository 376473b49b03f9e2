package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

const runs = `goos: linux
goarch: amd64
cpu: Example
nats-server: 2.15.2
BenchmarkReport/stock-HMAC-only-2  100  50.0 calls/op  4000 deliveries/s  0 nats-µs/op  60 process-µs/op
BenchmarkReport/edge-2             100   6.0 calls/op  5000 deliveries/s  40 nats-µs/op  45 process-µs/op 50.0 peak-MB
BenchmarkReport/stock-HMAC-only-2  100  54.0 calls/op  4000 deliveries/s  0 nats-µs/op  80 process-µs/op
BenchmarkReport/edge-2             100   5.0 calls/op  7000 deliveries/s  44 nats-µs/op  55 process-µs/op 54.0 peak-MB
`

func TestReport_mediansBesideTheBaseline(t *testing.T) {
	r, err := read(strings.NewReader(runs))
	if err != nil {
		t.Fatal(err)
	}
	var table bytes.Buffer
	if err := r.table(&table); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"linux/amd64, Example; go", "NATS 2.15.2. ", "Medians of 2 runs", "ratio to stock HMAC only",
		"| stock HMAC only | 70 | 0.0 | 52 |", "| edge | 50 (0.71) | 42 | 5.5 (0.11) |  | 6000 (1.50) |  | 52 |",
	} {
		if !strings.Contains(table.String(), want) {
			t.Errorf("no %q in\n%s", want, table.String())
		}
	}
	d := xml.NewDecoder(bytes.NewReader(r.drawing()))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal("the drawing is no XML: ", err)
		}
	}
}

func TestReport_nothingWasMeasured(t *testing.T) {
	if _, err := read(strings.NewReader("PASS\n")); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
}

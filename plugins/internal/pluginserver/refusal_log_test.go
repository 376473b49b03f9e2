package pluginserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"testing"
	"time"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/telemetry"
)

// logged are the records of a log, by message.
func logged(t *testing.T, text []byte) map[string][]map[string]any {
	t.Helper()
	all := map[string][]map[string]any{}
	for dec := json.NewDecoder(bytes.NewReader(text)); dec.More(); {
		var record map[string]any
		if err := dec.Decode(&record); err != nil {
			t.Fatal(err)
		}
		msg := record["msg"].(string)
		all[msg] = append(all[msg], record)
	}
	return all
}

const (
	refusedLine = "delivery refused"
	summedLine  = "deliveries refused like those before"
)

// forge makes a forger's deliveries at an address.
func forge(r *refusalLog, address string, n int) {
	out := pipeline.Outcome{Code: pipeline.SignatureInvalid, Status: 401, Stage: "verify", Err: errors.New("the signature does not match")}
	for i := range n {
		d := &pipeline.Delivery{RequestID: fmt.Sprint("id-", i)}
		d.ClientIP, _ = netip.ParseAddr(address)
		r.write("github", d, &out, time.Millisecond)
	}
}

func TestRefusalLog_sumsUpWhatRepeats(t *testing.T) {
	var text bytes.Buffer
	r := newRefusalLog(telemetry.NewLogger(&text, slog.LevelInfo))
	forge(r, "192.0.2.7", 21_000)
	forge(r, "::ffff:192.0.2.8", 1) // another stranger is seen
	for i := range 100 {
		forge(r, fmt.Sprintf("2001:db8::%x", i), 1) // one stranger with many addresses
	}
	r.sumUp()
	got := logged(t, text.Bytes())
	if n := len(got[refusedLine]); n != 2*refusalLines+1 {
		t.Errorf("%d lines", n)
	}
	sums := map[any]map[string]any{}
	for _, record := range got[summedLine] {
		sums[record[telemetry.KeyClientIP]] = record
	}
	if len(sums) != 2 || sums["2001:db8::/64"]["more"] != 90.0 {
		t.Errorf("%v", sums)
	}
	if s := sums["192.0.2.7"]; s["more"] != 20_990.0 || s[telemetry.KeyRequestID] != "id-20999" || s[telemetry.KeyCode] != "signature_invalid" ||
		s[telemetry.KeyStage] != "verify" || s[telemetry.KeyErr] != "the signature does not match" || s["level"] != "INFO" {
		t.Errorf("%v", s)
	}
	text.Reset()
	r.sumUp()
	forge(r, "192.0.2.7", 1)
	if got := logged(t, text.Bytes()); len(got) != 1 || len(got[refusedLine]) != 1 {
		t.Errorf("the next interval: %v", got)
	}
}

func TestRefusalLog_isBoundedByAddresses(t *testing.T) {
	var text bytes.Buffer
	r := newRefusalLog(telemetry.NewLogger(&text, slog.LevelInfo))
	const strangers = 3 * maxRefusalKinds
	for i := range strangers {
		forge(r, netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}).String(), 1)
	}
	if len(r.kinds) > maxRefusalKinds+1 {
		t.Errorf("%d kinds", len(r.kinds))
	}
	r.sumUp()
	got := logged(t, text.Bytes())
	if n := len(got[refusedLine]); n != maxRefusalKinds {
		t.Errorf("%d lines", n)
	}
	if sum := got[summedLine]; len(sum) != 1 || sum[0]["more"] != float64(strangers-maxRefusalKinds) || sum[0][telemetry.KeyClientIP] != "several or unknown" {
		t.Errorf("%v", sum)
	}
}

func TestRefusalLog_keepsKindsApart(t *testing.T) {
	var text bytes.Buffer
	r := newRefusalLog(telemetry.NewLogger(&text, slog.LevelInfo))
	d := &pipeline.Delivery{ClientIP: netip.MustParseAddr("192.0.2.7")}
	for _, code := range []pipeline.Code{pipeline.SignatureInvalid, pipeline.Internal} {
		for _, provider := range []string{"github", "stripe"} {
			for range refusalLines + 1 {
				out := pipeline.Outcome{Code: code, Status: code.Info().Status, Err: errors.New("a reason")}
				r.write(provider, d, &out, time.Millisecond)
			}
		}
	}
	r.sumUp()
	got := logged(t, text.Bytes())
	levels := map[any]int{}
	for _, record := range got[summedLine] {
		levels[record["level"]]++
	}
	if len(got[refusedLine]) != 4*refusalLines || levels["INFO"] != 2 || levels["ERROR"] != 2 {
		t.Errorf("%d lines, sums %v", len(got[refusedLine]), levels)
	}
}

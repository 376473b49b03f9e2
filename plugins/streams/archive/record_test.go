package archive

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"webhookedge/plugins/internal/pipeline"
)

func at() time.Time { return time.Date(2025, 6, 12, 10, 0, 0, 123456789, time.UTC) }

func odd() *pipeline.Delivery {
	return &pipeline.Delivery{
		Method: "POST", Path: "/hooks/%2f\xff", RawQuery: "a=1&b=\xfe", PublicURL: "https://example.com/hooks?a=1",
		Headers:  pipeline.Headers{{Name: "x-odd", Value: "\xff\x00\r\n"}, {Name: "x-odd", Value: ""}, {Name: "content-type", Value: "application/json"}},
		Body:     []byte("{\"a\":\"\xff\"}\x00"),
		ClientIP: netip.MustParseAddr("2001:db8::1"), RequestID: "r1", Route: "github", ReceivedAt: at(),
	}
}

func TestRecord_givesTheDeliveryBackByteForByte(t *testing.T) {
	tests := map[string]func(*pipeline.Delivery){
		"with everything":    func(*pipeline.Delivery) {},
		"no body":            func(d *pipeline.Delivery) { d.Body = nil },
		"no client address":  func(d *pipeline.Delivery) { d.ClientIP = netip.Addr{} },
		"no header no query": func(d *pipeline.Delivery) { d.Headers, d.RawQuery = nil, "" },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			d := odd()
			change(d)
			r := Capture(d)
			r.ID, r.Code, r.Provider, r.Body = "x", "policy_denied", "github", d.Body
			data, err := r.encode()
			if err != nil {
				t.Fatal(err)
			}
			back, err := decode(data)
			if err != nil {
				t.Fatal(err)
			}
			opts := cmp.Options{cmpopts.EquateEmpty(), cmp.Comparer(func(a, b netip.Addr) bool { return a == b })}
			if diff := cmp.Diff(d, back.Delivery(), opts); diff != "" {
				t.Errorf("delivery (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRecord_cutOrForeignIsRefused(t *testing.T) {
	r := Capture(odd())
	r.Body = odd().Body
	data, err := r.encode()
	if err != nil {
		t.Fatal(err)
	}
	for n := range data {
		if _, err := decode(data[:n]); !errors.Is(err, ErrRecord) {
			t.Fatalf("cut at %d of %d: %v", n, len(data), err)
		}
	}
	for name, bad := range map[string][]byte{
		"more body than it says": append(data, '!'),
		"another mark":           append([]byte("WQR\x02"), data[4:]...),
		"no JSON":                []byte(recordMark + "\x00\x00\x00\x02[]"),
		"a head of 4 GiB":        []byte(recordMark + "\xff\xff\xff\xff{}"),
	} {
		if _, err := decode(bad); !errors.Is(err, ErrRecord) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

package quarantine

import (
	"bytes"
	"context"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/streams/archive"
)

// disconnected is for keepers that store nothing.
func disconnected(context.Context) (jetstream.JetStream, error) {
	return nil, jetstream.ErrNoStreamResponse
}

// clock is one that a test moves.
type clock struct{ at atomic.Pointer[time.Time] }

func newClock() *clock {
	c := &clock{}
	now := at()
	c.at.Store(&now)
	return c
}

func (c *clock) now() time.Time { return *c.at.Load() }

func (c *clock) forward(d time.Duration) {
	now := c.now().Add(d)
	c.at.Store(&now)
}

// forgery is a delivery from an address that nothing proves.
func forgery(from netip.Addr, size int) *pipeline.Delivery {
	d := odd()
	d.ClientIP, d.Body = from, bytes.Repeat([]byte("x"), size)
	return d
}

// settled waits until everything that was refused is counted.
func (k *kit) settled(t *testing.T, refused int) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
		sum := 0
		for _, result := range results()[kindRefused] {
			sum += k.counted(kindRefused, result)
		}
		if sum == refused {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d of %d are counted", sum, refused)
		}
	}
}

// TestFlood_leavesRoom plays forged deliveries from one address and from ever new ones
// against a small stream, for hours of its clock.
func TestFlood_leavesRoom(t *testing.T) {
	const most = 3 << 20 // three quarters of the stream
	for name, tc := range map[string]struct {
		from func(n int) netip.Addr
		max  uint64 // bytes that the flood may take
	}{
		"from one address":                {func(int) netip.Addr { return address(7) }, most / part},
		"from one host's network of IPv6": {v6, most / part},
		"from thousands of addresses":     {address, most * 31 / 32},
	} {
		t.Run(name, func(t *testing.T) {
			clock := newClock()
			k := newKitAt(t, client(t, startNATS(t, nil)), nil, object{"max_bytes": 4 << 20}, clock.now)
			n := 0
			refuse := func(d *pipeline.Delivery, code pipeline.Code) {
				k.Refused(t.Context(), d, refused(code))
				n++
			}
			// What was there before: another's refused delivery, and an event that is held.
			refuse(forgery(address(1<<20), 100), pipeline.SignatureInvalid)
			d, item := held("before", []byte("{}"))
			if err := k.Hold(t.Context(), d, item, pipeline.PayloadInvalid); err != nil {
				t.Fatal(err)
			}
			k.settled(t, n)
			before := info(t, k).State.Bytes
			for minute := range 8 * 60 {
				for i := range 100 {
					refuse(forgery(tc.from(minute*100+i), 4<<10), pipeline.SignatureInvalid)
				}
				k.settled(t, n)
				clock.forward(time.Minute)
			}
			took := info(t, k).State.Bytes - before
			if took > tc.max || took < tc.max/4 {
				t.Errorf("the flood takes %d bytes, %d are its share", took, tc.max)
			}
			// There is room for others: strangers, senders that were proved, and events.
			refuse(forgery(address(1<<21), 100), pipeline.SignatureInvalid)
			proved := forgery(address(1<<22), 20<<10)
			proved.Verification = &pipeline.Verification{Provider: "github", Scheme: "sha256", SecretID: "1"}
			refuse(proved, pipeline.PolicyDenied)
			d, item = held("after", bytes.Repeat([]byte("x"), 512<<10))
			if err := k.Hold(t.Context(), d, item, pipeline.PayloadInvalid); err != nil {
				t.Errorf("an event finds no room: %v", err)
			}
			k.settled(t, n)
			kept := map[string]bool{}
			for _, e := range entries(t, k.archive(t), archive.Filter{}) {
				r, _, err := k.archive(t).Get(t.Context(), e.Sequence)
				if err != nil {
					t.Fatal(err)
				}
				kept[r.ClientIP+" "+r.Code+" "+r.Event] = true
			}
			for what, want := range map[string]string{
				"an older refusal":              address(1<<20).String() + " signature_invalid ",
				"a later refusal":               address(1<<21).String() + " signature_invalid ",
				"a refusal that was proved":     address(1<<22).String() + " policy_denied ",
				"an event from before":          "2001:db8::1 payload_invalid before",
				"an event from after the flood": "2001:db8::1 payload_invalid after",
			} {
				if !kept[want] {
					t.Errorf("%s is not kept", what)
				}
			}
		})
	}
}

func v6(n int) netip.Addr {
	a := netip.MustParseAddr("2001:db8:7:7::").As16()
	a[15], a[14], a[13] = byte(n), byte(n>>8), byte(n>>16)
	return netip.AddrFrom16(a)
}

func info(t *testing.T, k *kit) *jetstream.StreamInfo {
	t.Helper()
	i, err := stored(t, k).Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestAge_ofWhatIsKept(t *testing.T) {
	s := startNATS(t, nil)
	js := client(t, s)
	proved := &pipeline.Verification{Provider: "github", Scheme: "sha256", SecretID: "1"}
	for name, tc := range map[string]struct {
		stream jetstream.StreamConfig // one that is there already, if it has a name
		set    object
		want   string // of a stranger's
		warns  bool
	}{
		"by default":                            {set: object{}, want: "72h0m0s"},
		"as it is set":                          {set: object{"refused_max_age_hours": 5}, want: "5h0m0s"},
		"not sooner than others, as it is set":  {set: object{"refused_max_age_hours": 0}, want: ""},
		"not later than the stream's":           {set: object{"max_age_hours": 24}, want: ""},
		"in a stream without end":               {set: object{"max_age_hours": 0}, want: "72h0m0s"},
		"a stream that knows no age of its own": {stream: jetstream.StreamConfig{Name: "OLD", Discard: jetstream.DiscardNew}, set: object{}, want: "", warns: true},
		"the same, with an age that is short":   {stream: jetstream.StreamConfig{Name: "OLD", Discard: jetstream.DiscardNew, MaxAge: time.Hour}, set: object{}, want: ""},
		"the same, where none is wanted":        {stream: jetstream.StreamConfig{Name: "OLD", Discard: jetstream.DiscardNew}, set: object{"refused_max_age_hours": 0}, want: ""},
	} {
		t.Run(name, func(t *testing.T) {
			prefix := strings.NewReplacer(" ", "-", ",", "", "'", "").Replace(name)
			tc.set["subject_prefix"], tc.set["stream"] = prefix, prefix
			if tc.stream.Name != "" {
				tc.stream.Name, tc.stream.Subjects = prefix, []string{prefix + ".>"}
				if _, err := js.CreateStream(t.Context(), tc.stream); err != nil {
					t.Fatal(err)
				}
			}
			k := newKit(t, js, nil, tc.set)
			k.Refused(t.Context(), forgery(address(1), 10), refused(pipeline.SignatureInvalid))
			k.Refused(t.Context(), forgery(address(2), 10), refused(pipeline.SignatureInvalid))
			d := forgery(address(3), 10)
			d.Verification = proved
			k.Refused(t.Context(), d, refused(pipeline.PolicyDenied))
			k.settled(t, 3)
			d, item := held("1", []byte("{}"))
			if err := k.Hold(t.Context(), d, item, pipeline.PayloadInvalid); err != nil {
				t.Fatal(err)
			}
			for i, want := range []string{tc.want, tc.want, "", ""} {
				m, err := stored(t, k).GetMsg(t.Context(), uint64(i+1))
				if err != nil {
					t.Fatal(err)
				}
				if got := m.Header.Get(jetstream.MsgTTLHeader); got != want {
					t.Errorf("message %d has the age %q, want %q", i+1, got, want)
				}
			}
			if n := strings.Count(k.logs.String(), "allow-msg-ttl"); n != 0 != tc.warns || n > 1 {
				t.Errorf("%d warnings: %s", n, k.logs)
			}
		})
	}
}

// TestAge_endsAWholeRecord holds that JetStream removes what has an age, all its
// parts, and nothing else.
func TestAge_endsAWholeRecord(t *testing.T) {
	s := startNATS(t, func(o *server.Options) { o.MaxPayload = 64 << 10 })
	k := newKit(t, client(t, s), nil, object{})
	d, item := held("1", []byte("{}"))
	if err := k.Hold(t.Context(), d, item, pipeline.PayloadInvalid); err != nil {
		t.Fatal(err)
	}
	r := k.record(forgery(address(1), 200<<10), pipeline.SignatureInvalid)
	r.Body = make([]byte, r.Size)
	m, err := archive.Pack(r, k.cfg.SubjectPrefix, k.keys)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.writer.write(t.Context(), m, r.ID, time.Second); err != nil {
		t.Fatal(err)
	}
	if n := info(t, k).State.Msgs; n < 4 {
		t.Fatalf("%d messages", n)
	}
	for end := time.Now().Add(30 * time.Second); info(t, k).State.Msgs != 1; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d messages are left", info(t, k).State.Msgs)
		}
	}
	if all := entries(t, k.archive(t), archive.Filter{}); len(all) != 1 || !all[0].Held {
		t.Errorf("left are %+v", all)
	}
}

package list

import (
	"cmp"
	"math"
	"slices"
	"time"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
)

// The columns whose texts are symbols.
const (
	provider = iota
	route
	kind // of the event, its type
	tenant
	code
	ack
	stage
	stream
	subject // of NATS
	columns
)

// Source is who tells a Fact. Of two that disagree the later one in this order is
// believed.
type Source uint8

// The sources of facts.
const (
	Event   Source = iota // a stream of events
	Kept                  // the quarantine
	Gateway               // a request at the gateway of local
	Record                // the edge's own record of a delivery
)

// Fact is what a source says of a delivery. What is empty is not known.
type Fact struct {
	Source    Source
	RequestID string
	At        time.Time
	State     string
	Provider  string
	Route     string
	Type      string
	Tenant    string
	Status    int
	Code      string
	Ack       string
	Micros    int64
	Stage     string // that refused it
	Events    int    // how many it has
	EventID   string // of its first event
	Resource  string // that its first event is about
	Stored    site.Stored
	Kept      uint64 // sequence in the quarantine
}

// row is a delivery. A field of symbols has the column's place in the order above.
type row struct {
	at       int64 // microseconds since 1970
	sequence uint64
	kept     uint64
	symbols  [columns]uint32
	micros   uint32
	text     uint32 // where its texts begin in the block
	status   uint16
	events   uint16
	source   Source
	flags    uint8
	lengths  [3]uint8 // of request id, event id and resource
}

// The flags of a row; the lowest two bits are its state.
const (
	stored uint8 = iota
	refused
	held
	states

	stateBits uint8 = 3
	duplicate uint8 = 4
)

func stateNames() [states]string {
	return [states]string{stored: api.StateStored, refused: api.StateRefused, held: api.StateHeld}
}

// maxText bounds the texts of a row, in bytes.
const maxText = math.MaxUint8

// maxPlaces bounds the places of the events of a batch, maxBatches the rows that have more
// than one.
const (
	maxPlaces  = 32
	maxBatches = 100_000
)

func short(s string) string { return s[:min(len(s), maxText)] }

func (r *row) time() time.Time { return time.UnixMicro(r.at) }

func (r *row) state() uint8 { return r.flags & stateBits }

func (r *row) texts(b *block) (requestID, eventID, resource []byte) {
	t := b.texts[r.text:]
	i, j := int(r.lengths[0]), int(r.lengths[0])+int(r.lengths[1])
	return t[:i], t[i:j], t[j : j+int(r.lengths[2])]
}

// merge adds f to r.
func (l *List) merge(r *row, b *block, n uint64, f *Fact) {
	believed := f.Source >= r.source
	if r.at == 0 || believed && !f.At.IsZero() {
		r.at = f.At.UnixMicro()
	}
	r.mergeState(f, believed)
	l.mergeTexts(r, b, f, believed)
	l.mergePlace(r, b, n, f)
	if f.Status != 0 && (believed || r.status == 0) {
		r.status = uint16(min(f.Status, math.MaxUint16))
	}
	if f.Micros > 0 && (believed || r.micros == 0) {
		r.micros = uint32(min(f.Micros, math.MaxUint32))
	}
	if f.Kept != 0 {
		r.kept = f.Kept
	}
	r.events = max(r.events, uint16(min(f.Events, math.MaxUint16)))
	r.source = max(r.source, f.Source)
}

// mergeState follows the word of the better source. An event that was held and is stored
// now was released, where the delivery has no other one.
func (r *row) mergeState(f *Fact, believed bool) {
	now := r.state()
	released := f.Source == Event && now == held && r.events <= 1
	for state, name := range stateNames() {
		if name == f.State && (believed || released || f.Source == Kept && name == api.StateHeld && r.sequence == 0) {
			now = uint8(state)
		}
	}
	r.flags = r.flags&^stateBits | now
}

func (l *List) mergeTexts(r *row, b *block, f *Fact, believed bool) {
	for column, text := range [columns]string{
		provider: f.Provider, route: f.Route, kind: f.Type, tenant: f.Tenant, code: f.Code, ack: f.Ack, stage: f.Stage,
	} {
		if text != "" && (believed || r.symbols[column] == 0) {
			r.symbols[column] = l.columns[column].symbol(short(text))
		}
	}
	id, event, resource := r.texts(b)
	was := [3]string{string(id), string(event), string(resource)}
	is := was
	for i, text := range [3]string{f.RequestID, f.EventID, f.Resource} {
		if text != "" && is[i] == "" {
			is[i] = short(text)
		}
	}
	if is == was {
		return
	}
	r.text = uint32(len(b.texts))
	for i, text := range is {
		r.lengths[i] = uint8(len(text))
		b.texts = append(b.texts, text...)
	}
}

// mergePlace notes where an event of the delivery is. A record names the place of the
// last one without its subject, which the stream tells.
func (l *List) mergePlace(r *row, b *block, n uint64, f *Fact) {
	if f.Stored.Stream == "" || f.Stored.Sequence == 0 {
		return
	}
	if f.Stored.Duplicate {
		r.flags |= duplicate
	}
	r.events = max(r.events, 1)
	if r.sequence == 0 {
		r.sequence, r.symbols[stream] = f.Stored.Sequence, l.columns[stream].symbol(f.Stored.Stream)
	}
	if r.sequence == f.Stored.Sequence && l.text(r, stream) == f.Stored.Stream {
		if r.symbols[subject] == 0 {
			r.symbols[subject] = l.columns[subject].symbol(short(f.Stored.Subject))
		}
		return
	}
	more := l.more[n]
	i := slices.IndexFunc(more, func(p site.Stored) bool { return p.Stream == f.Stored.Stream && p.Sequence == f.Stored.Sequence })
	switch {
	case i >= 0:
		more[i].Subject = cmp.Or(more[i].Subject, f.Stored.Subject)
	case len(more) < maxPlaces-1 && (more != nil || len(l.more) < maxBatches):
		l.more[n] = append(more, f.Stored)
		if _, event, _ := r.texts(b); string(event) != short(f.EventID) { // else it is a copy
			r.events = max(r.events, uint16(2+len(more)))
		}
	}
}

// places returns where the events of a row are.
func (l *List) places(n uint64, r *row) []site.Stored {
	if r.sequence == 0 {
		return nil
	}
	first := site.Stored{
		Stream: l.text(r, stream), Subject: l.text(r, subject), Sequence: r.sequence, Duplicate: r.flags&duplicate != 0,
	}
	return append([]site.Stored{first}, l.more[n]...)
}

func (l *List) text(r *row, column int) string { return l.columns[column].texts[r.symbols[column]] }

// shown returns r as the page has it.
func (l *List) shown(n uint64) api.Row {
	r, b := l.at(n)
	id, _, _ := r.texts(b)
	kinds := [...]string{Event: api.KindEvent, Kept: api.KindKept, Gateway: api.KindDelivery, Record: api.KindDelivery}
	return api.Row{
		N: n, At: r.time().UTC(), Kind: kinds[r.source], State: stateNames()[r.state()],
		Provider: l.text(r, provider), Route: l.text(r, route), Type: l.text(r, kind), Events: int(r.events), Tenant: l.text(r, tenant),
		Status: int(r.status), Code: l.text(r, code), Ack: l.text(r, ack), Micros: int64(r.micros), RequestID: string(id),
	}
}

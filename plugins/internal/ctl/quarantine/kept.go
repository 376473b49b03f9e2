package quarantine

import (
	"time"

	"webhookedge/plugins/streams/archive"
)

// keptLine is a record as programs get it: a line of what `webhookctl explain` reads, and why
// the delivery was kept.
type keptLine struct {
	Sequence  uint64    `json:"sequence"`
	Code      string    `json:"code"`
	Stage     string    `json:"stage,omitempty"`
	Reason    string    `json:"reason,omitempty"`
	Held      bool      `json:"held,omitempty"`
	Event     string    `json:"event,omitempty"`
	Route     string    `json:"route,omitempty"`
	RequestID string    `json:"request_id,omitempty"`
	KeptAt    time.Time `json:"kept_at"`
	ClientIP  string    `json:"client_ip,omitempty"`
	Removed   []string  `json:"removed,omitempty"` // places whose values are not here
	Size      int       `json:"size"`
	Cut       bool      `json:"cut,omitempty"` // the body is its beginning only

	Provider string              `json:"provider"`
	Method   string              `json:"method"`
	URL      string              `json:"url"`
	Headers  map[string][]string `json:"headers"`
	Body     []byte              `json:"body_base64,omitempty"`
	At       float64             `json:"at"`
}

func keptOf(seq uint64, r *archive.Record) keptLine {
	k := keptLine{
		Sequence: seq, Code: r.Code, Stage: r.Stage, Reason: r.Reason, Held: r.Held, Event: r.Event, Route: r.Route, RequestID: r.RequestID,
		KeptAt: r.KeptAt, ClientIP: r.ClientIP, Removed: r.Removed, Size: r.Size, Cut: r.Cut,
		Provider: r.Provider, Method: r.Method, URL: string(r.PublicURL), Headers: map[string][]string{}, Body: r.Body,
		At: float64(r.ReceivedAt.UnixMicro()) / 1e6,
	}
	if k.URL == "" {
		k.URL = string(r.Path)
		if len(r.Query) > 0 {
			k.URL += "?" + string(r.Query)
		}
	}
	for _, h := range r.Headers {
		k.Headers[h.Name] = append(k.Headers[h.Name], string(h.Value))
	}
	return k
}

package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	maxData   = 100 << 20 // bytes of a payload in the object store
	maxSeen   = 100_000
	maxReason = 512
	timeout   = 10 * time.Second
)

// read returns the event of a message in either mode. In binary mode attributes are
// headers, percent-encoded (CloudEvents, HTTP Protocol Binding, section 3.1.3.2).
func read(msg jetstream.Msg) (event.Event, error) {
	var e event.Event
	document := msg.Data()
	attributes := map[string]string{}
	for name := range msg.Headers() {
		if attribute, ok := strings.CutPrefix(strings.ToLower(name), "ce-"); ok {
			value, err := url.PathUnescape(msg.Headers()[name][0])
			if err != nil {
				return e, permanent("it is no event")
			}
			attributes[attribute] = value
		}
	}
	if attributes["specversion"] != "" {
		attributes["datacontenttype"] = msg.Headers().Get("content-type")
		document, _ = json.Marshal(attributes) // texts always can be
	}
	if err := e.UnmarshalJSON(document); err != nil || e.Validate() != nil {
		return e, permanent("it is no event") // an error's own text may repeat a piece of it
	}
	if attributes["specversion"] != "" {
		e.DataEncoded = msg.Data()
	}
	return e, nil
}

// payload returns the bytes of the payload, those in the object store after a look at their
// size and their hash.
func (w *worker) payload(ctx context.Context, e *event.Event) ([]byte, error) {
	ref, ok := e.Extensions()["dataref"].(string)
	if !ok {
		return e.Data(), nil
	}
	at, err := url.Parse(ref)
	if err != nil || at.Scheme != "nats-object" {
		return nil, permanent("its dataref leads elsewhere")
	}
	store, err := w.js.ObjectStore(ctx, at.Host)
	if err != nil {
		return nil, err
	}
	object, err := store.Get(ctx, strings.TrimPrefix(at.Path, "/"))
	if errors.Is(err, jetstream.ErrObjectNotFound) {
		return nil, permanent("its payload is gone")
	}
	if err != nil {
		return nil, err
	}
	defer object.Close() //nolint:errcheck // only read
	data, err := io.ReadAll(io.LimitReader(object, maxData+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxData {
		return nil, permanent("its payload is too large")
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != e.Extensions()["datasha256"] {
		return nil, permanent("its payload is another one")
	}
	return data, nil
}

// once handles an event that was not handled before, by source and id. A service keeps
// those in its own database, in the transaction that does the work: this memory is lost
// with the process.
func (w *worker) once(ctx context.Context, msg jetstream.Msg) error {
	e, err := read(msg)
	if err != nil {
		return err
	}
	key := e.Source() + " " + e.ID() // a source has no blank
	if w.seen[key] {
		return nil
	}
	data, err := w.payload(ctx, &e)
	if err != nil {
		return err
	}
	if err := w.handle(ctx, &e, data); err != nil {
		return err
	}
	if len(w.seen) == maxSeen {
		clear(w.seen)
	}
	w.seen[key] = true
	return nil
}

// escaped is what a header cannot carry, and the sign of escapes.
var escaped = regexp.MustCompile("[^!#$&-~]")

// handle is the work: here another service does it, which says by its status what to do.
func (w *worker) handle(ctx context.Context, e *event.Event, data []byte) error {
	if w.service == "" {
		_, err := fmt.Println(e.Source(), e.Type(), e.ID(), len(data), "bytes")
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.service, bytes.NewReader(data))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", e.DataContentType())
	for name, value := range map[string]string{"specversion": "1.0", "id": e.ID(), "source": e.Source(), "type": e.Type(), "subject": e.Subject()} {
		if value != "" {
			req.Header.Set("Ce-"+name, escaped.ReplaceAllStringFunc(value, url.PathEscape))
		}
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // nothing is read
	switch resp.StatusCode / 100 {
	case 2:
		return nil
	case 4:
		return permanent(fmt.Sprint("the service answers ", resp.StatusCode))
	}
	return fmt.Errorf("the service answers %d", resp.StatusCode)
}

var unprintable = regexp.MustCompile(`[^ -~]`)

// deadLetter writes what `webhookctl dlq` reads: a copy of the message, who gave up and why.
func (w *worker) deadLetter(ctx context.Context, msg jetstream.Msg, meta *jetstream.MsgMetadata, why error) error {
	ctx, cancel := context.WithTimeout(ctx, ackTimeout)
	defer cancel()
	letter := &nats.Msg{Subject: "webhooks-dead." + w.name + "." + msg.Subject(), Header: nats.Header{}, Data: msg.Data()}
	for name, values := range msg.Headers() {
		if !strings.HasPrefix(strings.ToLower(name), "nats-") { // orders to the server, for the first publication
			letter.Header[name] = values
		}
	}
	origin := fmt.Sprintf("%s/%d", meta.Stream, meta.Sequence.Stream)
	reason := unprintable.ReplaceAllString(why.Error(), "?")
	letter.Header.Set("Webhook-Dead-Consumer", w.name)
	letter.Header.Set("Webhook-Dead-Reason", reason[:min(len(reason), maxReason)])
	letter.Header.Set("Webhook-Dead-Deliveries", strconv.FormatUint(meta.NumDelivered, 10))
	letter.Header.Set("Webhook-Dead-Subject", msg.Subject())
	letter.Header.Set("Webhook-Origin", origin)
	_, err := w.js.PublishMsg(ctx, letter, jetstream.WithMsgID("dead:"+origin+":"+w.name))
	return err
}

package author

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/policy/engine"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
)

// ErrQuestion is a text that is none of what Read knows.
var ErrQuestion = errors.New("neither an input, nor an event, nor an HTTP request")

// Question is one event that a policy is asked about.
type Question struct {
	Name string // the file, sample or sequence that it is from
	// Input is the event; Document stands in for it where a whole input was given.
	Input    engine.Input
	Document ast.Value
}

func (q *Question) document(p *engine.Policy) ast.Value {
	if q.Document != nil {
		return q.Document
	}
	return p.Document(q.Input)
}

// kind is the type of the event and its provider, for summaries.
func (q *Question) kind() string {
	if q.Input.Event == nil {
		return "input"
	}
	return q.Input.Event.FullType()
}

// Asker reads texts as the questions that they hold.
type Asker struct {
	// Provider is the sender of a saved HTTP request, by default the last part of its path.
	Provider string
	Tenant   string // as the setting normalize.tenant
	Now      func() time.Time
}

// Read reads the input of a policy, a stored event in its structured form, or an HTTP request
// as a proxy shows it: request line, headers, an empty line, body. A delivery with several
// events is several questions. name is what to call them.
func (a Asker) Read(ctx context.Context, name string, text []byte) ([]Question, error) {
	questions, err := a.parse(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for i := range questions {
		questions[i].Name = name
	}
	return questions, nil
}

func (a Asker) parse(ctx context.Context, text []byte) ([]Question, error) {
	if !bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		return a.request(ctx, text)
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrQuestion, err)
	}
	switch {
	case members["specversion"] != nil:
		e, err := event.ParseJSON(text)
		return []Question{{Input: engine.Input{Event: e}}}, err
	case members["event"] != nil && members["request"] != nil || members["truncated"] != nil:
		document, err := ast.ValueFromReader(bytes.NewReader(text))
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrQuestion, err)
		}
		return []Question{{Document: document}}, nil
	default:
		return nil, fmt.Errorf("%w: a bare payload needs the headers that it came with", ErrQuestion)
	}
}

// request reads a saved HTTP request. Its signature is not verified.
func (a Asker) request(ctx context.Context, text []byte) ([]Question, error) {
	head, body, ok := bytes.Cut(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), []byte("\n\n"))
	if !ok {
		return nil, fmt.Errorf("%w: there is no empty line between headers and body", ErrQuestion)
	}
	if i := bytes.Index(text, []byte("\r\n\r\n")); i >= 0 {
		body = text[i+4:] // line ends inside the body stay
	}
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(append(head, "\n\n"...))))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrQuestion, err)
	}
	name := a.Provider
	if name == "" {
		name = r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	}
	row, ok := catalogue.Lookup(name)
	if !ok {
		return nil, fmt.Errorf("%w: no provider %q", ErrQuestion, name)
	}
	d := &pipeline.Delivery{Method: r.Method, Path: r.URL.EscapedPath(), RawQuery: r.URL.RawQuery, Body: body, PublicURL: "https://" + r.Host + r.URL.RequestURI()}
	for key, values := range r.Header {
		for _, v := range values {
			d.Headers = append(d.Headers, pipeline.Header{Name: strings.ToLower(key), Value: v})
		}
	}
	return a.normalized(ctx, row, d)
}

// Sample returns a provider's sample of an event as questions.
func (a Asker) Sample(ctx context.Context, name, eventName string) ([]Question, error) {
	row, ok := catalogue.Lookup(name)
	if !ok {
		return nil, fmt.Errorf("no provider %q; there are: %s", name, strings.Join(catalogue.Names(), ", "))
	}
	body, contentType, ok := catalogue.Sample(row, eventName)
	if !ok {
		return nil, fmt.Errorf("no sample %q of %s; there are: %s", eventName, name, strings.Join(catalogue.SampleEvents(row), ", "))
	}
	fill := strings.NewReplacer("{event}", eventName, "{id}", "sample", "{time}", a.Now().UTC().Format(time.RFC3339Nano))
	d := &pipeline.Delivery{Method: http.MethodPost, Path: "/webhooks/" + name, PublicURL: "https://localhost/webhooks/" + name, Body: body}
	for _, h := range row.Sends {
		value := fill.Replace(h.Value)
		if h.Name == "content-type" {
			value = contentType
		}
		d.Headers = append(d.Headers, pipeline.Header{Name: h.Name, Value: value})
	}
	questions, err := a.normalized(ctx, row, d)
	for i := range questions {
		questions[i].Name = name + "/" + eventName
	}
	return questions, err
}

func (a Asker) normalized(ctx context.Context, row *provider.Provider, d *pipeline.Delivery) ([]Question, error) {
	stage, err := normalize.New(row, normalize.Config{Tenant: a.Tenant}, normalize.WithUnverified())
	if err != nil {
		return nil, err
	}
	d.ReceivedAt, d.ClientIP, d.Route = a.Now(), netip.IPv6Loopback(), row.Name
	if err := stage.Handle(ctx, d); err != nil {
		return nil, fmt.Errorf("the edge would refuse it before any policy: %w", err)
	}
	questions := make([]Question, 0, len(d.Items))
	for _, item := range d.Items {
		questions = append(questions, Question{Input: engine.Input{Event: item.Event, Request: d}})
	}
	return questions, nil
}

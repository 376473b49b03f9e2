package asyncapi

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"strings"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/payloadschema"
)

const (
	atSchemas  = "#/components/schemas/"
	atMessages = "#/components/messages/"
	atChannels = "#/channels/"
	atServers  = "#/servers/"
)

// builder makes the document out of routes.
type builder struct {
	doc     *document
	servers map[string]string // ids by URL
	bundles map[string]string // what stands before the names of schemas, by provider and directory
}

func newBuilder() *builder {
	return &builder{
		doc: &document{
			AsyncAPI: "3.0.0", ContentType: event.ContentType,
			Info: info{
				Title: "Events of the webhook edge", Version: "1.0.0",
				Description: "What a service can read from NATS JetStream. Every token of an address is escaped: A-Z a-z 0-9 _ - stay, " +
					"other bytes are %XX, and what is absent is _.",
			},
			Servers: map[string]server{}, Channels: map[string]channel{}, Operations: map[string]operation{},
			Components: components{Messages: map[string]message{}, Schemas: map[string]any{}},
		},
		servers: map[string]string{}, bundles: map[string]string{},
	}
}

// route adds the channels of a route that stores events.
func (b *builder) route(label string, s *kongyml.Settings) error {
	provider := s.Name()
	if err := b.common(s.Publish.ContentMode); err != nil {
		return err
	}
	docs, err := payloadschema.Documents(provider, s.Normalize.Validation.Directory)
	if err != nil {
		return err
	}
	prefix, err := b.bundle(provider, s.Normalize.Validation.Directory, docs)
	if err != nil {
		return err
	}
	refs := b.serversOf(s.Publish.Servers)
	add := func(e *named) {
		c := channel{Address: e.address(s), Servers: refs, Parameters: map[string]parameter{}}
		c.Description = fmt.Sprintf("Stream %s: %s.", s.Publish.Stream.Name, e.what(provider))
		for name := range parameters(c.Address) {
			c.Parameters[name] = parameterOf(name, s.Publish.ContentMode)
		}
		id := b.free(strings.TrimSuffix(label+"."+e.name, "."))
		b.doc.Components.Messages[id] = b.message(provider, prefix, e, s.Publish.ContentMode)
		c.Messages = map[string]reference{"event": {atMessages + id}}
		b.doc.Channels[id] = c
		b.doc.Operations["receive."+id] = operation{"receive", reference{atChannels + id}, []reference{{atChannels + id + "/messages/event"}}}
	}
	for _, d := range docs {
		add(name(provider, d.Event))
	}
	add(&named{}) // all others
	return nil
}

// bundle adds the schemas of a provider's events, once for each directory.
func (b *builder) bundle(provider, directory string, docs []payloadschema.Document) (prefix string, err error) {
	key := provider + "\n" + directory
	if prefix, known := b.bundles[key]; known {
		return prefix, nil
	}
	prefix = provider
	for n := 2; b.taken(prefix); n++ {
		prefix = fmt.Sprintf("%s-%d", provider, n)
	}
	b.bundles[key] = prefix
	all, err := payloadschema.Bundle(docs, atSchemas, func(event string) string { return schemaName(prefix, event) })
	maps.Copy(b.doc.Components.Schemas, all)
	return prefix, err
}

func (b *builder) taken(prefix string) bool {
	for _, p := range b.bundles {
		if p == prefix {
			return true
		}
	}
	return false
}

// unnamed is what names of components cannot have.
var unnamed = regexp.MustCompile(`[^A-Za-z0-9_.-]`)

func schemaName(prefix, event string) string {
	return unnamed.ReplaceAllStringFunc(prefix+"."+event, func(text string) string { return fmt.Sprintf("-%X", text) })
}

// free returns an id of a channel that is not taken.
func (b *builder) free(label string) string {
	id := unnamed.ReplaceAllString(label, "-")
	for n := 2; ; n++ {
		if _, taken := b.doc.Channels[id]; !taken {
			return id
		}
		id = fmt.Sprintf("%s-%d", unnamed.ReplaceAllString(label, "-"), n)
	}
}

// serversOf returns references to servers, which it adds where they are new.
func (b *builder) serversOf(urls []string) (refs []reference) {
	for _, text := range urls {
		id, known := b.servers[text]
		if !known {
			id = "nats"
			if n := len(b.servers); n > 0 {
				id = fmt.Sprint("nats-", n+1)
			}
			b.servers[text] = id
			b.doc.Servers[id] = serverOf(text)
		}
		refs = append(refs, reference{atServers + id})
	}
	return refs
}

func serverOf(text string) server {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return server{Host: "{host}", Protocol: "nats", Variables: map[string]variable{
			"host": {"127.0.0.1:4222", "Host and port of NATS, which the gateway's environment tells."},
		}}
	}
	s := server{Host: u.Host, Protocol: "nats"} // not who may log in
	if u.Scheme == "tls" {
		s.Description = "With TLS."
	}
	return s
}

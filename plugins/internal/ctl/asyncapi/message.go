package asyncapi

import (
	"cmp"
	"maps"
	"regexp"
	"slices"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/payloadschema"
	"webhookedge/plugins/publish"
)

// The names of schemas that messages share. A provider's have a dot.
const (
	headersName       = "headers"
	binaryHeadersName = "headers-binary"
)

// common adds the schemas of events and headers that a mode has.
func (b *builder) common(mode string) error {
	d, err := payloadschema.Event()
	if err != nil {
		return err
	}
	all, err := payloadschema.Bundle([]payloadschema.Document{d}, atSchemas, func(string) string { return payloadschema.EventName })
	if err != nil {
		return err
	}
	if mode != publish.ModeBinary {
		maps.Copy(b.doc.Components.Schemas, all)
		b.doc.Components.Schemas[headersName] = headers(map[string]any{
			"Content-Type": map[string]any{"const": event.ContentType},
		}, "Content-Type")
		return nil
	}
	attributes := map[string]any{"content-type": text("Media type of the payload.")}
	schema, _ := all[payloadschema.EventName].(map[string]any)
	members, _ := schema["properties"].(map[string]any)
	required := []string{}
	for name, member := range members {
		if name == "data" || name == "data_base64" || name == "datacontenttype" {
			continue
		}
		member, _ := member.(map[string]any)
		description, _ := member["description"].(string)
		attributes["ce-"+name] = text(description)
	}
	listed, _ := schema["required"].([]any)
	for _, name := range listed {
		if name, ok := name.(string); ok {
			required = append(required, "ce-"+name)
		}
	}
	slices.Sort(required)
	b.doc.Components.Schemas[binaryHeadersName] = headers(attributes, required...)
	return nil
}

func text(description string) map[string]any {
	return map[string]any{"type": "string", "description": description}
}

// headers is the schema of a message's headers, with those that both modes have.
func headers(own map[string]any, required ...string) map[string]any {
	properties := map[string]any{
		"Nats-Msg-Id":         text("What JetStream tells duplicates by."),
		"traceparent":         text("W3C Trace Context of the delivery."),
		"Webhook-Origin":      text("Of a replayed event: stream and sequence of the one that it repeats."),
		"Webhook-Republished": map[string]any{"const": "true", "description": "NATS had acknowledged the event and lost it in a power cut; the edge published it again, behind younger ones."},
	}
	maps.Copy(properties, own)
	return map[string]any{"type": "object", "properties": properties, "required": required}
}

// message is that of an event in a mode; schemas' names begin with prefix.
func (b *builder) message(provider, prefix string, e *named, mode string) message {
	m := message{Name: cmp.Or(e.name, "any"), ContentType: event.ContentType, Headers: reference{atSchemas + headersName}}
	m.Name = provider + "." + m.Name
	var data any = map[string]any{} // anything
	if e.name != "" {
		at := schemaName(prefix, e.name)
		data = reference{atSchemas + at}
		schema, _ := b.doc.Components.Schemas[at].(map[string]any)
		m.Title, _ = schema["title"].(string)
	}
	if mode == publish.ModeBinary {
		m.ContentType, m.Headers, m.Payload = "application/json", reference{atSchemas + binaryHeadersName}, data
		return m
	}
	of := map[string]any{"pattern": "^" + regexp.QuoteMeta(provider) + `\.`}
	switch {
	case e.actions:
		of = map[string]any{"pattern": "^" + regexp.QuoteMeta(provider+"."+e.name) + `(\.|$)`}
	case e.name != "":
		of = map[string]any{"const": provider + "." + e.name}
	}
	m.Payload = map[string]any{"allOf": []any{
		reference{atSchemas + payloadschema.EventName},
		map[string]any{"properties": map[string]any{"provider": map[string]any{"const": provider}, "type": of, "data": data}},
	}}
	return m
}

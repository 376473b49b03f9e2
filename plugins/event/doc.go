// Package event is the one shape that every provider's delivery gets: a
// CloudEvents 1.0 event (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md)
// with a few extensions, its JSON form and its NATS form.
//
// It holds no I/O and knows no provider. The payload is carried as it came:
// JSON byte for byte, anything else in base64.
package event

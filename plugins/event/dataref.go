package event

import (
	"errors"
	"net/url"
	"strings"
)

// ErrDataRef is a dataref that is none of ours.
var ErrDataRef = errors.New("not a reference to an object of NATS")

// objectScheme is the scheme of a DataRef into a NATS object store. It is ours:
// NATS registers none.
const objectScheme = "nats-object"

// ObjectRef returns the DataRef of an object, nats-object://<bucket>/<name>.
func ObjectRef(bucket, name string) string {
	return (&url.URL{Scheme: objectScheme, Host: bucket, Path: "/" + name}).String()
}

// ParseObjectRef reads a DataRef of ObjectRef. Another one is an ErrDataRef, whose
// text does not repeat it.
func ParseObjectRef(ref string) (bucket, name string, err error) {
	u, err := url.Parse(ref)
	if err != nil || u.Scheme != objectScheme || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", "", ErrDataRef
	}
	name, ok := strings.CutPrefix(u.Path, "/")
	if !ok || name == "" {
		return "", "", ErrDataRef
	}
	return u.Host, name, nil
}

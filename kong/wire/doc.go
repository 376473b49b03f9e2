// Package wire is Kong's plugin-server protocol "ProtoBuf:1": its frames and the
// fields of its messages for both ends, and the messages that Kong's end writes
// and reads, the way Kong 3.9 does.
//
// Messages are coded by hand with protowire instead of proto.Marshal, because
// Kong sends header values, paths and queries as the raw bytes that a client
// sent, and proto.Marshal refuses a string that is not UTF-8. The field numbers
// are those of pluginsocket.proto in github.com/Kong/go-pdk v0.11.0, and the tests
// decode everything with that package's generated types.
package wire

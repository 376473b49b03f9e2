// Package wire is Kong's end of the plugin-server protocol "ProtoBuf:1": frames
// and the protocol's messages, written and read the way Kong 3.9 does.
//
// Messages are coded by hand with protowire instead of proto.Marshal, because
// Kong sends header values, paths and queries as the raw bytes that a client
// sent, and proto.Marshal refuses a string that is not UTF-8. The field numbers
// are those of pluginsocket.proto in github.com/Kong/go-pdk, and the tests
// decode everything with that package's generated types.
//
// It is of no use in a plugin: plugins speak the other end.
package wire

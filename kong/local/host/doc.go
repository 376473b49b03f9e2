// Package host drives one plugin server as Kong's nginx workers do: a keep-alive
// pool of unix connections, an instance a worker and plugin config, and the
// bridge loop in which the plugin calls Kong's PDK functions.
//
// It follows Kong 3.9.3 also where that is unkind, because a plugin must cope
// with it: after kong.response.exit no reply is ever sent and the connection is
// dropped, a plugin that hangs up has its handler run again from the start, an
// instance that does not start is an error without a text, and the instances of
// routes that are gone are never closed. Only the number of runs is bounded, where
// Kong's is not.
//
// It is for tests, benchmarks and local mode, never for production traffic.
package host

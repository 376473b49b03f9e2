// Package pluginserver speaks Kong's plugin-server protocol ("ProtoBuf:1" of
// go-pdk) for the plugins of the edge.
//
// It replaces go-pdk's own server, which asks Kong one question at a time,
// fails on header bytes that are not UTF-8, drops instances by age and dies in
// the middle of requests on SIGTERM. Here the whole request is fetched in one
// pipelined write, the chain runs under a deadline and a recover, and the
// answer is one more write: two round trips with Kong a delivery.
//
// It serves the access phase only and knows no stage: a Plugin brings its
// config struct and a function that builds the chain from it.
package pluginserver

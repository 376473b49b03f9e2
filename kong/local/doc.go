// Package local runs a real kong.yml with no Kong: it reads the declarative
// file, starts the real plugin binaries, speaks Kong's protocol to them over
// their sockets, and answers HTTP as Kong 3.9 would.
//
// NEVER USE IT AS A GATEWAY FOR PRODUCTION. It is for a first try, for the tests
// and for benchmarks. It has no TLS, no balancer, no consumers and no Admin API,
// and of Kong's bundled plugins it runs request-termination alone; it says
// loudly which others it leaves out.
//
// Start with New and end with Close; a changed file is taken over by itself.
package local

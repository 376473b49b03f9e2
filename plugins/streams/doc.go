// Package streams describes the JetStream streams of the edge in a file, creates
// and changes them, and says whether a stream keeps what an answer of 200
// promises.
//
// A change that could lose stored events is made only on demand. Streams that
// the file does not name are never touched, and nothing is ever deleted.
package streams

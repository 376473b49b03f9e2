// Package explain finds out why a delivery was refused.
//
// It makes the mistakes that people make, one at a time: another form of the
// key, another hash, a body that something on the way wrote anew, a public URL
// behind a proxy. One that turns the signature into a right one is the cause,
// for certain. What can only be seen and not proved, such as a body that ends in
// the middle, comes after it. It works offline, and no text of it holds a key, a
// signature or a part of a body.
//
// It is a tool for whoever sets a route up; nothing is accepted because of it.
package explain

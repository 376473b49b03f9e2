// Package infer finds out how a sender that nobody described signs.
//
// From one delivery and its secret it searches where the signature stands, how it is
// written, what the secret's text stands for and what is signed, and makes the row of a
// user's own that says so. A row is told only once it is compiled as package custom
// compiles it, has verified the delivery and has refused forged forms of it.
//
// One delivery does not tell everything: two values that are the same in it may differ in
// the next. Whatever fits as well is told, and then nothing is sure. What speaks against
// the search is its bounds: bodies, candidates and time have one each.
//
// It is a tool for whoever sets a route up; nothing is accepted because of it. No text
// of it holds the secret, a signature or a part of a body.
package infer

// Package ipallow admits deliveries only from addresses that are allowed: by
// lists of one's own, or by the ranges that the provider publishes.
//
// The check costs a look into a trie, so it stands before everything that
// hashes or parses. It proves nothing: ranges of a provider are shared by all
// of its customers, and lists go out of date. The signature is the proof, and
// this stage keeps strangers from costing more than a lookup.
//
// Published lists come with the package as dated snapshots and are refreshed
// in the background. A refreshed list that looks wrong is refused with an
// alarm and the last good one goes on, because a list that is empty by mistake
// would cost every delivery, and one that is too wide lets everybody in.
package ipallow

// Package drift learns the shapes of payloads and finds out when they change: a field
// appears, vanishes or has another type.
//
// A shape is a tree of names and JSON types, never of values. A [Tally] is what one
// gateway saw since it last looked into the bucket of shapes; a [Model] is what all of
// them know of one event of one provider. [Model.Merge] adds the one to the other and
// tells the changes. It is a pure function of both, so that any gateway can do it again
// when another one was faster.
//
// Nothing is a change while it is learnt, part by part: the members of an object are known
// after [LearnObjects] deliveries that had the object, the last [LearnQuiet] of which
// brought no new member; types likewise. A field that is there only sometimes may stay
// away; one that was always there has vanished when it stays away for so long that chance
// does not explain it. Null is a type like others, but a field that was only null, an
// object without members and an array without elements tell nothing of what may stand
// there, so the first that does is learnt in silence.
//
// Names can be data: ids, addresses or languages as keys. A name that looks like data is
// the path element *, as are the names of an object that has too many, or in which most
// come and go. And no name leaves the process before one gateway saw it in [Confirm]
// deliveries.
package drift

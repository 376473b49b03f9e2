package formscan

// Boundary is what Parts takes for the boundary of a body.
var Boundary = boundary

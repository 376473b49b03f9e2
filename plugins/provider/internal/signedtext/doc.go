// Package signedtext makes the text that a sender signs from a template such as
// {id}.{timestamp}.{body}. A template whose parts could be told apart in two ways would
// let one signature prove two deliveries, which the package finds out.
package signedtext

// Package spec is the data of a webhook sender, as a row of the catalogue or the custom:
// of a kong.yml writes it, with what can be said of a row without a delivery: its
// defaults, its faults, and what its enumerations stand for.
package spec

// Package edge puts stages together into Kong plugins.
//
// The order of the stages is fixed and is data: see Order. Each plugin's
// config struct is the sum of its stages' configs, and a stage is given only
// its own part. Nothing here decides about a delivery.
package edge

//go:build !race

package ackmodel

// raceDetector makes tests shorter: every step costs ten times as much.
const raceDetector = false

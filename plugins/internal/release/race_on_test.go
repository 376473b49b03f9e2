//go:build race

package release

// raceDetector makes long tests shorter: everything costs ten times as much.
const raceDetector = true

//go:build race

package pluginserver

// raceDetector makes long tests shorter: everything costs ten times as much.
const raceDetector = true

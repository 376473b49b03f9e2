//go:build !race

package pluginserver

// raceDetector makes long tests shorter.
const raceDetector = false

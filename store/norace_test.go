//go:build !race

package store

// raceDetector says that the race detector is on, which costs ten times the work.
const raceDetector = false

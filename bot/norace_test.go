//go:build !race

package bot

// RaceDetector says that the race detector is on, which costs ten times the work.
const RaceDetector = false

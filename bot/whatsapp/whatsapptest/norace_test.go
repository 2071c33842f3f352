//go:build !race

package whatsapptest_test

// raceDetector says that the race detector is on.
const raceDetector = false

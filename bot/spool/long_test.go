package spool

import "os"

// sized is how often, or of how many files, a test does something: in full where
// BANDITORE_LONG is set, else so often that it still shows what it is about.
func sized(full, usual int) int {
	if os.Getenv("BANDITORE_LONG") != "" {
		return full
	}
	return usual
}

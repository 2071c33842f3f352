package cli_test

import "os"

// sized is how large a test is: in full where BANDITORE_LONG is set, else so large
// that it still shows what it is about.
func sized(full, usual int) int {
	if os.Getenv("BANDITORE_LONG") != "" {
		return full
	}
	return usual
}

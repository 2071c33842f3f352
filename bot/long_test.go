package bot

import "os"

// Long says that tests are to be as large as they are meant to be, which takes
// minutes: the year and the floods. Else, and where each step costs ten times the
// work, they are smaller.
func Long() bool { return os.Getenv("BANDITORE_LONG") != "" && !RaceDetector }

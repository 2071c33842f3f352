package bot

import (
	"os"
	"runtime/debug"
)

// SpareMemory is for a process that is a daemon and nothing else: it lets the heap grow
// by a quarter before it is cleared, not by as much as is in use. The server is small, and
// has other work to do. Who sets GOGC has decided otherwise.
func SpareMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(25)
	}
}

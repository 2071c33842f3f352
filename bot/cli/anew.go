package cli

import (
	"fmt"
	"os"
	"strings"
	"syscall"
)

// clobber lets Go's runtime overwrite what it frees. It reads this at a start only.
const clobber = "clobberfree=1"

// startAnew starts this process once more in its own place, as it was but for that
// setting. Without it a name stays in a page that was freed and became part of a stack,
// where nothing else overwrites it. It returns only when the setting is there already, or
// somebody has set another, or with the reason why it cannot be had.
func startAnew() error {
	settings := os.Getenv("GODEBUG")
	if strings.Contains(settings, "clobberfree=") {
		return nil
	}
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find the program: %w", err)
	}
	if err := os.Setenv("GODEBUG", strings.TrimPrefix(settings+","+clobber, ",")); err != nil {
		return fmt.Errorf("set GODEBUG: %w", err)
	}
	return fmt.Errorf("start anew: %w", syscall.Exec(program, os.Args, os.Environ()))
}

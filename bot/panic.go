package bot

import (
	"context"
	"errors"
	"fmt"
	"path"
	"runtime"
	"strings"
)

// errPanic ends the daemon after a bug in one of its loops. What the bug was
// about may be somebody's name, so only the place is told.
var errPanic = errors.New("a bug stopped the service; what was in hand is taken up at the next start")

// guarded runs a loop. A panic ends the daemon, which systemd starts again, and
// is logged by its place alone.
func (b *Bot) guarded(name string, end context.CancelCauseFunc, loop func()) func() {
	return func() {
		defer func() {
			if recover() != nil {
				b.log.Error("panic", "loop", name, "at", Callers())
				end(errPanic)
			}
		}()
		loop()
	}
}

// Callers names the functions that led to a panic, innermost first, without
// their arguments. It is to be called by the deferred function that recovers.
func Callers() string {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	var b strings.Builder
	for {
		frame, more := frames.Next()
		fmt.Fprintf(&b, "%s %s:%d; ", path.Base(frame.Function), path.Base(frame.File), frame.Line)
		if !more {
			return strings.TrimSuffix(b.String(), "; ")
		}
	}
}

package loop

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path"
	"runtime"
	"strings"
)

// ErrPanic ends the daemon after a bug in one of its loops. What the bug was
// about may be somebody's name, so only the place is told.
var ErrPanic = errors.New("a bug stopped the service; what was in hand is taken up at the next start")

// Guarded wraps a loop: a panic in it calls end with [ErrPanic], and is logged by
// its place alone.
func Guarded(log *slog.Logger, name string, end context.CancelCauseFunc, loop func()) func() {
	return func() {
		defer func() {
			if recover() != nil {
				log.Error("panic", "loop", name, "at", Callers())
				end(ErrPanic)
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

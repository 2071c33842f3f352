package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"banditore/bot/loop"
)

// stopLimit is how long a command may take to end once it has been told to;
// with what a process takes to vanish that makes the ten seconds of the help.
const stopLimit = 9 * time.Second

// errStuck ends a command that did not end by itself. It is safe at any time:
// it does no more harm than the kill -9 that the daemon is made to survive.
var errStuck = errors.New("stopped by force, because the end took too long: a disk or a database that does not answer; " +
	"nothing is lost, and the next start takes up what was in hand")

// errPanic ends a command after a bug in it. What the bug was about may be
// somebody's number or name, so only the place is told.
var errPanic = errors.New("a bug stopped the command; please report this line, which holds nothing personal")

// watched does the work, but waits no longer than stopLimit for its end once
// ctx has ended. What is left of it then goes with the process.
func watched(ctx context.Context, work func() error) error {
	done := make(chan error, 1)
	go func() {
		defer func() {
			if recover() != nil {
				done <- fmt.Errorf("%w, at %s", errPanic, loop.Callers())
			}
		}()
		done <- work()
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-done:
		return err
	case <-time.After(stopLimit):
		return errStuck
	}
}

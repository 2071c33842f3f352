// Banditore is a town's news service on WhatsApp. See the README for what it
// does and package bot for how.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"banditore/bot/cli"
)

// main translates: signals become the end of a context, arguments a command,
// its result the exit code.
func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.New(os.Stdout, os.Stderr).Run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

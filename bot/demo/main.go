// Demo raises a whole town on this machine: a WhatsApp server, the Comune's
// phone, its citizens, and banditore between them. Nothing leaves the machine
// and nothing needs to be installed.
//
//	go run ./bot/demo                 # stays up; drop files into the spool it names
//	go run ./bot/demo --once          # ends after the summary
//	go run ./bot/demo --citizens 1000
//
// The summary is computed from what the phones saw. With --once the exit code
// is 1 if a phone missed something, saw anything twice, or the server recorded
// an offence against its protocol.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	citizens := flag.Int("citizens", 200, "how many citizens subscribe")
	once := flag.Bool("once", false, "end after the summary; exit 1 unless every phone saw everything once")
	verbose := flag.Bool("v", false, "show the daemon's log")
	flag.Parse()
	if *citizens < 2 || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "demo: a town needs at least two citizens, and takes no arguments beside its flags")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := demo(ctx, *citizens, *once, *verbose)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// demo tells the story from the pairing to the summary.
func demo(ctx context.Context, citizens int, once, verbose bool) (err error) {
	t, err := newTown(ctx, verbose)
	if err != nil {
		return err
	}
	defer func() {
		if e := t.close(); err == nil {
			err = e
		}
	}()
	if err := t.pair(ctx); err != nil {
		return err
	}
	if err := t.subscribe(ctx, citizens); err != nil {
		return err
	}
	if err := t.announce(ctx); err != nil {
		return err
	}
	t.showChat()
	if err := t.mistake(ctx); err != nil {
		return err
	}
	if err := t.leave(ctx); err != nil {
		return err
	}
	verdict := t.summary()
	if once {
		return verdict
	}
	return t.stayUp(ctx)
}

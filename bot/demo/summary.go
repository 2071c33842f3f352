package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"
)

// summary says what the phones saw, and returns an error unless each of them
// saw everything exactly once.
func (t *town) summary() error {
	files, err := fs.ReadDir(samples, "announcements")
	if err != nil {
		return err
	}
	want := 2 + len(files) + 1 // the concert
	shown, short, repeats := 0, 0, 0
	for _, p := range t.people {
		n := len(p.Messages())
		shown += n
		repeats += p.Repeats()
		if n != want {
			short++
		}
	}
	offences := t.server.Offences()
	fmt.Printf("\nSummary, from the phones\n")
	fmt.Printf("  citizens                      %d, and one who left\n", len(t.people))
	fmt.Printf("  messages shown                %d (a confirmation, the service's card and %d announcements each)\n", shown, len(files)+1)
	fmt.Printf("  phones that saw another count %d\n", short)
	fmt.Printf("  messages that came twice      %d\n", repeats)
	fmt.Printf("  offences against the protocol %d\n", len(offences))
	fmt.Printf("  time                          %s\n", time.Since(t.began).Round(100*time.Millisecond))
	for _, o := range offences[:min(len(offences), 10)] {
		fmt.Printf("    %s: %s\n", o.Kind, o.Detail)
	}
	if short+repeats+len(offences) > 0 {
		return errors.New("not every phone saw everything exactly once")
	}
	return nil
}

// stayUp reports what arrives on one phone until the demo is interrupted.
func (t *town) stayUp(ctx context.Context) error {
	fmt.Printf("\nThe town stays up. Drop a .txt file, a picture, a PDF or both into\n  %s\n(or its folder urgenti) and watch it arrive. The page is %s/stato.html. Ctrl-C ends it.\n", t.cfg.SpoolDir, t.cfg.SpoolDir)
	watched := t.people[0]
	for n := len(watched.Messages()); ; n++ {
		list, err := watched.AwaitMessages(ctx, n+1)
		if err != nil {
			return nil // the end was asked for
		}
		fmt.Printf("\n%s  %s shows:\n%s\n", time.Now().Format("15:04:05"), watched.Number(), list[n].Text)
		select {
		case err := <-t.done:
			t.done <- err
			return err
		default:
		}
	}
}

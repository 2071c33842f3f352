package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"banditore/bot"
	"banditore/bot/config"
	"banditore/bot/whatsapp"
	"banditore/store"
)

const eraseHelp = `Take a person off the list and erase everything held on them, as if they had written
"Disattiva Notizie", but without a message to them: for requests that come by e-mail.

It returns when nothing is held any more, in neither database, and has looked for their
number and LID in every table and in the bytes of the files before it says so. While the daemon runs
the daemon erases, within a minute or so; else the command does. It may be repeated,
and a number that nobody on the list has is erased from the traces of messages too.
With the person their code goes: who has left is found by number or LID alone.

With - numbers and codes are read from standard input, one to a line, so that they
stand in no list of processes and no shell's history.`

// erasePatience is how long the command waits for a daemon that has noticed: it
// may have just erased somebody else, or wait for a command that reads the list.
const erasePatience = 2 * time.Minute

func (a *App) erase(load loader) *cobra.Command {
	var who whom
	c := &cobra.Command{
		Use:     "erase NUMBER | CODE | --lid LID | -",
		Short:   "Take a person off the list and erase everything held on them",
		Long:    eraseHelp,
		Example: "  banditore subscribers erase +393331234567\n  banditore subscribers erase -", Annotations: about("privacy"),
		Args: onePerson,
		RunE: func(cmd *cobra.Command, args []string) error {
			list, err := who.people(cmd.Context(), a, args)
			if err != nil {
				return err
			}
			cfg, err := quietly(load)()
			if err != nil {
				return err
			}
			return a.erasePeople(cmd.Context(), cfg, list)
		},
	}
	who.flag(c)
	return c
}

// erasePeople takes everybody off the list before it waits for their erasure, so that
// it waits once.
func (a *App) erasePeople(ctx context.Context, cfg config.Config, list []someone) error {
	var people []store.Person
	found := 0
	unknown := a.each(list, func(_ int, p someone) error {
		known, err := a.dismiss(ctx, cfg, p)
		if err == nil {
			people, found = append(people, known...), found+1
		}
		return err
	})
	if len(people) == 0 {
		return unknown
	}
	if err := a.awaitErasure(ctx, cfg, people); err != nil {
		return errors.Join(unknown, err)
	}
	for _, p := range people {
		if err := a.mustBeGone(ctx, cfg, p); err != nil {
			return errors.Join(unknown, err)
		}
	}
	if found == 1 {
		fmt.Fprintln(a.Stdout, "erased: nothing of this person is held any more")
	} else {
		fmt.Fprintf(a.Stdout, "erased: nothing of these %d people is held any more\n", found)
	}
	return unknown
}

// dismiss takes p off the list under every identity we know, and has them erased.
func (a *App) dismiss(ctx context.Context, cfg config.Config, p someone) ([]store.Person, error) {
	db, err := openToChange(ctx, cfg)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	r, people, err := find(ctx, cfg, db, p)
	if err != nil {
		return nil, err
	}
	count := 1
	if r.Nothing() {
		count = 0
	}
	if err := a.audit(cfg, "subscribers erase", count); err != nil {
		return nil, err
	}
	if len(people) == 0 {
		return nil, errNoCode
	}
	listed := false
	for _, p := range people {
		now := time.Now()
		was, err := db.Forget(ctx, p, now, now)
		if err != nil {
			return nil, err
		}
		listed = listed || was
	}
	if listed {
		a.say("The person is off the list; nothing more leaves for them.")
	} else {
		a.say("Nobody like this was on the list; traces of messages, if there are any, go now.")
	}
	return people, nil
}

// awaitErasure has the daemon erase both databases, or does it where none runs.
func (a *App) awaitErasure(ctx context.Context, cfg config.Config, people []store.Person) error {
	patience := time.NewTimer(erasePatience + cfg.Spool.Scan)
	defer patience.Stop()
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	told := false
	for {
		done, err := a.eraseHere(ctx, cfg)
		if done || err != nil {
			return err
		}
		if done, err = erased(ctx, cfg, people); done || err != nil {
			return err
		}
		if !told {
			a.say("The daemon erases what is held; this may take a minute.")
			told = true
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return errors.New("not waited for; the person is off the list, and the daemon completes the erasure")
		case <-patience.C:
			return errors.New("not complete yet: the person is off the list, but the daemon has not erased everything; " +
				"`banditore status` says if another program keeps it from that, and this command, run again, when it is done")
		}
	}
}

// eraseHere completes the erasure when no other process holds the directory.
func (a *App) eraseHere(ctx context.Context, cfg config.Config) (done bool, err error) {
	if _, held, err := store.LockedBy(cfg.DataDir); held || err != nil {
		return false, err
	}
	b, err := bot.Open(ctx, cfg, bot.Options{Logger: a.logger(cfg), HTTPClient: a.HTTPClient, EraseOnly: true})
	if _, held := errors.AsType[*store.LockedError](err); held {
		return false, nil // a daemon has just been started
	}
	if err != nil {
		return false, err
	}
	err = errors.Join(b.Forget(ctx), b.Close())
	return err == nil, err
}

func erased(ctx context.Context, cfg config.Config, people []store.Person) (bool, error) {
	db, err := store.OpenExisting(ctx, cfg.DataDir)
	if err != nil {
		return false, err
	}
	defer db.Close()
	for _, p := range people {
		if gone, err := db.Erased(ctx, p); err != nil || !gone {
			return false, err
		}
	}
	owed, err := whatsapp.ErasureOwed(ctx, cfg.DataDir)
	return !owed, err
}

package upkeep

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"banditore/bot/loop"
	"banditore/bot/whatsapp"
	"banditore/store"
)

const (
	// owedPause is between the first two attempts to complete an erasure that
	// another program hinders. It doubles up to owedPauseMax: each attempt holds
	// answers up for a moment.
	owedPause    = time.Second
	owedPauseMax = time.Minute
	// owedWorry is for how long an erasure may be owed before somebody is told. It
	// is the time that G5 allows.
	owedWorry = 5 * time.Minute
	// owedLook is how often the logs are looked at that nobody is to be erased from:
	// while something else wakes the loop, for they grow by what it writes.
	owedLook = time.Minute
)

// file is a database of ours, and whether its log is to be emptied and cannot, as
// long as another program reads it: for an erasure, whose rows are gone, or because
// it grows.
type file struct {
	name    string
	compact func(context.Context) error

	since time.Time     // it owes; zero: it does not, as far as we know
	next  time.Time     // the next attempt; zero: none
	pause time.Duration // after the last one
}

// files are the databases of u, the session's first.
func (u *Upkeep) files() []*file { return []*file{&u.session, &u.list} }

// busy tells of an erasure that only a reader keeps from its end.
func busy(err error) bool { return errors.Is(err, store.ErrBusy) || errors.Is(err, whatsapp.ErrBusy) }

// judge notes how an attempt to erase from the file ended, and passes on what is
// not another program's doing. While the file owes, others are erased all the same.
func (f *file) judge(err error, now time.Time, log *slog.Logger) error {
	switch {
	case busy(err):
		if f.since.IsZero() {
			f.since, f.pause = now, 0
		} else if f.pause == owedPause { // the first time it may have been the page, or a command
			log.Warn("another program keeps a database open: an erasure cannot be completed, or its log grows; it will be tried again", "file", f.name)
		}
		f.pause = min(max(2*f.pause, owedPause), owedPauseMax)
		f.next = now.Add(f.pause)
		log.Debug("a log cannot be emptied", "file", f.name, "pause", f.pause)
		return nil
	case err != nil:
		f.next = now.Add(eraseTrouble) // rows may be gone, and bytes not
		return err
	}
	if !f.since.IsZero() {
		log.Info("nothing is owed any more", "file", f.name, "owed", now.Sub(f.since).Round(time.Second))
	}
	f.since, f.next, f.pause = time.Time{}, time.Time{}, 0
	return nil
}

// complete completes what is owed as far as other programs let it, and tells of what
// has been owed for too long.
func (u *Upkeep) complete(ctx context.Context, now time.Time) error {
	if !u.settled.Add(owedLook).After(now) {
		u.settled = now
		for _, f := range u.files() {
			if f.next.IsZero() {
				f.next = now
			}
		}
	}
	if next := u.nextOwed(); next.IsZero() || next.After(now) {
		return nil
	}
	if err := u.settle(ctx, now); err != nil && ctx.Err() == nil {
		u.log.Error("erasure not completed; it will be tried again", "error", err)
	}
	if err := u.recall(ctx); err != nil {
		return err
	}
	u.tell(ctx, now)
	return nil
}

// settle tries again to complete what is owed, where the time for that has come. A
// file that owes nothing costs a look.
func (u *Upkeep) settle(ctx context.Context, now time.Time) error {
	var errs []error
	for _, f := range u.files() {
		if f.next.IsZero() || f.next.After(now) {
			continue
		}
		if err := f.judge(f.compact(ctx), now, u.log); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", f.name, err))
		}
	}
	return errors.Join(errs...)
}

// nextOwed is when settle has something to do; zero: not before something changes.
func (u *Upkeep) nextOwed() time.Time { return loop.Earliest(u.session.next, u.list.next) }

// owes is the first file that owes the end of an erasure, if any does.
func (u *Upkeep) owes() error {
	for _, f := range u.files() {
		if !f.since.IsZero() {
			return fmt.Errorf("%s: %w", f.name, store.ErrBusy)
		}
	}
	return nil
}

// tell says that an erasure has been owed for too long, or that it is over.
func (u *Upkeep) tell(ctx context.Context, now time.Time) {
	var late []*file
	for _, f := range u.files() {
		if !f.since.IsZero() && now.Sub(f.since) >= owedWorry {
			late = append(late, f)
		}
	}
	p := u.owedProblem(late)
	if len(late) == 0 && !u.failing.IsZero() && now.Sub(u.failing) >= owedWorry {
		p.Since = u.failing
		p.Sentence = "Non si riesce a cancellare dal disco chi si è cancellato dal servizio: i suoi dati sono ancora conservati."
		p.Advice = "Guarda che cosa lo impedisce, con «journalctl -u banditore» e «banditore check»: se dice che il file è stato modificato, " +
			"ferma il servizio e ripristina una copia di sicurezza con «banditore restore»."
	}
	u.note(ctx, p)
}

// owedProblem names the files that another program keeps open, and what to do about
// it. Without one it is the end of the problem.
func (u *Upkeep) owedProblem(late []*file) store.Problem {
	p := store.Problem{Kind: store.ProblemErasure, Severity: store.Alarm}
	var names, paths []string
	for _, f := range late {
		if p.Since.IsZero() || f.since.Before(p.Since) {
			p.Since = f.since
		}
		names, paths = append(names, f.name), append(paths, filepath.Join(u.dataDir, f.name))
	}
	if len(late) == 0 {
		return p
	}
	p.Sentence = fmt.Sprintf("Un altro programma tiene aperto %s: finché non si chiude, le ultime tracce di chi si è cancellato restano sul disco, "+
		"e lo spazio occupato cresce.", strings.Join(names, " e "))
	p.Advice = fmt.Sprintf("Chiudi quel programma (una copia di sicurezza, un sqlite3): «fuser -v %s» dice chi lo usa, banditore compreso. "+
		"Non copiare i file del servizio mentre è in funzione: usa «banditore backup».", strings.Join(paths, " "))
	return p
}

// recall has what a process before has told of go on since then, as long as
// something is owed.
func (u *Upkeep) recall(ctx context.Context) error {
	if u.recalled {
		return nil
	}
	noted, err := u.store.Problems(ctx)
	if err != nil {
		return err
	}
	u.recalled = true
	i := slices.IndexFunc(noted, func(p store.Problem) bool { return p.Kind == store.ProblemErasure })
	for _, f := range u.files() {
		if i >= 0 && !f.since.IsZero() {
			f.since = noted[i].Since
		}
	}
	return nil
}

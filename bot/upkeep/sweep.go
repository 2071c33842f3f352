package upkeep

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"banditore/bot/loop"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// The erasure of who leaves hangs on what they write to us. The library keeps people on
// its own account, too: who posts a status, writes in a group or a list, or was in the
// phone's history. So session.db is looked through, and everybody swept out for whom
// there is no reason.
const (
	// sweepPause is from when somebody may have come in to the look. With what may be
	// in hand then it stays below the five minutes of G5. Each look that finds somebody
	// writes session.db anew, and however many come, there is no more than one.
	sweepPause = 2 * time.Minute
	// sweepEvery is how often everything is looked through, whatever has come in.
	sweepEvery = 24 * time.Hour
	// sweepTrouble is the pause after a sweep that failed.
	sweepTrouble = time.Minute
	// sweepWorry is for how long sweeps may fail before somebody is told.
	sweepWorry = 5 * time.Minute
)

// broom is when session.db is looked through.
type broom struct {
	sweep   func(context.Context, whatsapp.Reasons) (int, error)
	reasons whatsapp.Reasons

	kept    atomic.Bool // somebody may have come in since the last look
	next    time.Time   // zero: not before somebody comes in
	whole   time.Time   // the next look whatever comes
	failing time.Time   // since when; zero: the last look went well
	well    bool        // people were told that there is no problem
}

// Kept says that somebody may have come into session.db. It may be called from any
// goroutine, and as often as anybody likes.
func (u *Upkeep) Kept() {
	if !u.broom.kept.Swap(true) {
		u.outgoing.Ring()
	}
}

// nextSweep is when session.db is looked through next. Like an erasure that waits for
// the phone's history, which may hold who has registered.
func (u *Upkeep) nextSweep(notBefore time.Time) time.Time {
	return loop.Later(loop.Earliest(u.broom.next, u.broom.whole), notBefore)
}

// sweep looks session.db through, if it is time to, and sweeps out for whom there is
// no reason.
func (u *Upkeep) sweep(ctx context.Context, now, notBefore time.Time) {
	b := &u.broom
	if b.next.IsZero() && b.kept.Load() {
		b.next = now.Add(sweepPause)
	}
	if next := u.nextSweep(notBefore); next.IsZero() || next.After(now) {
		return
	}
	b.kept.Store(false)
	gone, err := b.sweep(ctx, b.reasons)
	if gone > 0 {
		u.log.Info("people swept out for whom there was no reason", "identities", gone)
		err = u.session.judge(err, now, u.log)
	}
	if ctx.Err() != nil {
		return
	}
	u.swept(ctx, now, err)
}

// swept notes how a look ended, and tells of looks that have failed for too long.
func (u *Upkeep) swept(ctx context.Context, now time.Time, err error) {
	b := &u.broom
	if err == nil {
		b.next, b.whole, b.failing = time.Time{}, now.Add(sweepEvery), time.Time{}
		if !b.well {
			b.well = true
			u.note(ctx, store.Problem{Kind: store.ProblemSweep})
		}
		return
	}
	if b.next = now.Add(sweepTrouble); b.failing.IsZero() {
		b.failing = now
	}
	if errors.Is(err, whatsapp.ErrTextsWait) {
		u.log.Debug("session.db is not looked through yet", "why", err)
	} else {
		u.log.Error("session.db could not be looked through; it will be tried again", "error", err)
	}
	if now.Sub(b.failing) < sweepWorry {
		return
	}
	b.well = false
	u.note(ctx, store.Problem{
		Kind: store.ProblemSweep, Severity: store.Alarm, Since: b.failing,
		Sentence: "Il programma non riesce a cancellare da session.db chi non è iscritto e non aspetta risposta: " +
			"ci resta più a lungo di quanto è promesso.",
		Advice: "Se il collegamento con WhatsApp è interrotto, basta che torni. Altrimenti controlla lo spazio su disco e il log del servizio " +
			"(«journalctl -u banditore»): dice che cosa lo impedisce.",
	})
}

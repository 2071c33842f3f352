package upkeep

import (
	"context"
	"time"

	"banditore/bot/loop"
	"banditore/bot/message"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// eraseTrouble is the pause after an erasure that could not be completed, for
// instance because a command was reading the database. It fits several times
// into the five minutes of G5.
const eraseTrouble = 20 * time.Second

// erasePause is between two erasures: each writes both databases anew, and
// answers wait meanwhile. Who leaves together is forgotten together.
const erasePause = 30 * time.Second

// forget erases everybody whose time has come from both databases (G5). The
// session comes first: the list remembers who is to be erased until both are
// done, so that a crash in between is made good at the next start. Before either,
// if so configured, a keyed hash of who has left is kept.
func (u *Upkeep) forget(ctx context.Context) {
	u.eraseAgain = time.Time{}
	if err := u.Forget(ctx); err != nil && ctx.Err() == nil {
		u.log.Error("erasure not complete; it will be tried again", "error", err)
		u.eraseAgain = time.Now().Add(eraseTrouble)
	}
}

// mayForget tells whether forget has something to do at now, given when the
// next person's time comes: not before the pause that follows trouble, and at
// its end even for nobody, as [Upkeep.nextErasure] has it.
func (u *Upkeep) mayForget(due, now, notBefore time.Time) bool {
	next := u.nextErasure(due, notBefore)
	return !next.IsZero() && !next.After(now)
}

// nextErasure is when forget has something to do, given when the next person's
// time comes: not before a pause that is running, but at the end of one that
// followed trouble even when nobody is left on the list of erasures, since
// bytes of the last may be. While history is read nobody is forgotten: it may
// hold older texts of who has just left, and must not bring them back.
func (u *Upkeep) nextErasure(due, notBefore time.Time) time.Time {
	if !u.eraseAgain.IsZero() {
		return loop.Latest(u.eraseAgain, notBefore)
	}
	return loop.Later(due, loop.Latest(u.erased.Add(erasePause), notBefore))
}

// Forget erases everybody whose time has come, without waiting for anything that
// the daemon would wait for. It is for a process that runs no loop.
func (u *Upkeep) Forget(ctx context.Context) error {
	due, err := u.store.DueErasures(ctx, time.Now())
	if err != nil {
		return err
	}
	if len(due) == 0 {
		return u.store.Compact(ctx) // what an earlier erasure owes; nothing, as a rule
	}
	var addresses []whatsapp.Address
	var people []store.Person
	for _, e := range due {
		addresses = append(addresses, message.AddressOf(e.Person))
		people = append(people, e.Person)
	}
	u.log.Debug("erasure begun", "people", len(people))
	if err := u.forgotten.Remember(due); err != nil {
		return err
	}
	if err := u.forgetSession(ctx, addresses); err != nil {
		return err
	}
	if err := whatsapp.RemoveParked(u.dataDir); err != nil { // they may be in there too
		return err
	}
	u.log.Debug("session erased")
	if err := u.store.Erase(ctx, people); err != nil {
		return err
	}
	u.erased = time.Now()
	u.log.Info("people forgotten", "count", len(people))
	return nil
}

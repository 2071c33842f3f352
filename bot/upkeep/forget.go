package upkeep

import (
	"context"
	"time"

	"banditore/bot/loop"
	"banditore/bot/message"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// eraseTrouble is the pause after an erasure that failed, for instance because the
// disk is full. It fits several times into the five minutes of G5.
const eraseTrouble = 20 * time.Second

// erasePause is between two erasures: each writes both databases anew, and
// answers wait meanwhile. Who leaves together is forgotten together.
const erasePause = 30 * time.Second

// forget erases everybody whose time has come from both databases (G5).
func (u *Upkeep) forget(ctx context.Context, now time.Time) {
	u.eraseAgain = time.Time{}
	err := u.erase(ctx, now)
	switch {
	case err == nil:
		u.failing = time.Time{}
	case ctx.Err() == nil:
		u.log.Error("erasure failed; it will be tried again", "error", err)
		u.eraseAgain = now.Add(eraseTrouble)
		if u.failing.IsZero() {
			u.failing = now
		}
	}
	u.tell(ctx, now)
}

// mayForget tells whether somebody is to be forgotten at now, given when the next
// person's time comes.
func (u *Upkeep) mayForget(due, now, notBefore time.Time) bool {
	next := u.nextErasure(due, notBefore)
	return !next.IsZero() && !next.After(now)
}

// nextErasure is when somebody is to be forgotten, given when the next person's time
// comes: not before the pauses that follow an erasure and trouble. While history is
// read nobody is forgotten: it may hold older texts of who has just left, and must
// not bring them back.
func (u *Upkeep) nextErasure(due, notBefore time.Time) time.Time {
	opens := loop.Latest(u.eraseAgain, u.erased.Add(erasePause))
	return loop.Later(due, loop.Latest(opens, notBefore))
}

// Forget erases everybody whose time has come, and what an earlier erasure left,
// without waiting for anything that the daemon would wait for. It is for a process
// that runs no loop. While another program reads one of the databases, the error is
// [store.ErrBusy]: then what remains is remembered, and nobody is listed any more.
func (u *Upkeep) Forget(ctx context.Context) error {
	now := time.Now()
	if err := u.erase(ctx, now); err != nil {
		return err
	}
	u.Begin(now)
	if err := u.settle(ctx, now); err != nil {
		return err
	}
	return u.owes()
}

// erase erases everybody whose time has come from both databases. The session comes
// first: the list remembers who is to be erased until the rows in both are gone, so
// that a crash in between is made good at the next start. Before either, if so
// configured, a keyed hash of who has left is kept. What a reader keeps from being
// completed, each database remembers for itself.
func (u *Upkeep) erase(ctx context.Context, now time.Time) error {
	due, err := u.store.DueErasures(ctx, now)
	if err != nil || len(due) == 0 {
		return err
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
	if err := u.session.judge(u.forgetSession(ctx, addresses), now, u.log); err != nil {
		return err
	}
	if err := whatsapp.RemoveParked(u.dataDir); err != nil { // they may be in there too
		return err
	}
	u.log.Debug("session erased")
	if err := u.list.judge(u.store.Erase(ctx, people), now, u.log); err != nil {
		return err
	}
	u.noteErased(now)
	u.log.Info("people forgotten", "count", len(people))
	return nil
}

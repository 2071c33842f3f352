package bot

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
func (b *Bot) forget(ctx context.Context) {
	b.eraseAgain = time.Time{}
	if err := b.forgetDue(ctx); err != nil && ctx.Err() == nil {
		b.log.Error("erasure not complete; it will be tried again", "error", err)
		b.eraseAgain = time.Now().Add(eraseTrouble)
	}
}

// mayForget tells whether forget has something to do at now, given when the
// next person's time comes: not before the pause that follows trouble, and at
// its end even for nobody, as [Bot.nextErasure] has it.
func (b *Bot) mayForget(due, now time.Time) bool {
	next := b.nextErasure(due)
	return !next.IsZero() && !next.After(now)
}

// nextErasure is when forget has something to do, given when the next person's
// time comes: not before a pause that is running, but at the end of one that
// followed trouble even when nobody is left on the list of erasures, since
// bytes of the last may be. While history is read nobody is forgotten: it may
// hold older texts of who has just left, and must not bring him back.
func (b *Bot) nextErasure(due time.Time) time.Time {
	if !b.eraseAgain.IsZero() {
		return loop.Latest(b.eraseAgain, b.inbox.Until())
	}
	return loop.Later(due, loop.Latest(b.erased.Add(erasePause), b.inbox.Until()))
}

// Forget erases everybody whose time has come, without waiting for anything that
// the daemon would wait for. It is for a Bot that does not run.
func (b *Bot) Forget(ctx context.Context) error { return b.forgetDue(ctx) }

func (b *Bot) forgetDue(ctx context.Context) error {
	due, err := b.store.DueErasures(ctx, time.Now())
	if err != nil {
		return err
	}
	if len(due) == 0 {
		return b.store.Compact(ctx) // what an earlier erasure owes; nothing, as a rule
	}
	var addresses []whatsapp.Address
	var people []store.Person
	for _, e := range due {
		addresses = append(addresses, message.AddressOf(e.Person))
		people = append(people, e.Person)
	}
	b.log.Debug("erasure begun", "people", len(people))
	if err := b.forgotten.Remember(due); err != nil {
		return err
	}
	if err := b.line().Forget(ctx, addresses); err != nil {
		return err
	}
	if err := whatsapp.RemoveParked(b.cfg.DataDir); err != nil { // they may be in there too
		return err
	}
	b.log.Debug("session erased")
	if err := b.store.Erase(ctx, people); err != nil {
		return err
	}
	b.erased = time.Now()
	b.log.Info("people forgotten", "count", len(people))
	return nil
}

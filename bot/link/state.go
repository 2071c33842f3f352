package link

import (
	"context"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

// LinkChanged notes the state of the connection where `banditore status` finds
// it, and wakes the loops that depend on it. It has a deadline of its own:
// WhatsApp's handlers must not hang on a full disk.
func (k *Keeper) LinkChanged(c whatsapp.StateChange) {
	ctx, cancel := context.WithTimeout(k.life, 5*time.Second)
	defer cancel()
	l := Of(c, time.Now())
	k.said.Store(&l)
	if err := NoteState(ctx, k.o.Store, l); err != nil {
		k.o.Log.Warn("state of the link not noted", "error", err)
	}
	for _, bell := range k.bells {
		bell.Ring()
	}
}

// Of is the link as it is noted, after a change at now.
func Of(c whatsapp.StateChange, now time.Time) store.Link {
	return store.Link{State: string(c.State), Connected: c.State == whatsapp.StateConnected, Since: now, Until: c.Until, Code: c.Code, Cause: string(c.Cause)}
}

// NoteState keeps the state, and since when nothing can leave: a state that comes
// again and again has a new beginning each time.
func NoteState(ctx context.Context, db *store.Store, l store.Link) error {
	if err := db.SetLink(ctx, l); err != nil {
		return err
	}
	if l.Connected {
		return db.ClearProblem(ctx, store.ProblemLink)
	}
	return db.SetProblem(ctx, store.Problem{Kind: store.ProblemLink, Severity: store.Alarm, Since: l.Since})
}

// lastLink is what the process before noted last of its link: the state of a
// red light and the end of a suspension survive a restart.
func lastLink(ctx context.Context, db *store.Store) (whatsapp.Last, error) {
	l, _, err := db.Link(ctx)
	change := whatsapp.StateChange{State: whatsapp.State(l.State), Until: l.Until, Code: l.Code, Cause: whatsapp.Cause(l.Cause)}
	return whatsapp.Last{StateChange: change, Since: l.Since}, err
}

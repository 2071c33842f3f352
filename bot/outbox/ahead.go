package outbox

import (
	"context"
	"sync"
	"sync/atomic"

	"banditore/bot/message"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// ahead keeps the next recipients of an announcement prepared, whatever the pace: what
// WhatsApp must be asked about them is asked in one question for many, while others
// are written to, and not by each of their messages. Preparing somebody twice, or in
// vain, does no harm; who is not prepared is asked about by their message.
type ahead struct {
	announcement int64
	last         store.Place  // of those who were prepared
	lead         atomic.Int64 // how many are prepared and not claimed, about
	hands        sync.WaitGroup
	busy         atomic.Bool
}

func (a *ahead) wait() { a.hands.Wait() }

// prepareAhead prepares more people when few are, behind those who have just been
// claimed.
func (x *Outbox) prepareAhead(ctx context.Context, claimed []store.Outgoing) {
	if len(claimed) == 0 || claimed[0].Announcement == 0 {
		return
	}
	a := &x.ahead
	lead := a.lead.Add(-int64(len(claimed)))
	if lead >= whatsapp.PrepareLimit || !a.busy.CompareAndSwap(false, true) {
		return
	}
	if of := claimed[0].Announcement; of != a.announcement || lead < 0 {
		a.announcement, a.last = of, store.Place{}
		a.lead.Store(0)
	}
	a.hands.Go(func() {
		defer a.busy.Store(false)
		people, last, err := x.Store.Upcoming(ctx, a.announcement, a.last, whatsapp.PrepareLimit)
		if err != nil || len(people) == 0 {
			return // the messages themselves will tell
		}
		addresses := make([]whatsapp.Address, len(people))
		for i, p := range people {
			addresses[i] = message.AddressOf(p)
		}
		x.Line().Prepare(ctx, addresses)
		a.last = last
		a.lead.Add(int64(len(people)))
	})
}

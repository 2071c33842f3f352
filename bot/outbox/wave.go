package outbox

import (
	"context"
	"time"

	"banditore/bot/message"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// wave is a window of messages on the wire, each waiting for its answer. While one is
// there the next is claimed, encrypted and sent, so that neither our disk nor the
// distance to WhatsApp holds up the other; then the first is judged and settled. So a
// refusal stops everything within one window.
type wave struct {
	out   []store.Outgoing
	errs  []error // how each ended; before they have landed: what could not be put together
	at    []int   // which of them each answer is about
	left  time.Time
	await func() []error
	drop  context.CancelFunc
}

// atOnce is how many messages of a priority may be claimed together: a window of
// urgent ones, while neither a pace, nor a ceiling that is near, nor a red light wants
// them one by one.
func (x *Outbox) atOnce(ctx context.Context, now time.Time, priority store.Priority) (int, error) {
	if priority != store.Urgent || x.Pace.UrgentEvery > 0 || x.Window <= 1 || len(x.brake.red()) > 0 {
		return 1, nil
	}
	limit := x.Pace.DailyLimit
	if limit == 0 {
		return x.Window, nil
	}
	if limit -= 2 * x.Window; limit <= 0 { // one is on the wire, and not counted yet
		return 1, nil
	}
	_, nth, err := x.Store.LastSends(ctx, limit, now)
	if err != nil || now.Sub(nth) < 24*time.Hour {
		return 1, err
	}
	return x.Window, nil
}

// sendWave sends messages together, and settles the wave before.
func (x *Outbox) sendWave(ctx context.Context, out []store.Outgoing) (pause time.Duration) {
	x.Log.Debug("wave claimed", "messages", len(out))
	next := x.launch(ctx, out)
	x.Log.Debug("wave on the wire", "messages", len(next.at))
	pause = x.land(ctx)
	x.wave = next
	return pause
}

func (x *Outbox) launch(ctx context.Context, out []store.Outgoing) *wave {
	hand, drop := patient(ctx)
	w := &wave{out: out, errs: make([]error, len(out)), left: time.Now(), drop: drop}
	var letters []whatsapp.Letter
	for i, o := range out {
		var content whatsapp.Content
		if content, w.errs[i] = x.content(hand, o); w.errs[i] != nil {
			continue
		}
		x.brake.sending(o.MessageID)
		w.at = append(w.at, i)
		letters = append(letters, whatsapp.Letter{To: message.AddressOf(o.To), ID: o.MessageID, Content: content})
	}
	w.await = x.Line().SendWave(hand, letters)
	return w
}

// land waits for the answers to the wave on the wire, if there is one, and settles it.
func (x *Outbox) land(ctx context.Context) (pause time.Duration) {
	if x.wave == nil {
		return 0
	}
	w := x.wave
	x.wave = nil
	for i, err := range w.await() {
		w.errs[w.at[i]] = err
	}
	w.drop()
	x.Log.Debug("wave ended")
	list := make([]result, len(w.out))
	now := time.Now()
	for i, o := range w.out {
		list[i] = x.judge(o, w.errs[i], w.left, now)
	}
	forgive(list)
	pause = x.record(ctx, list...)
	x.Log.Debug("wave recorded")
	return pause
}

// forgive spares who failed in a wave before it was known that it is nobody's fault.
// The store does so with who failed before the wave.
func forgive(list []result) {
	at := make(map[string]int, len(list))
	for i, r := range list {
		at[r.MessageID] = i
		for _, o := range r.uncharge {
			if before, is := at[o.MessageID]; is {
				list[before].spared, list[before].waits = true, r.waits
			}
		}
	}
}

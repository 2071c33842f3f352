package inbox

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"banditore/bot/citizen"
	"banditore/bot/loop"
	"banditore/bot/message"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// While no device is linked, what citizens write reaches their phones' peer
// only: the Comune's phone. It comes with the history that the phone sends to a
// new device. Until that has been read, or it is clear that none comes, no
// announcement leaves: somebody may have left.
const (
	// historyPatience is how long after the login we wait for the first part.
	historyPatience = 45 * time.Second
	// historyQuiet is how long after a part we wait for another.
	historyQuiet = 10 * time.Second
	// historyLimit is how long we wait at all: a phone that never ends must not
	// stop the service.
	historyLimit = 10 * time.Minute
	// historyReach is how far back the first link of all looks: as long as
	// WhatsApp's server itself would have kept a message for us.
	historyReach = 14 * 24 * time.Hour
	// historyTexts is how many texts are kept in memory until all parts have come,
	// the newest: the command may be in another part than the details.
	historyTexts = 20000
)

// noteLink begins a gap when the link is a new one. It is called before
// anything that came over a link is carried out.
func (i *Inbox) noteLink(ctx context.Context) error {
	link := i.line().Link()
	if link == "" || i.noted.Load() == link {
		return nil
	}
	if err := i.store.BeginGap(ctx, link); err != nil {
		return err
	}
	i.noted.Store(link)
	return nil
}

// HistoryRead carries out the cancellations in what citizens wrote in the gap, at
// once. Registrations wait until all of it is here ([Inbox.closeGap]): a part may
// hold the command and another the details, or the cancellation that came after.
// So the part is kept until then, across restarts. What comes when the gap is
// over still cancels. An error means that the same part must come again; who was
// served stays served.
func (i *Inbox) HistoryRead(ctx context.Context, texts []whatsapp.Text) (keep bool, err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if err := i.noteLink(ctx); err != nil {
		return false, err
	}
	gap, err := i.store.Gap(ctx)
	if err != nil {
		return false, err
	}
	now := time.Now()
	if !gap.Closed {
		texts = slices.Concat(i.read, texts)
	}
	n, err := i.carryOutMissed(ctx, i.missed(texts, time.Time{}), now, func(r *reply) bool {
		r.before = r.text.At.Before(gapFrom(gap, now))
		return r.request.Intent == citizen.Unsubscribe
	})
	if err != nil {
		return false, err
	}
	if gap.Closed {
		i.log.Info("part of the phone's history read late", "texts", len(texts), "cancellations", n)
		return false, nil
	}
	if err := i.store.NoteHistory(ctx, now); err != nil {
		return false, err
	}
	i.read = recent(texts, gapFrom(gap, now))
	i.log.Info("part of the phone's history read", "texts", len(texts), "cancellations", n)
	i.outgoing.Ring()
	return true, nil
}

// closeGap carries out the registrations in what citizens wrote in the gap, and
// lets announcements leave.
func (i *Inbox) closeGap(ctx context.Context, gap store.Gap) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	now := time.Now()
	n, err := i.carryOutMissed(ctx, i.missed(i.read, gapFrom(gap, now)), now, func(r *reply) bool {
		// Somebody's "Disattiva" may have been carried out and forgotten since.
		return r.request.Intent != citizen.Unsubscribe && !i.forgotten.UnsubscribedAfter(message.PersonOf(r.text.From), r.text.At)
	})
	if err != nil {
		return err
	}
	if err := i.store.CloseGap(ctx); err != nil {
		return err
	}
	i.log.Info("nothing more is waited for from the phone's history", "came", !gap.Read.IsZero(), "registrations", n)
	i.read = nil
	return nil
}

// gapFrom is since when texts may have been missed. WhatsApp counts whole seconds.
func gapFrom(gap store.Gap, now time.Time) time.Time {
	if gap.From.IsZero() {
		return now.Add(-historyReach).Truncate(time.Second)
	}
	return gap.From.Truncate(time.Second)
}

// recent is what may still be needed of texts that have been read.
func recent(texts []whatsapp.Text, from time.Time) []whatsapp.Text {
	kept := slices.DeleteFunc(slices.Clone(texts), func(t whatsapp.Text) bool { return t.At.Before(from) })
	slices.SortStableFunc(kept, func(x, y whatsapp.Text) int { return x.At.Compare(y.At) })
	kept = kept[max(0, len(kept)-historyTexts):]
	for i := range kept {
		kept[i].Body = strings.Clone(firstBytes(kept[i].Body, longestWords)) // a part of what the library holds
	}
	return kept
}

// carryOutMissed carries out the wishes that are wanted, one after the other.
func (i *Inbox) carryOutMissed(ctx context.Context, wishes []*reply, now time.Time, wanted func(*reply) bool) (n int, err error) {
	for _, w := range wishes {
		if !wanted(w) {
			continue
		}
		if err := i.handle(ctx, w, now); err != nil {
			return n, fmt.Errorf("carry out what the history holds: %w", err)
		}
		n++
	}
	return n, nil
}

// missed finds for each person the last wish since from, cancellations first,
// then in the order of writing. The rest is forgotten. How far back a
// cancellation may lie need not be said: it counts against a registration that is
// older, whenever that was.
func (i *Inbox) missed(texts []whatsapp.Text, from time.Time) (wishes []*reply) {
	texts = slices.SortedStableFunc(slices.Values(texts), func(x, y whatsapp.Text) int { return x.At.Compare(y.At) })
	last := make(map[string]*reply)
	for _, t := range texts {
		if t.At.Before(from) {
			continue
		}
		who := cmp.Or(t.From.LID, t.From.Number)
		if w := i.wish(last[who], t); w != nil {
			last[who] = w
		}
	}
	for _, w := range last {
		wishes = append(wishes, w)
	}
	slices.SortFunc(wishes, func(x, y *reply) int {
		return cmp.Or(cmp.Compare(rank(x), rank(y)), x.text.At.Compare(y.text.At))
	})
	return wishes
}

func rank(r *reply) int {
	if r.request.Intent == citizen.Unsubscribe {
		return 0
	}
	return 1
}

// wish reads one text of somebody, after his last one that was a wish. It is nil
// when it is none.
func (i *Inbox) wish(last *reply, t whatsapp.Text) *reply {
	w := &reply{Inbox: i, text: t, history: true, request: i.reader.Read(t.Body), words: firstBytes(t.Body, longestWords)}
	incomplete := last != nil && last.request.Intent == citizen.Incomplete
	switch w.request.Intent {
	case citizen.Unsubscribe, citizen.Subscribe:
		return w
	case citizen.Incomplete:
		if incomplete {
			w.request = merge(last.request, w.request)
		}
	case citizen.Other:
		if !incomplete {
			return nil
		}
		answer, ok := i.reader.Complete(last.request, t.Body)
		if !ok {
			return nil
		}
		w.request = answer
	default:
		return nil
	}
	if incomplete {
		w.words = firstBytes(last.words+"\n"+w.words, longestWords)
	}
	return w
}

// watch is what is known of the gap before the present link.
type watch struct {
	link   string
	since  time.Time // the first login was complete; zero: it was not yet
	until  time.Time // announcements and erasures wait; zero: they do not
	closed bool
}

// Resume is for a start in the middle of a gap: until we are connected, and know
// how it goes on, nobody is forgotten either, but not without end.
func (i *Inbox) Resume(ctx context.Context, started time.Time) error {
	gap, err := i.store.Gap(ctx)
	if err != nil {
		return err
	}
	if link := i.line().Link(); link != "" && (gap.Link != link || !gap.Closed) {
		i.watch.until = started.Add(historyLimit)
	}
	return nil
}

// Until is until when announcements and erasures wait for the phone's history, as
// far as was known when it was last looked at; zero: they do not.
func (i *Inbox) Until() time.Time { return i.watch.until }

// WatchHistory looks whether the phone's history is still waited for, and until
// when announcements and erasures wait for it; zero: they do not. It is to be
// called while the link is ready, before anything leaves or is erased, and carries
// out what was kept for the end of the gap.
func (i *Inbox) WatchHistory(ctx context.Context, now time.Time) (until time.Time, err error) {
	err = i.watchHistory(ctx, now)
	return i.watch.until, err
}

func (i *Inbox) watchHistory(ctx context.Context, now time.Time) error {
	if link := i.line().Link(); i.watch.link != link {
		i.watch = watch{link: link, closed: link == ""}
	}
	if i.watch.since.IsZero() {
		i.watch.since = now
	}
	if i.watch.until = (time.Time{}); i.watch.closed {
		return nil
	}
	if err := i.noteLink(ctx); err != nil {
		return err
	}
	gap, err := i.store.Gap(ctx)
	if err != nil {
		return err
	}
	ends, err := i.gapEnds(ctx, gap, now)
	if err != nil {
		return err
	}
	if !gap.Closed && ends.After(now) {
		i.watch.until = ends
		return nil
	}
	if !gap.Closed {
		if err := i.closeGap(ctx, gap); err != nil {
			return err
		}
	}
	if err := i.line().HistoryOver(ctx); err != nil {
		return err
	}
	i.watch.closed = true
	return nil
}

// gapEnds is how long announcements wait, as things stand: for parts that are
// known to be there, too, as long as they are tried.
func (i *Inbox) gapEnds(ctx context.Context, gap store.Gap, now time.Time) (time.Time, error) {
	if gap.Closed {
		return now, nil
	}
	limit := i.watch.since.Add(historyLimit)
	waiting, err := i.line().HistoryWaiting(ctx)
	switch {
	case err != nil:
		return now, err
	case waiting > 0:
		return loop.Earliest(now.Add(historyQuiet), limit), nil
	case gap.Read.IsZero():
		return i.watch.since.Add(historyPatience), nil
	}
	return loop.Earliest(loop.Latest(gap.Read, i.watch.since).Add(historyQuiet), limit), nil
}

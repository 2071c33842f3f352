package inbox

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"banditore/bot/citizen"
	"banditore/bot/message"
	"banditore/bot/whatsapp"
	"banditore/store"
)

const (
	// historyReach is how far back the first link of all looks: as long as
	// WhatsApp's server itself would have kept a message for us.
	historyReach = 14 * 24 * time.Hour
	// historyTexts is how many texts are kept in memory until all parts are here, the
	// newest ones: the command may be in one part and the details in another.
	historyTexts = 20000
)

// noteLink notes where the gap before a new link began. It must come before
// anything that came over that link is carried out.
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

// HistoryRead carries out the cancellations in one part of the phone's history, which
// came over the named link, at once. Registrations wait until all parts are here: one may hold the command and
// another the details, or the cancellation that came after. Keep tells that the part
// must be handed over again by the next process, because of what waits in it. A part
// that comes when nothing more was waited for still cancels, and one that was kept
// from an earlier link is no sign that the phone has sent this one's. An error means that the
// same part must come again; what has been carried out of it stays so.
func (i *Inbox) HistoryRead(ctx context.Context, link string, texts []whatsapp.Text) (keep bool, err error) {
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
		texts = slices.Concat(i.brought, texts)
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
	if link == gap.Link {
		if err := i.store.NoteHistory(ctx, now); err != nil {
			return false, err
		}
	}
	i.brought = recent(texts, gapFrom(gap, now))
	i.log.Info("part of the phone's history read", "texts", len(texts), "cancellations", n)
	i.outgoing.Ring()
	return true, nil
}

// closeGap carries out the registrations in what citizens wrote in the gap, and
// notes that nothing more is waited for.
func (i *Inbox) closeGap(ctx context.Context, gap store.Gap) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	now := time.Now()
	n, err := i.carryOutMissed(ctx, i.missed(i.brought, gapFrom(gap, now)), now, func(r *reply) bool {
		// A cancellation that came later may have been carried out and forgotten.
		return r.request.Intent != citizen.Unsubscribe && !i.forgotten.UnsubscribedAfter(message.PersonOf(r.text.From), r.text.At)
	})
	if err != nil {
		return err
	}
	if err := i.store.CloseGap(ctx); err != nil {
		return err
	}
	i.log.Info("nothing more is waited for from the phone's history", "came", !gap.Read.IsZero(), "registrations", n)
	i.brought = nil
	return nil
}

// gapFrom is the moment since which texts may have been missed. WhatsApp counts
// whole seconds.
func gapFrom(gap store.Gap, now time.Time) time.Time {
	if gap.From.IsZero() {
		return now.Add(-historyReach).Truncate(time.Second)
	}
	return gap.From.Truncate(time.Second)
}

// recent is what may be needed again of texts that have been read.
func recent(texts []whatsapp.Text, from time.Time) []whatsapp.Text {
	kept := slices.DeleteFunc(slices.Clone(texts), func(t whatsapp.Text) bool { return t.At.Before(from) })
	slices.SortStableFunc(kept, func(x, y whatsapp.Text) int { return x.At.Compare(y.At) })
	kept = kept[max(0, len(kept)-historyTexts):]
	for i := range kept {
		kept[i].Body = strings.Clone(firstBytes(kept[i].Body, longestWords)) // not to hold the whole part in memory
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

// missed finds the last wish of each person since from, in the order of writing. A
// cancellation of any age may be looked for: it only undoes a registration that is
// older.
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
	slices.SortFunc(wishes, func(x, y *reply) int { return x.text.At.Compare(y.text.At) })
	return wishes
}

// wish reads one text of somebody whose last wish before it was last; nil: there was
// none. It is nil when the text is no wish. What may be a wish to leave counts when
// there was no other.
func (i *Inbox) wish(last *reply, t whatsapp.Text) *reply {
	w := &reply{Inbox: i, text: t, history: true, words: firstBytes(t.Body, longestWords)}
	var open citizen.Question
	if last != nil && last.request.Intent == citizen.Incomplete {
		known := last.request
		open = citizen.Question{Asked: citizen.AskedDetails, GivenName: known.GivenName, FamilyName: known.FamilyName, Comune: known.Comune}
	}
	w.request = i.reader.Answer(open, t.Body)
	switch intent := w.request.Intent; {
	case intent == citizen.Unsubscribe, intent == citizen.Leaving && last == nil:
		return w
	case !registers(intent):
		return nil
	}
	if open.Asked != citizen.AskedNothing {
		w.words = firstBytes(last.words+"\n"+w.words, longestWords)
	}
	return w
}

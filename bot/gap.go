package bot

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"banditore/bot/citizen"
	"banditore/bot/whatsapp"
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
	// historyTexts is how many texts are kept, in memory alone, until all parts have
	// come: the command may be in another part than the details.
	historyTexts = 5000
)

// noteLink begins a gap when the link is a new one. It is called before
// anything that came over a link is carried out.
func (b *Bot) noteLink(ctx context.Context) error {
	link := b.line().Link()
	if link == "" || b.link.Load() == link {
		return nil
	}
	if err := b.store.BeginGap(ctx, link); err != nil {
		return err
	}
	b.link.Store(link)
	return nil
}

// historyRead carries out what citizens wrote in the gap, cancellations first.
// An error means that the same part must come again; who was served stays
// served.
func (b *Bot) historyRead(ctx context.Context, texts []whatsapp.Text) error {
	if err := b.noteLink(ctx); err != nil {
		return err
	}
	gap, err := b.store.Gap(ctx)
	if err != nil {
		return err
	}
	from, now := gap.From, time.Now()
	if from.IsZero() {
		from = now.Add(-historyReach)
	}
	if sofar := b.gapTexts.Load(); sofar != nil && !gap.Closed {
		texts = slices.Concat(*sofar, texts)
		texts = texts[max(0, len(texts)-historyTexts):]
	}
	b.gapTexts.Store(&texts)
	wishes := b.missed(texts, from)
	for _, w := range wishes {
		if w.request.Intent != citizen.Unsubscribe && (gap.Closed || b.forgotten.LeftAfter(person(w.text.From), w.text.At)) {
			continue // somebody else's "Disattiva" may have been carried out and forgotten since
		}
		if err := b.handle(ctx, w, now); err != nil {
			return fmt.Errorf("carry out what the history holds: %w", err)
		}
	}
	if err := b.store.ReadGap(ctx, now); err != nil {
		return err
	}
	b.log.Info("part of the phone's history read", "texts", len(texts), "wishes", len(wishes))
	b.outgoing.ring()
	return nil
}

// missed finds for each person the last wish that counts, cancellations first,
// then in the order of writing. The rest is forgotten.
func (b *Bot) missed(texts []whatsapp.Text, from time.Time) (wishes []*reply) {
	texts = slices.SortedStableFunc(slices.Values(texts), func(x, y whatsapp.Text) int { return x.At.Compare(y.At) })
	last := make(map[string]*reply)
	for _, t := range texts {
		if t.At.Before(from.Truncate(time.Second)) { // WhatsApp counts whole seconds
			continue
		}
		who := cmp.Or(t.From.LID, t.From.Number)
		if w := b.wish(last[who], t); w != nil {
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
func (b *Bot) wish(last *reply, t whatsapp.Text) *reply {
	w := &reply{Bot: b, text: t, history: true, request: b.reader.Read(t.Body), words: firstBytes(t.Body, longestWords)}
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
		answer, ok := b.reader.Complete(last.request, t.Body)
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

// gapWatch is what deliver knows of the gap before the present link.
type gapWatch struct {
	link   string
	since  time.Time // the first login was complete; zero: it was not yet
	until  time.Time // announcements and erasures wait; zero: they do not
	closed bool
}

// watchGap looks whether the phone's history is still waited for. It is called
// while the link is ready.
func (b *Bot) watchGap(ctx context.Context, now time.Time) error {
	if link := b.line().Link(); b.gap.link != link {
		b.gap = gapWatch{link: link, closed: link == ""}
	}
	if b.gap.since.IsZero() {
		b.gap.since = now
	}
	if b.gap.until = (time.Time{}); b.gap.closed {
		return nil
	}
	if err := b.noteLink(ctx); err != nil {
		return err
	}
	gap, err := b.store.Gap(ctx)
	if err != nil {
		return err
	}
	ends := b.gap.since.Add(historyPatience)
	if !gap.Read.IsZero() {
		ends = earliest(gap.Read.Add(historyQuiet), b.gap.since.Add(historyLimit))
	}
	if !gap.Closed && ends.After(now) {
		b.gap.until = ends
		return nil
	}
	b.gap.closed = true
	b.gapTexts.Store(nil)
	if gap.Closed {
		return nil
	}
	b.log.Info("nothing more is waited for from the phone's history", "came", !gap.Read.IsZero())
	return b.store.CloseGap(ctx)
}

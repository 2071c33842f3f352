package desk

import (
	"context"
	"fmt"
	"time"

	"banditore/bot/loop"
	"banditore/bot/message"
	"banditore/bot/pace"
	"banditore/bot/page"
	"banditore/bot/report"
	"banditore/bot/settings"
	"banditore/store"
)

const (
	// pageDrafts is how many announcements the page shows as a phone will, thinkAhead
	// how long before they leave.
	pageDrafts = 2
	thinkAhead = 24 * time.Hour
)

// thoughtOver tells whether an announcement may be shown as a phone will show
// it: it is an ordinary one, nothing has left, nothing but time keeps it, and
// that is soon over, or it has just come.
func (d *Desk) thoughtOver(a store.Announcement, now time.Time) bool {
	soon := a.NotBefore.Sub(now) <= thinkAhead || a.AcceptedAt.Add(d.cfg.Sending.Holdback).After(now)
	return a.Priority == store.Ordinary && a.Kind == store.KindNews && a.Sent+a.Failed == 0 && !a.Held && a.NotBefore.After(now) && soon && !settings.Election(d.cfg, now)
}

// preview shows an announcement before it leaves.
func (d *Desk) preview(ctx context.Context, a store.Announcement, span pace.Span, level page.Level, now time.Time) (page.Draft, error) {
	draft := page.Draft{Announcement: shown(a), Leaves: span.First, Done: span.Last}
	switch {
	case d.unlinked():
		draft.Why, draft.Leaves, draft.Done = waitsForLink, time.Time{}, time.Time{}
	case level == page.Bad:
		draft.Why, draft.Leaves, draft.Done = "quando gli invii riprendono: perché sono fermi è scritto in alto", time.Time{}, time.Time{}
	case draft.Leaves.IsZero():
		draft.Why = tooLate(a, span)
	case span.Expired > 0:
		draft.Warnings = append(draft.Warnings, fmt.Sprintf("Scade troppo presto: %s.", late(span)))
	}
	draft.Warnings = append(draft.Warnings, warnings(a.Text, a.Attachments, report.In(now, loop.Latest(a.NotBefore, span.First)))...)
	attachments, err := d.store.Attachments(ctx, a.ID)
	if err != nil {
		return draft, err
	}
	var dropped [][32]byte
	for _, x := range attachments {
		dropped = append(dropped, x.DroppedHash)
		if x.Carries != "" {
			draft.Warnings = append(draft.Warnings, x.Carries)
		}
	}
	for part := range a.Messages {
		words, i := message.Share(a.Text, a.Messages, len(attachments), part)
		bubble := page.Bubble{Text: words}
		if i >= 0 && i < len(attachments) {
			bubble.Attachment = attachments[i]
		}
		draft.Bubbles = append(draft.Bubbles, bubble)
	}
	twin, at, ok, err := d.store.PublishedBefore(ctx, a.File, store.ContentHash(a.Text, dropped...))
	if ok {
		draft.Warnings = append(draft.Warnings, fmt.Sprintf("È uguale a un avviso già accettato il %s (%s).", report.In(now, at).Format("02/01/2006"), twin))
	}
	return draft, err
}

package bot

import (
	"context"
	"fmt"
	"time"

	"banditore/bot/pace"
	"banditore/bot/page"
	"banditore/store"
)

// showAnnouncements puts each announcement where staff look for it: about to
// leave and still to be thought over, leaving, waiting for something, or ended.
func (b *Bot) showAnnouncements(ctx context.Context, now time.Time, v *page.View) error {
	list, err := b.store.Announcements(ctx, pageRows)
	if err != nil {
		return err
	}
	spans, err := Forecast(ctx, b.cfg, b.store, list, now)
	if err != nil {
		return err
	}
	due, err := b.store.DueUploads(ctx, now)
	if err != nil {
		return err
	}
	uploading := map[int64]bool{} // announcements that wait for that
	for _, a := range due {
		uploading[a.Announcement] = uploading[a.Announcement] || a.UploadedAt.IsZero()
	}
	for _, a := range list {
		if a.Urgent && a.Messages > a.Attachments && a.Waiting > 0 {
			delete(uploading, a.ID) // urgent words do not
		}
		span := spans[a.ID]
		switch {
		case a.State != store.Running:
			v.Recent = append(v.Recent, row(a, StateWord(a, b.cfg, now), now))
		case b.thoughtOver(a, now) && len(v.Second) < pageDrafts:
			d, err := b.sketch(ctx, a, span, now)
			if err != nil {
				return err
			}
			v.Second = append(v.Second, d)
		case a.Sent > 0 && b.whyNot(a, span, uploading[a.ID], v.Level, now) == "":
			v.Leaving = append(v.Leaving, page.Leaving{Name: a.Name, Kind: KindWord(a), Urgent: a.Urgent,
				Sent: a.Sent, Recipients: a.Recipients, Forecast: ends(span, now)})
		default:
			why := b.whyNot(a, span, uploading[a.ID], v.Level, now)
			if why == "" {
				why = "sta per partire"
			}
			v.Queue = append(v.Queue, page.Queued{Name: a.Name, Kind: KindWord(a), Urgent: a.Urgent,
				Recipients: a.Recipients, Why: why, Forecast: ends(span, now)})
		}
	}
	return nil
}

// thoughtOver tells whether an announcement may be shown as a phone will show
// it: it is an ordinary one, nothing has left, and nothing but time keeps it.
func (b *Bot) thoughtOver(a store.Announcement, now time.Time) bool {
	return kind(a) == pace.Ordinary && a.Kind == store.KindNews && a.Sent+a.Failed == 0 && !a.Held && a.NotBefore.After(now) && !Election(b.cfg, now)
}

// sketch shows an announcement before it leaves.
func (b *Bot) sketch(ctx context.Context, a store.Announcement, span pace.Span, now time.Time) (page.Draft, error) {
	d := page.Draft{Name: a.Name, Kind: KindWord(a), Urgent: a.Urgent, Recipients: a.Recipients,
		Leaves: in(now, a.NotBefore), Done: in(now, span.Last), Warnings: warnings(a.Text, a.Attachments, now)}
	if !span.First.IsZero() {
		d.Leaves = in(now, span.First)
	}
	attachments, err := b.store.Attachments(ctx, a.ID)
	if err != nil {
		return d, err
	}
	var dropped [][32]byte
	for _, x := range attachments {
		dropped = append(dropped, x.DroppedHash)
	}
	for part := range a.Messages {
		words, shown := share(a.Text, a.Messages, len(attachments), part)
		bubble := page.Bubble{Text: words}
		if shown >= 0 && shown < len(attachments) {
			x := attachments[shown]
			bubble.Attachment = page.Attachment{Kind: x.Kind, Name: x.Name, Pages: x.Pages, Seconds: x.Seconds, Thumbnail: x.Thumbnail}
		}
		d.Bubbles = append(d.Bubbles, bubble)
	}
	twin, at, ok, err := b.store.PublishedBefore(ctx, a.File, store.ContentHash(a.Text, dropped...))
	if ok {
		d.Warnings = append(d.Warnings, fmt.Sprintf("È uguale a un avviso già inviato il %s (%s).", in(now, at).Format("02/01/2006"), twin))
	}
	return d, err
}

// whyNot says in Italian why nothing of a running announcement leaves at now;
// empty when it does.
func (b *Bot) whyNot(a store.Announcement, span pace.Span, uploading bool, level page.Level, now time.Time) string {
	switch {
	case a.Held:
		return "è sospeso da chi gestisce il servizio"
	case level == page.Bad:
		return "gli invii sono fermi: il motivo è scritto in alto"
	case Election(b.cfg, now) && kind(a) == pace.Ordinary:
		return "aspetta la fine del periodo elettorale"
	case a.NotBefore.After(now):
		return "parte " + moment(a.NotBefore, now)
	case uploading:
		return "l'allegato non è ancora su WhatsApp: il caricamento si ripete da solo"
	case kind(a) == pace.Ordinary && b.cfg.Service.Launch.After(now):
		return "le notizie cominciano con l'avvio del servizio, il " + in(now, b.cfg.Service.Launch).Format("02/01/2006")
	case span.First.Sub(now) > max(b.cfg.Sending.Every, time.Minute) && a.Sent > 0:
		return "riprende " + moment(span.First, now)
	case span.First.Sub(now) > max(b.cfg.Sending.Every, time.Minute):
		return "parte " + moment(span.First, now)
	}
	return ""
}

// ends says in Italian when the last message leaves; empty: nobody knows.
func ends(span pace.Span, now time.Time) string {
	if span.Last.IsZero() {
		return ""
	}
	words := "finisce " + moment(span.Last, now)
	if span.Expired > 0 {
		words += fmt.Sprintf(", e per %d persone scade prima", span.Expired)
	}
	return words
}

// moment is when something happens, as people say it.
func moment(t, now time.Time) string {
	t = in(now, t)
	switch t.Format(time.DateOnly) {
	case now.Format(time.DateOnly):
		return "oggi verso le " + t.Format("15:04")
	case now.AddDate(0, 0, 1).Format(time.DateOnly):
		return "domani verso le " + t.Format("15:04")
	}
	return "il " + t.Format("02/01/2006") + " verso le " + t.Format("15:04")
}

// in shows a time where now is; the zero time stays zero.
func in(now, t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(now.Location())
}

func row(a store.Announcement, state string, now time.Time) page.Row {
	r := page.Row{
		Name: a.Name, Kind: KindWord(a), Urgent: a.Urgent, State: state, Accepted: in(now, a.AcceptedAt),
		Recipients: a.Recipients, Sent: a.Sent, Delivered: a.Delivered, Read: a.Read, Failed: a.Failed,
	}
	if w := a.Withdrawal; w != nil && w.Asked+w.TooOld > 0 {
		r.Note = fmt.Sprintf("cancellato su %d telefoni di %d", w.Deleted, w.Asked+w.TooOld)
	} else if w == nil && a.AmendedBy != "" {
		r.Note = "corretto da " + a.AmendedBy
	}
	return r
}

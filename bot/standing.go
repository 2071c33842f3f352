package bot

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"banditore/bot/pace"
	"banditore/bot/page"
	"banditore/store"
)

// showAnnouncements puts each announcement where staff look for it: still to be
// thought over, leaving, waiting for something, or ended.
func (b *Bot) showAnnouncements(ctx context.Context, now time.Time, v *page.View) error {
	running, err := b.running(ctx, now)
	if err != nil {
		return err
	}
	outlooks, err := b.outlooks(ctx, running, now)
	if err != nil {
		return err
	}
	for _, a := range running {
		o := outlooks[a.ID]
		why, forecast := b.whyNot(a, o, v.Level, now), ends(o.Span, now)
		if v.Level == page.Bad || o.uploading {
			forecast = "" // nobody knows when it ends
		}
		switch {
		case b.thoughtOver(a, now) && len(v.Second) < pageDrafts:
			d, err := b.sketch(ctx, a, o.Span, v.Level, now)
			if err != nil {
				return err
			}
			v.Second = append(v.Second, d)
		case a.Sent+a.Failed > 0 && why == "":
			v.Leaving = append(v.Leaving, page.Leaving{Name: a.Name, Kind: KindWord(a), Urgent: a.Urgent,
				Sent: a.Sent, Recipients: a.Recipients, Forecast: forecast})
		default:
			v.Queue = append(v.Queue, page.Queued{Name: a.Name, Kind: KindWord(a), Urgent: a.Urgent,
				Sent: a.Sent, Recipients: a.Recipients, Why: cmp.Or(why, "sta per partire"), Forecast: forecast})
		}
	}
	list, err := b.store.Announcements(ctx, pageRows+min(len(running), pageRows))
	for _, a := range list {
		if a.State != store.Running && len(v.Recent) < pageRows {
			v.Recent = append(v.Recent, row(a, StateWord(a, b.cfg, now), now))
		}
	}
	return err
}

// running lists what has not ended, however long ago it was accepted, about in
// the order in which it leaves.
func (b *Bot) running(ctx context.Context, now time.Time) ([]store.Announcement, error) {
	list, err := b.store.Unfiled(ctx)
	list = slices.DeleteFunc(list, func(a store.Announcement) bool { return a.State != store.Running })
	slices.SortStableFunc(list, func(x, y store.Announcement) int {
		return cmp.Or(latest(x.NotBefore, now).Compare(latest(y.NotBefore, now)), cmp.Compare(kind(y), kind(x)))
	})
	return list, err
}

// foreseeable is the part of a list that leaves first, newest first, for which
// [Forecast] is quick enough to be asked every second.
func foreseeable(list []store.Announcement) []store.Announcement {
	left := foreseen
	list = slices.DeleteFunc(slices.Clone(list), func(a store.Announcement) bool {
		late := a.Held || left <= 0
		if !late {
			left -= a.Waiting + a.PartsWaiting
		}
		return late
	})
	slices.SortFunc(list, func(x, y store.Announcement) int { return cmp.Compare(y.ID, x.ID) })
	return list
}

// outlook is what is known of an announcement that has not ended.
type outlook struct {
	pace.Span
	next      time.Time // when something of it falls due
	uploading bool      // it waits for that
	full      bool      // the daily ceiling is reached
}

func (b *Bot) outlooks(ctx context.Context, running []store.Announcement, now time.Time) (map[int64]outlook, error) {
	spans, err := Forecast(ctx, b.cfg, b.store, foreseeable(running), now)
	if err != nil {
		return nil, err
	}
	tries, err := b.store.NextTries(ctx)
	if err != nil {
		return nil, err
	}
	uploading, err := b.withoutUpload(ctx, running, now)
	if err != nil {
		return nil, err
	}
	recent, _, err := b.store.RecentDepartures(ctx, now)
	full := b.pace.DailyLimit > 0 && len(recent) >= b.pace.DailyLimit
	list := map[int64]outlook{}
	for _, a := range running {
		list[a.ID] = outlook{spans[a.ID], tries[a.ID], uploading[a.ID], full}
	}
	return list, err
}

// withoutUpload tells which announcements wait for an upload.
func (b *Bot) withoutUpload(ctx context.Context, running []store.Announcement, now time.Time) (map[int64]bool, error) {
	due, err := b.store.DueUploads(ctx, now)
	wait := map[int64]bool{}
	for _, a := range due {
		wait[a.Announcement] = wait[a.Announcement] || a.UploadedAt.IsZero()
	}
	for _, a := range running {
		if a.Urgent && a.Messages > a.Attachments && a.Waiting > 0 {
			delete(wait, a.ID) // urgent words do not
		}
	}
	return wait, err
}

// thoughtOver tells whether an announcement may be shown as a phone will show
// it: it is an ordinary one, nothing has left, nothing but time keeps it, and
// that is soon over, or it has just come.
func (b *Bot) thoughtOver(a store.Announcement, now time.Time) bool {
	soon := a.NotBefore.Sub(now) <= thinkAhead || a.AcceptedAt.Add(b.cfg.Sending.Holdback).After(now)
	return kind(a) == pace.Ordinary && a.Kind == store.KindNews && a.Sent+a.Failed == 0 && !a.Held && a.NotBefore.After(now) && soon && !Election(b.cfg, now)
}

// sketch shows an announcement before it leaves.
func (b *Bot) sketch(ctx context.Context, a store.Announcement, span pace.Span, level page.Level, now time.Time) (page.Draft, error) {
	d := page.Draft{Name: a.Name, Kind: KindWord(a), Urgent: a.Urgent, Recipients: a.Recipients, Leaves: in(now, span.First), Done: in(now, span.Last)}
	switch {
	case level == page.Bad:
		d.Why, d.Leaves, d.Done = "quando gli invii riprendono: perché sono fermi è scritto in alto", time.Time{}, time.Time{}
	case d.Leaves.IsZero():
		d.Why = tooLate(a, span)
	case span.Expired > 0:
		d.Warnings = append(d.Warnings, fmt.Sprintf("Scade troppo presto: %s.", late(span)))
	}
	d.Warnings = append(d.Warnings, warnings(a.Text, a.Attachments, in(now, latest(a.NotBefore, span.First)))...)
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
		d.Warnings = append(d.Warnings, fmt.Sprintf("È uguale a un avviso già accettato il %s (%s).", in(now, at).Format("02/01/2006"), twin))
	}
	return d, err
}

// whyNot says in Italian why nothing of a running announcement leaves at now;
// empty when it does.
func (b *Bot) whyNot(a store.Announcement, o outlook, level page.Level, now time.Time) string {
	soon := now.Add(max(b.cfg.Sending.Every, time.Minute))
	switch {
	case a.Held:
		return "è sospeso da chi gestisce il servizio"
	case level == page.Bad:
		return "gli invii sono fermi: il motivo è scritto in alto"
	case o.First.IsZero() && o.Expired > 0:
		return tooLate(a, o.Span)
	case Election(b.cfg, now) && kind(a) == pace.Ordinary:
		return "aspetta la fine del periodo elettorale"
	case a.NotBefore.After(now):
		return "parte " + moment(latest(a.NotBefore, o.First), now)
	case o.uploading:
		return "l'allegato non è ancora su WhatsApp: il caricamento si ripete da solo"
	case kind(a) == pace.Ordinary && b.cfg.Service.Launch.After(now):
		return "le notizie cominciano con l'avvio del servizio, il " + in(now, b.cfg.Service.Launch).Format("02/01/2006")
	case o.First.IsZero():
		return tooLate(a, o.Span)
	case o.next.After(soon):
		return "chi manca non si è ancora potuto raggiungere: si riprova " + moment(o.First, now)
	case o.First.After(soon) && a.Sent > 0:
		return b.pause(kind(a), o.full, now) + ": riprende " + moment(o.First, now)
	case o.First.After(soon):
		return b.pause(kind(a), o.full, now) + ": parte " + moment(o.First, now)
	}
	return ""
}

// pause says in Italian what keeps announcements of a kind from leaving at now.
func (b *Bot) pause(k pace.Kind, full bool, now time.Time) string {
	hours := pace.Policy{Hours: b.pace.Hours, Location: b.pace.Location}
	switch {
	case hours.Next(now, pace.State{}, k).After(now):
		return fmt.Sprintf("fuori dall'orario di invio (%s)", b.pace.Hours)
	case full:
		return fmt.Sprintf("il massimo di %d messaggi in 24 ore è raggiunto", b.pace.DailyLimit)
	}
	return "dopo gli avvisi che vengono prima"
}

// tooLate says in Italian why an announcement has no forecast.
func tooLate(a store.Announcement, span pace.Span) string {
	switch {
	case span.Expired == 0:
		return "aspetta che partano gli avvisi che vengono prima"
	case a.Sent > 0:
		return "scade prima di poter riprendere: chi non l'ha ancora ricevuto non lo riceverà"
	}
	return "scade prima di poter partire: se serve ancora, toglilo da in_invio e rimettilo in da_inviare con una scadenza più lontana"
}

// ends says in Italian when the last message leaves; empty: nobody knows.
func ends(span pace.Span, now time.Time) string {
	if span.Last.IsZero() {
		return ""
	}
	words := "finisce " + moment(span.Last, now)
	if span.Expired > 0 {
		words += ", ma " + late(span)
	}
	return words
}

// late counts what will not leave in time.
func late(span pace.Span) string {
	if span.Expired == 1 {
		return "un messaggio scade prima di partire"
	}
	return fmt.Sprintf("%d messaggi scadono prima di partire", span.Expired)
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
		r.Note = fmt.Sprintf("cancellato dai telefoni: %d su %d", w.Deleted, w.Asked+w.TooOld)
		if w.Waiting > 0 {
			r.Note += fmt.Sprintf(", ancora da cancellare: %d", w.Waiting)
		}
	} else if w == nil && a.AmendedBy != "" {
		r.Note = "corretto da " + a.AmendedBy
	}
	return r
}

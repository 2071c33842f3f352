package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"banditore/bot/loop"
	"banditore/bot/page"
	"banditore/bot/report"
	"banditore/store"
)

// showAnnouncements puts each announcement where staff look for it: still to be
// thought over, leaving, waiting for something, or ended.
func (d *Desk) showAnnouncements(ctx context.Context, now time.Time, v *page.View) error {
	running, err := d.running(ctx, now)
	if err != nil {
		return err
	}
	outlooks, err := d.outlooks(ctx, running, now)
	if err != nil {
		return err
	}
	for _, a := range running {
		o := outlooks[a.ID]
		why, forecast := d.whyNot(a, o, v.Level, now), ends(o.Span, now)
		if v.Level == page.Bad || o.uploading {
			forecast = "" // nobody knows when it ends
		}
		switch {
		case d.thoughtOver(a, now) && len(v.Second) < pageDrafts:
			draft, err := d.sketch(ctx, a, o.Span, v.Level, now)
			if err != nil {
				return err
			}
			v.Second = append(v.Second, draft)
		case a.Sent+a.Failed > 0 && why == "":
			v.Leaving = append(v.Leaving, page.Leaving{Name: a.Name, Kind: report.KindWord(a), Urgent: a.Urgent,
				Sent: a.Sent, Recipients: a.Recipients, Forecast: forecast})
		default:
			v.Queue = append(v.Queue, page.Queued{Name: a.Name, Kind: report.KindWord(a), Urgent: a.Urgent,
				Sent: a.Sent, Recipients: a.Recipients, Why: cmp.Or(why, "sta per partire"), Forecast: forecast})
		}
	}
	list, err := d.store.Announcements(ctx, pageRows+min(len(running), pageRows))
	for _, a := range list {
		if a.State != store.Running && len(v.Recent) < pageRows {
			v.Recent = append(v.Recent, row(a, report.StateWord(a, d.cfg, now), now))
		}
	}
	return err
}

// running lists what has not ended, however long ago it was accepted, about in
// the order in which it leaves.
func (d *Desk) running(ctx context.Context, now time.Time) ([]store.Announcement, error) {
	list, err := d.store.Unfiled(ctx)
	list = slices.DeleteFunc(list, func(a store.Announcement) bool { return a.State != store.Running })
	slices.SortStableFunc(list, func(x, y store.Announcement) int {
		return cmp.Or(loop.Latest(x.NotBefore, now).Compare(loop.Latest(y.NotBefore, now)), cmp.Compare(y.Priority, x.Priority))
	})
	return list, err
}

// row is an announcement that has ended.
func row(a store.Announcement, state string, now time.Time) page.Row {
	r := page.Row{
		Name: a.Name, Kind: report.KindWord(a), Urgent: a.Urgent, State: state, Accepted: report.In(now, a.AcceptedAt),
		Recipients: a.Recipients, Sent: a.Sent, Delivered: a.Delivered, Read: a.Read, Failed: a.Failed,
	}
	if w := a.Withdrawal; w != nil && w.Asked+w.TooOld > 0 {
		r.Note = fmt.Sprintf("cancellato dai telefoni: %d su %d", w.Deleted, w.Asked+w.TooOld)
		if w.Waiting > 0 {
			r.Note += fmt.Sprintf(", ancora da cancellare: %d", w.Waiting)
		}
	} else if w == nil && a.CorrectedBy != "" {
		r.Note = "corretto da " + a.CorrectedBy
	}
	return r
}

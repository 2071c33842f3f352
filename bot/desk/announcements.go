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
	d.until = time.Time{}
	for _, a := range running {
		o, x := outlooks[a.ID], shown(a)
		why, forecast := d.whyNot(a, o, v.Level, now), ends(o.Span, now)
		if v.Level == page.Bad || o.uploading {
			forecast = "" // nobody knows when it ends
		}
		if forecast != "" {
			d.until = loop.Earliest(d.until, o.Last)
		}
		switch {
		case d.thoughtOver(a, now) && len(v.Second) < pageDrafts:
			draft, err := d.preview(ctx, a, o.Span, v.Level, now)
			if err != nil {
				return err
			}
			v.Second = append(v.Second, draft)
		case a.Sent+a.Failed > 0 && why == "":
			if x.Forecast = forecast; forecast != "" {
				x.Forecast = o.Ends(now)
			}
			v.Leaving = append(v.Leaving, x)
		default:
			x.Why, x.Forecast = cmp.Or(why, "sta per partire"), forecast
			v.Queue = append(v.Queue, x)
		}
	}
	list, err := d.store.Announcements(ctx, pageRows+min(len(running), pageRows))
	for _, a := range list {
		if a.State != store.Running && len(v.Recent) < pageRows {
			v.Recent = append(v.Recent, d.over(a, now))
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

// shown is an announcement as the page shows it wherever it stands.
func shown(a store.Announcement) page.Announcement {
	return page.Announcement{Announcement: a, KindWord: report.KindWord(a)}
}

// over is an announcement that has ended, with what became of it since.
func (d *Desk) over(a store.Announcement, now time.Time) page.Announcement {
	x := shown(a)
	x.StateWord, x.Note = report.StateWord(a, d.cfg, now), note(a)
	return x
}

// note says in Italian what became of an announcement after it had ended; empty:
// nothing.
func note(a store.Announcement) string {
	w := a.Withdrawal
	switch {
	case w == nil && a.CorrectedBy != "":
		return "corretto da " + a.CorrectedBy
	case w == nil || w.Asked+w.TooOld == 0:
		return ""
	}
	words := fmt.Sprintf("cancellato dai telefoni: %d su %d", w.Deleted, w.Asked+w.TooOld)
	if w.Waiting > 0 {
		words += fmt.Sprintf(", ancora da cancellare: %d", w.Waiting)
	}
	return words
}

package inbox

import (
	"context"
	"time"

	"banditore/bot/loop"
	"banditore/store"
)

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

package inbox

import (
	"context"
	"time"

	"banditore/bot/loop"
	"banditore/store"
)

// While no device is linked, what citizens write reaches the Comune's phone alone.
// That phone sends it with its history to the next device that is linked. Until the
// history has been read, or it is clear that none comes, no announcement leaves:
// somebody may have asked to leave.
const (
	// historyPatience is how long after the login the first part is waited for.
	historyPatience = 45 * time.Second
	// historyQuiet is how long after a part another one is waited for.
	historyQuiet = 10 * time.Second
	// historyLimit is how long the history is waited for at all: a phone that never
	// comes to an end must not stop the service.
	historyLimit = 10 * time.Minute
)

// watch is how things stand with the gap before the present link.
type watch struct {
	link  string
	since time.Time // when the link was ready for the first time; zero: it was not yet
	until time.Time // announcements and erasures wait until then; zero: they do not
	over  bool      // nothing more is waited for
}

// Resume is for a start in the middle of a gap. Until the link is ready, when
// WatchHistory goes on, nobody is to be forgotten either, though not without end:
// see [Inbox.Until].
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
// WatchHistory or Resume saw it last; zero: they do not.
func (i *Inbox) Until() time.Time { return i.watch.until }

// WatchHistory looks whether the phone's history is still waited for, and tells
// until when announcements and erasures wait for it; zero: they do not. When the
// wait is over it carries out the registrations that were missed. It is to be called
// while the link is ready, before anything leaves and before anybody is forgotten;
// after an error it is waited for as long as was known before.
func (i *Inbox) WatchHistory(ctx context.Context, now time.Time) (until time.Time, err error) {
	err = i.watchHistory(ctx, now)
	return i.watch.until, err
}

func (i *Inbox) watchHistory(ctx context.Context, now time.Time) error {
	if link := i.line().Link(); i.watch.link != link {
		i.watch = watch{link: link, over: link == "", until: i.watch.until}
	}
	if i.watch.since.IsZero() {
		i.watch.since = now
	}
	if i.watch.over {
		i.watch.until = time.Time{}
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
	i.watch.over, i.watch.until = true, time.Time{}
	return nil
}

// gapEnds is until when announcements wait, as things stand. Parts that are known
// to be there count, too: they are waited for as long as they are tried.
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

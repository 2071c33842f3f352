package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"banditore/bot/config"
	"banditore/bot/loop"
	"banditore/bot/pace"
	"banditore/bot/settings"
	"banditore/store"
)

// Forecast says when the first and the last message that waits of each running
// announcement will leave, by its ID: inside the hours, and at the pace, or as fast as
// WhatsApp takes them if that is slower. What is held has no forecast, and nothing has
// while there is no link. It reads the store only, so that it is as good while the
// daemon does not run: then as if it started now.
func Forecast(ctx context.Context, cfg config.Config, db *store.Store, list []store.Announcement, now time.Time) (map[int64]Foretold, error) {
	policy, err := settings.Policy(cfg)
	if err != nil {
		return nil, err
	}
	link, _, err := db.Link(ctx)
	if err != nil || Unlinked(link) {
		return nil, err // nobody knows
	}
	recent, _, err := db.RecentSends(ctx, policy.DailyLimit, now)
	if err != nil {
		return nil, err
	}
	red, err := redUntil(ctx, db, link)
	if err != nil {
		return nil, err
	}
	tries, err := db.NextTries(ctx)
	if err != nil {
		return nil, err
	}
	deletions, due, err := db.Deletions(ctx)
	if err != nil {
		return nil, err
	}
	capped, err := db.Capped(ctx, now)
	if err != nil {
		return nil, err
	}
	loads, ids := loads(list, tries, capped)
	if len(ids) == 0 {
		return nil, nil
	}
	// Deletions are on no list, and leave behind what is urgent, before the rest.
	loads = append(loads, pace.Load{Waiting: min(deletions, foreseen), NotBefore: due, Priority: store.Urgent})
	state := pace.State{Red: red}
	if n := len(recent) - policy.DailyLimit; n >= 0 && len(recent) > 0 {
		state.NthLast = recent[n]
	}
	fast, err := reached(ctx, cfg, db, policy, state, link.Since, loads, now)
	if err != nil {
		return nil, err
	}
	spans := fast.policy.Forecast(now, pace.State{LastAnnouncement: fast.last, Red: red}, recent, loads)
	byID := make(map[int64]Foretold, len(spans))
	for i, id := range ids {
		byID[id] = Foretold{spans[i], fast.perMinute(loads[i].Priority)}
	}
	return byID, nil
}

// redUntil is the moment before which nothing of an announcement leaves: the
// end of a suspension or of a red light, as far as it is known.
func redUntil(ctx context.Context, db *store.Store, link store.Link) (time.Time, error) {
	lights, err := db.RedLights(ctx)
	until := link.Until
	for _, r := range lights {
		until = loop.Latest(until, r.Until)
	}
	return until, err
}

// loads is what remains to be sent, as the outbox takes it: corrections first, then
// the oldest announcement. Nobody knows when those get it who never wrote to us, while
// WhatsApp caps new chats.
func loads(list []store.Announcement, tries map[int64]time.Time, capped map[int64]int) (loads []pace.Load, ids []int64) {
	list = slices.Clone(list)
	slices.Reverse(list)
	slices.SortStableFunc(list, func(x, y store.Announcement) int {
		return cmp.Compare(min(y.Corrects, 1), min(x.Corrects, 1))
	})
	for _, a := range list {
		waiting := a.Waiting + a.PartsWaiting - capped[a.ID]
		if a.State != store.Running || a.Held || waiting <= 0 {
			continue
		}
		loads = append(loads, pace.Load{Waiting: waiting, NotBefore: loop.Latest(a.NotBefore, tries[a.ID]), Priority: a.Priority, Expires: a.Expires})
		ids = append(ids, a.ID)
	}
	return loads, ids
}

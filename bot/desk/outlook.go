package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"banditore/store"
)

// foreseen is for how many messages, about, the page says when they leave: what
// leaves in a week, at one in six seconds.
const foreseen = 100_000

// foreseeable is the part of a list that leaves first, newest first, for which
// [Forecast] is quick enough to be asked every second.
func foreseeable(list []store.Announcement) []store.Announcement {
	room := foreseen
	list = slices.DeleteFunc(slices.Clone(list), func(a store.Announcement) bool {
		late := a.Held || room <= 0
		if !late {
			room -= a.Waiting + a.PartsWaiting
		}
		return late
	})
	slices.SortFunc(list, func(x, y store.Announcement) int { return cmp.Compare(y.ID, x.ID) })
	return list
}

// outlook is what is known of an announcement that has not ended.
type outlook struct {
	Foretold
	next      time.Time // when the next message may be sent
	uploading bool      // it waits for an upload
	full      bool      // the daily ceiling is reached
	capped    bool      // all that waits is for people who never wrote, and WhatsApp caps new chats
}

func (d *Desk) outlooks(ctx context.Context, running []store.Announcement, now time.Time) (map[int64]outlook, error) {
	spans, err := Forecast(ctx, d.cfg, d.store, foreseeable(running), now)
	if err != nil {
		return nil, err
	}
	tries, err := d.store.NextTries(ctx)
	if err != nil {
		return nil, err
	}
	uploading, err := d.withoutUpload(ctx, running, now)
	if err != nil {
		return nil, err
	}
	capped, err := d.store.Capped(ctx, now)
	if err != nil {
		return nil, err
	}
	recent, _, err := d.store.RecentSends(ctx, d.pace.DailyLimit, now)
	full := d.pace.DailyLimit > 0 && len(recent) >= d.pace.DailyLimit
	list := map[int64]outlook{}
	for _, a := range running {
		strangers := capped[a.ID] > 0 && capped[a.ID] >= a.Waiting+a.PartsWaiting
		list[a.ID] = outlook{spans[a.ID], tries[a.ID], uploading[a.ID], full, strangers}
	}
	return list, err
}

// withoutUpload tells which announcements wait for an upload.
func (d *Desk) withoutUpload(ctx context.Context, running []store.Announcement, now time.Time) (map[int64]bool, error) {
	due, err := d.store.DueUploads(ctx, now)
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

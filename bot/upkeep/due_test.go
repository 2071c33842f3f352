package upkeep

import (
	"testing"
	"testing/synctest"
	"time"

	"banditore/store"
)

// What falls due without the network wakes the loop for it.
func TestNext(t *testing.T) {
	t.Parallel()
	now := time.Now()
	soon, later := now.Add(time.Minute), now.Add(2*time.Minute)
	for name, c := range map[string]struct {
		due  store.Due
		want time.Time
	}{
		"old rows":            {store.Due{}, later},
		"an erasure":          {store.Due{Erasure: soon}, soon},
		"an expiry":           {store.Due{Expiring: soon}, soon},
		"the end of capping":  {store.Due{Uncapped: soon}, soon},
		"something to send":   {store.Due{Answer: soon, Delivery: [3]time.Time{soon, soon, soon}}, later},
		"something afterward": {store.Due{Erasure: later.Add(1), Expiring: later.Add(1), Uncapped: later.Add(1)}, later},
	} {
		u := New(Options{})
		u.purgeNext = later
		if got := u.Next(c.due, time.Time{}); !got.Equal(c.want) {
			t.Errorf("%s: in %v, want %v", name, got.Sub(now), c.want.Sub(now))
		}
	}
}

// Old rows are looked for once an hour, whatever else wakes the loop.
func TestOldRowsAreLookedForEachHour(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, 1)
		if got := time.Until(r.due(time.Time{})); got != time.Hour {
			t.Fatalf("next in %v", got)
		}
		time.Sleep(20 * time.Minute)
		if got := time.Until(r.due(time.Time{})); got != 40*time.Minute {
			t.Errorf("then in %v", got)
		}
	})
}

// The hash of who left goes after remember_days.
func TestG5_HashesAreNotKeptForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, 1)
		r.leave(0)
		r.due(time.Time{})
		time.Sleep(89 * 24 * time.Hour)
		r.due(time.Time{})
		if r.forgotten.Empty() {
			t.Fatal("gone too early")
		}
		time.Sleep(48 * time.Hour)
		r.due(time.Time{})
		if !r.forgotten.Empty() {
			t.Error("still kept")
		}
	})
}

// What has become pointless ends at its moment; the page and the folder hear of it,
// and nobody waits for it any more.
func TestWhatExpires(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, 1)
		now := time.Now()
		ends := now.Add(30 * time.Minute)
		r.publish(store.Content{Name: "a.txt", File: "a.txt", Text: "a", AcceptedAt: now, NotBefore: now, Expires: ends})
		if next := r.due(time.Time{}); !next.Equal(ends) || rang(r.changed) || rang(r.folder) {
			t.Fatalf("next in %v; rang: %v, %v", time.Until(next), rang(r.changed), rang(r.folder))
		}
		time.Sleep(30 * time.Minute)
		next := r.due(time.Time{})
		if !rang(r.changed) || !rang(r.folder) {
			t.Errorf("rang for the page: %v, for the folder: %v", rang(r.changed), rang(r.folder))
		}
		if !next.After(time.Now()) {
			t.Error("it is waited for still")
		}
		list, err := r.db.Announcements(t.Context(), 0)
		if err != nil || len(list) != 1 || list[0].Expired != 1 || list[0].State != store.Finished {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

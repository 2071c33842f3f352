package store

import (
	"testing"
	"time"
)

// Everybody is looked at when something has changed of what is amended, and once in a
// while; in between it costs nothing, however long the list. What was caught once is
// taken away here behind the store's back, so that a look can be told from none.
func TestCatchUpLooksAtEverybodyOnlyWhenSomethingChanged(t *testing.T) {
	t.Parallel()
	for name, amend := range map[string]func(*town, Announcement) int64{
		"correction": func(tw *town, a Announcement) int64 { return tw.publish(correction(a, noon())).ID },
		"withdrawal": func(tw *town, a Announcement) (id int64) {
			tw.withdraw(a.ID, noon())
			must(tw.t, tw.db.QueryRow(`SELECT id FROM announcements WHERE kind = 'withdrawal'`).Scan(&id))
			return id
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tw := newTown(t)
			tw.crowd(3)
			a := tw.publish(announcement("a.txt"))
			tw.sendAt(noon())
			hand := tw.claim(noon())
			id := amend(tw, a)
			amended := func() (n int) {
				t.Helper()
				must(t, tw.db.QueryRow(`SELECT count(*) FROM deliveries WHERE announcement = ?`, id).Scan(&n))
				return n
			}
			all := amended()
			now := noon()
			expect := func(what string, pause time.Duration, want int) {
				t.Helper()
				now = now.Add(pause)
				tw.catchUp(now)
				equal(t, what, amended(), want)
				_, err := tw.db.Exec(`UPDATE deliveries SET state = 'sent' WHERE announcement = ?`, id) // or it would count as unsubscribed
				must(t, err)
				_, err = tw.db.Exec(`DELETE FROM deliveries WHERE id = (SELECT min(id) FROM deliveries WHERE announcement = ?)`, id)
				must(t, err)
			}
			expect("at first", time.Minute, all)
			expect("a minute later", time.Minute, all-1)
			must(t, tw.Sent(t.Context(), hand, now))
			expect("when one has left", time.Second, all+1)
			must(t, tw.Receipts(t.Context(), Receipt{IDs: []string{hand.MessageID}, State: Delivered, At: now}))
			expect("when one has arrived", time.Second, all)
			expect("an hour later", time.Hour, all+1)
			equal(t, "counts", tw.look(a.ID).Sent, 2)
		})
	}
}

// A deletion that waits becomes too old though nothing changes.
func TestDeletionsGetTooOldWhileNothingChanges(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(2)
	a := tw.publish(announcement("a.txt"))
	tw.sendAt(noon())
	tw.sendAt(noon().Add(10 * time.Minute))
	tw.withdraw(a.ID, noon().Add(20*time.Minute))
	for _, step := range []struct {
		at      time.Duration
		waiting int
	}{{0, 2}, {time.Minute, 2}, {deleteWindow, 1}, {deleteWindow + time.Minute, 1}, {deleteWindow + 10*time.Minute, 0}} {
		tw.catchUp(noon().Add(step.at))
		equal(t, step.at.String(), tw.look(a.ID).Withdrawal.Waiting, step.waiting)
	}
}

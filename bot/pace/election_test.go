package pace

import (
	"testing"
	"time"

	"banditore/store"
)

// From the calling of an election to the vote only what is indispensable leaves:
// the urgent, and what somebody has released. The clock goes forward meanwhile.
func TestG6_Election(t *testing.T) {
	t.Parallel()
	election := Window{at(t, "2026-03-01 00:00:00 +01"), at(t, "2026-03-30 00:00:00 +02")}
	for _, c := range []struct{ name, hours, now, ordinary, released string }{
		{"the evening before", "08:00-20:00", "2026-02-28 19:59:59 +01", "2026-02-28 19:59:59 +01", "2026-02-28 19:59:59 +01"},
		{"the night before", "08:00-20:00", "2026-02-28 20:00:00 +01", "2026-03-30 08:00:00 +02", "2026-03-01 08:00:00 +01"},
		{"last moment", "00:00-24:00", "2026-02-28 23:59:59 +01", "2026-02-28 23:59:59 +01", "2026-02-28 23:59:59 +01"},
		{"first moment", "00:00-24:00", "2026-03-01 00:00:00 +01", "2026-03-30 00:00:00 +02", "2026-03-01 00:00:00 +01"},
		{"in the middle", "08:00-20:00", "2026-03-10 12:00:00 +01", "2026-03-30 08:00:00 +02", "2026-03-10 12:00:00 +01"},
		{"the day of the vote", "08:00-20:00", "2026-03-29 23:59:59 +02", "2026-03-30 08:00:00 +02", "2026-03-30 08:00:00 +02"},
		{"the vote is over", "00:00-24:00", "2026-03-30 00:00:00 +02", "2026-03-30 00:00:00 +02", "2026-03-30 00:00:00 +02"},
		{"hours over midnight", "20:00-06:00", "2026-03-28 22:00:00 +01", "2026-03-30 00:00:00 +02", "2026-03-28 22:00:00 +01"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := Policy{Hours: hours(t, c.hours), Location: rome(t), Election: election}
			now := at(t, c.now)
			for k, want := range map[store.Priority]string{store.Ordinary: c.ordinary, store.Released: c.released, store.Urgent: c.now} {
				if got := p.Next(now, State{}, k); !got.Equal(at(t, want)) {
					t.Errorf("priority %d: got %v, want %s", k, got.In(p.Location), want)
				}
			}
		})
	}
}

// What is released keeps to everything else.
func TestG6_ReleasedKeepsToTheLaunch(t *testing.T) {
	t.Parallel()
	now := at(t, "2026-03-10 12:00:00 +01")
	p := Policy{Location: rome(t), Launch: now.AddDate(0, 0, 2), Election: Window{now.AddDate(0, 0, -5), now.AddDate(0, 0, 20)}}
	if got, want := p.Next(now, State{}, store.Released), at(t, "2026-03-12 00:00:00 +01"); !got.Equal(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Under a red light nothing leaves, however urgent; once it is over, the hours
// count again.
func TestG7_RedLight(t *testing.T) {
	t.Parallel()
	p := Policy{Every: 6 * time.Second, UrgentEvery: time.Second, Hours: hours(t, "08:00-20:00"), Location: rome(t)}
	now, evening := at(t, "2026-07-01 12:00:00 +02"), at(t, "2026-07-01 22:00:00 +02")
	for _, c := range []struct {
		name  string
		state State
		want  map[store.Priority]time.Time
	}{
		{"over", State{Red: now.Add(-time.Hour)}, map[store.Priority]time.Time{store.Ordinary: now, store.Released: now, store.Urgent: now}},
		{"an hour", State{Red: now.Add(time.Hour)}, map[store.Priority]time.Time{store.Ordinary: now.Add(time.Hour), store.Released: now.Add(time.Hour), store.Urgent: now.Add(time.Hour)}},
		{"shorter than the pace", State{Red: now.Add(2 * time.Second), LastAnnouncement: now}, map[store.Priority]time.Time{store.Ordinary: now.Add(6 * time.Second), store.Urgent: now.Add(2 * time.Second)}},
		{"until the evening", State{Red: evening}, map[store.Priority]time.Time{store.Ordinary: evening.Add(10 * time.Hour), store.Released: evening.Add(10 * time.Hour), store.Urgent: evening}},
	} {
		for k, want := range c.want {
			if got := p.Next(now, c.state, k); !got.Equal(want) {
				t.Errorf("%s, priority %d: got %v, want %v", c.name, k, got, want)
			}
		}
	}
}

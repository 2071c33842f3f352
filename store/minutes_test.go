package store

import "testing"

// The days tell how many came and went, and merging two entries of one person
// is neither.
func TestDays(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	note := func(day string) { must(t, tw.NoteDay(t.Context(), day)) }
	tw.subscribe(Person{Number: number})
	tw.subscribe(Person{LID: lid})
	tw.crowd(3)
	note("2026-11-23")
	tw.handle(Person{number, lid}, noon(), func(i *Inbox) error { return i.Subscribe(Details{"Mario", "Rossi", "Saronno"}, Evidence{}) })
	tw.leave(citizen(1), noon())
	note("2026-11-24")
	note("2026-11-24")
	tw.citizens(5, 6)
	note("2026-11-24")
	list, err := tw.Days(t.Context(), "2026-11-24")
	must(t, err)
	equal(t, "days", len(list), 1)
	equal(t, "day", list[0], Day{Day: "2026-11-24", Subscribers: 4, Joined: 1, Unsubscribed: 1})
}

// Each link of the chain of minutes follows the one before, and a link that
// another holds does not change.
func TestMinutes(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	a, b := tw.publish(announcement("1.txt")), tw.publish(announcement("2.txt"))
	must(t, tw.KeepMinutes(t.Context(), a.ID, [32]byte{1}))
	must(t, tw.KeepMinutes(t.Context(), a.ID, [32]byte{2})) // written again after a crash
	last, own, err := tw.LastMinutes(t.Context(), b.ID)
	must(t, err)
	equal(t, "the one before", last, Minutes{1, [32]byte{2}})
	equal(t, "its own", own, Minutes{})
	must(t, tw.KeepMinutes(t.Context(), b.ID, [32]byte{3}))
	must(t, tw.KeepMinutes(t.Context(), a.ID, [32]byte{9}))
	last, own, err = tw.LastMinutes(t.Context(), b.ID)
	must(t, err)
	equal(t, "the one before, still", last, Minutes{1, [32]byte{2}})
	equal(t, "its own", own, Minutes{2, [32]byte{3}})
}

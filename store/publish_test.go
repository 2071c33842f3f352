package store

import (
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"
)

func TestPublishIsIdempotent(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(3)
	first := tw.publish(announcement("fiera.txt"))
	tw.subscribe(citizen(99))
	again := tw.publish(announcement("fiera.txt"))
	equal(t, "the same", again.ID, first.ID)
	equal(t, "recipients", again.Recipients, 3)
	equal(t, "deliveries", tw.rows("deliveries"), 3)
	must(t, tw.Filed(t.Context(), first.ID))
	if next := tw.publish(announcement("fiera.txt")); next.ID == first.ID || next.Recipients != 4 {
		t.Fatalf("after filing: got %+v", next.Counts)
	}
}

func TestPublishWithoutRecipientsHasEnded(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	a := tw.publish(announcement("fiera.txt"))
	equal(t, "state", a.State, Finished)
	equal(t, "counts", a.Counts, Counts{})
	unfiled, err := tw.Unfiled(t.Context())
	must(t, err)
	equal(t, "unfiled", len(unfiled), 1)
}

func TestG1_PreviewGoesToPreviewNumbersOnly(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(3)
	a := announcement("prova.txt")
	a.Preview, a.PreviewNumbers = true, []Number{number, newNumber, number}
	published := tw.publish(a)
	equal(t, "recipients", published.Recipients, 2)
	first, second := tw.claim(noon()), tw.claim(noon())
	equal(t, "first", first.To, Person{Number: number})
	equal(t, "second", second.To, Person{Number: newNumber})
	equal(t, "urgent", first.Urgent, true)
}

func TestRecentlyPublished(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	look := func(file, text string, since time.Time) string {
		name, ok, err := tw.RecentlyPublished(t.Context(), file, ContentHash(text), since)
		must(t, err)
		equal(t, "found", ok, name != "")
		return name
	}
	a := announcement("a.txt")
	published := tw.publish(a)
	equal(t, "double", look("b.txt", a.Text, noon()), "a.txt")
	equal(t, "itself", look("a.txt", a.Text, noon()), "")
	equal(t, "other text", look("b.txt", a.Text+".", noon()), "")
	equal(t, "long ago", look("b.txt", a.Text, noon().Add(time.Millisecond)), "")
	_, err := tw.Stop(t.Context(), published.ID)
	must(t, err)
	equal(t, "stopped before it left", look("b.txt", a.Text, noon()), "")

	b := announcement("b.txt")
	sent := tw.publish(b)
	must(t, tw.Sent(t.Context(), tw.claim(noon()), noon()))
	must(t, tw.Filed(t.Context(), sent.ID))
	equal(t, "same file name, sent before", look("b.txt", b.Text, noon()), "b.txt")
	tw.withdraw(sent.ID, noon())
	equal(t, "withdrawn", look("b.txt", b.Text, noon()), "")

	p := announcement("p.txt")
	p.Preview = true
	tw.publish(p)
	equal(t, "preview", look("q.txt", p.Text, noon()), "")
}

// Nobody is always the last: over many announcements everybody is, in turn. The list
// goes round, and misses nobody.
func TestOrderIsFair(t *testing.T) {
	t.Parallel()
	const people, announcements = 10, 200
	tw := newTown(t)
	tw.crowd(people)
	must(t, tw.inTx(t.Context(), func(tx *sql.Tx) error {
		for n := range announcements {
			a := announcement(fmt.Sprint(n, ".txt"))
			id, err := insertAnnouncement(t.Context(), tx, a)
			if err != nil {
				return err
			}
			if err := addDeliveries(t.Context(), tx, id, a, idPrefix); err != nil {
				return err
			}
		}
		return nil
	}))
	rows, err := tw.db.Query(`SELECT subscriber FROM deliveries ORDER BY announcement, id`)
	must(t, err)
	order, err := column[int64](rows)
	must(t, err)
	equal(t, "deliveries", len(order), people*announcements)
	last := map[int64]int{}
	for one := range slices.Chunk(order, people) {
		for i, who := range one[1:] {
			equal(t, "who comes next", who, one[i]%people+1)
		}
		last[one[people-1]]++
	}
	for who := range int64(people) {
		if n := last[who+1]; n < announcements/people/2 || n > announcements/people*2 {
			t.Errorf("person %d was the last %d times of %d", who+1, n, announcements)
		}
	}
}

// Every message has an ID of its own, in one form, and the parts of somebody's come
// one after the other.
func TestG2_IDsAreTheirOwn(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(40)
	tw.publish(flyer("a.txt", 3))
	p := flyer("p.txt", 2)
	p.Preview, p.PreviewNumbers = true, []Number{number, number}
	tw.publish(p)
	rows, err := tw.db.Query(`SELECT message_id FROM deliveries`)
	must(t, err)
	ids, err := column[string](rows)
	must(t, err)
	equal(t, "messages", len(ids), 40*3+2)
	for _, id := range ids {
		if !regexp.MustCompile(`^3EB0[0-9A-F]{18}$`).MatchString(id) {
			t.Errorf("ID %q", id)
		}
	}
	slices.Sort(ids)
	equal(t, "different ones", len(slices.Compact(ids)), 40*3+2)
	var wrong int
	must(t, tw.db.QueryRow(`SELECT count(*) FROM deliveries d JOIN deliveries b ON b.id = d.id - 1
		WHERE d.part > 0 AND (b.part <> d.part - 1 OR b.subscriber IS NOT d.subscriber)`).Scan(&wrong))
	equal(t, "out of turn", wrong, 0)
}

// An announcement for some towns goes to their residents.
func TestG1_Comuni(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	for n, town := range []string{"Saronno", "Uboldo", "Origgio"} {
		tw.handle(citizen(n), noon(), func(i *Inbox) error { return i.Subscribe(Details{"Mario", "Rossi", town}, Evidence{}) })
	}
	a := announcement("1.txt")
	a.Comuni = []string{"Uboldo", "Origgio"}
	a.AcceptedAt = noon().Add(time.Minute)
	id := tw.publish(a).ID
	equal(t, "recipients", tw.look(id).Recipients, 2)
	for n, town := range []string{"Saronno", "Origgio"} {
		tw.handle(citizen(10+n), noon(), func(i *Inbox) error { return i.Subscribe(Details{"Ada", "Rossi", town}, Evidence{}) })
	}
	equal(t, "recipients with who came late", tw.look(id).Recipients, 3)
}

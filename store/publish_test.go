package store

import (
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

// Nobody is always the last: over many announcements everybody is, in turn.
func TestOrderIsFair(t *testing.T) {
	t.Parallel()
	const people, announcements = 10, 200
	last := map[int64]int{}
	list := make([]int64, people)
	for i := range list {
		list[i] = int64(i)
	}
	for a := range int64(announcements) {
		order := inTurn(list, a+1)
		if len(order) != people {
			t.Fatalf("announcement %d goes to %d of %d people", a+1, len(order), people)
		}
		last[order[people-1]]++
	}
	for _, who := range list {
		if n := last[who]; n < announcements/people/2 || n > announcements/people*2 {
			t.Errorf("person %d was the last %d times of %d", who, n, announcements)
		}
	}
	if got := inTurn(nil, 7); len(got) != 0 {
		t.Errorf("an empty list became %v", got)
	}
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

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

func TestAnnouncementsNewestFirst(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	for _, name := range []string{"a.txt", "b.txt", "c.txt"} {
		tw.publish(announcement(name))
	}
	for limit, want := range map[int]string{0: "c.txtb.txta.txt", 1: "c.txt", 2: "c.txtb.txt", 9: "c.txtb.txta.txt"} {
		list, err := tw.Announcements(t.Context(), limit)
		must(t, err)
		var got string
		for _, a := range list {
			got += a.Name
		}
		equal(t, "names", got, want)
	}
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

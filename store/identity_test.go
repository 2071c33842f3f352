package store

import (
	"errors"
	"testing"
	"time"
)

// However a person is addressed, and in whatever order, they are one subscriber,
// and a cancellation under any address takes them off the list.
func TestNumberAndLIDAreOnePerson(t *testing.T) {
	t.Parallel()
	both, byNumber, byLID := Person{number, lid}, Person{Number: number}, Person{LID: lid}
	for _, c := range []struct {
		name   string
		texts  []Person
		want   Person
		cancel Person
	}{
		{"LID, cancelled by number", []Person{both}, both, byNumber},
		{"number, cancelled by LID", []Person{both}, both, byLID},
		{"LID then both", []Person{byLID, both}, both, byNumber},
		{"number then both", []Person{byNumber, both}, both, byLID},
		{"both then LID", []Person{both, byLID}, both, byNumber},
		{"both then number", []Person{both, byNumber}, both, byLID},
		{"LID then number then both", []Person{byLID, byNumber, both}, both, byLID},
		{"number then LID then both", []Person{byNumber, byLID, both}, both, byNumber},
		{"new number", []Person{{newNumber, lid}, both}, both, byNumber},
		{"LID only", []Person{byLID}, byLID, both},
		{"number only", []Person{byNumber}, byNumber, both},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			tw := newTown(t)
			for _, p := range c.texts {
				tw.subscribe(p)
			}
			equal(t, "person", tw.only().Person, c.want)
			tw.leave(c.cancel, noon())
			equal(t, "subscribers", tw.rows("subscribers"), 0)
			equal(t, "erasures", tw.rows("erasures"), 1)
		})
	}
}

// A text that changes nothing still tells that a number and a LID are one.
func TestAnyTextIdentifies(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.subscribe(Person{Number: number})
	tw.handle(Person{number, lid}, noon(), func(i *Inbox) error { return i.Answer(Other, "?") })
	equal(t, "person", tw.only().Person, Person{number, lid})
	equal(t, "erasures", tw.rows("erasures"), 0)
}

func TestRecycledNumberIsAnotherPerson(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.subscribe(Person{number, lid})
	other := Person{number, otherLID}
	tw.handle(other, noon(), func(i *Inbox) error {
		_, known, err := i.Subscriber()
		equal(t, "known", known, false)
		return errors.Join(err, i.Answer(Other, "?"))
	})
	equal(t, "former owner, by another's mere text", tw.only().Person, Person{number, lid})
	tw.handle(other, noon(), func(i *Inbox) error { return i.Subscribe(Details{"Ada", "De Carli", "Uboldo"}, Evidence{}) })
	equal(t, "subscribers", tw.rows("subscribers"), 2)
	equal(t, "former owner", tw.list()[0].Person, Person{LID: lid})
	tw.leave(other, noon())
	equal(t, "who is left", tw.only().Person, Person{LID: lid})
}

// A cancellation counts under either identity: when the LID of a number has
// changed we cannot know whether the number has a new owner, and to go on
// writing to somebody who wants to leave is the worse mistake.
func TestCancellationUnderTheNumberAlone(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.subscribe(Person{number, lid})
	tw.handle(Person{number, otherLID}, noon(), func(i *Inbox) error { return i.Answer(Other, "?") })
	tw.leave(Person{number, otherLID}, noon())
	equal(t, "subscribers", tw.rows("subscribers"), 0)
	gone := map[Person]bool{}
	for _, p := range tw.due(noon().Add(30 * 24 * time.Hour)) {
		gone[p] = true
	}
	equal(t, "both identities are forgotten", gone[Person{number, lid}] && gone[Person{number, otherLID}], true)
}

// Who registers again with the same number and name under another LID is the
// same person: WhatsApp has given them a new one.
func TestLIDThatChanges(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.subscribe(Person{number, lid})
	tw.publish(announcement("1.txt"))
	tw.subscribe(Person{number, otherLID})
	equal(t, "entry", tw.only().Person, Person{number, otherLID})
	equal(t, "goes to", tw.claim(noon()).To, Person{number, otherLID})
	equal(t, "deliveries", tw.rows("deliveries"), 1)
}

// Two entries become one: each announcement is left with the delivery that got
// further, and nobody is sent one twice (G2).
func TestG2_MergeKeepsOneDelivery(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.subscribe(Person{Number: number})
	first, second, third := tw.publish(announcement("1.txt")), tw.publish(announcement("2.txt")), Announcement{}
	o := tw.claim(noon())
	must(t, tw.Sent(t.Context(), o, noon())) // 1.txt, when the LID was not on the list yet
	tw.subscribe(Person{LID: lid})
	third = tw.publish(announcement("3.txt"))
	equal(t, "recipients", third.Recipients, 2)

	tw.handle(Person{number, lid}, noon(), func(i *Inbox) error { return i.Subscribe(Details{"Mario", "Rossi", "Saronno"}, Evidence{}) })

	equal(t, "person", tw.only().Person, Person{number, lid})
	equal(t, "1.txt", tw.look(first.ID).Counts, Counts{Recipients: 1, Sent: 1})
	equal(t, "2.txt", tw.look(second.ID).Counts, Counts{Recipients: 1, Waiting: 1})
	equal(t, "3.txt", tw.look(third.ID).Counts, Counts{Recipients: 2, Waiting: 1, Unsubscribed: 1})
	equal(t, "deliveries", tw.rows("deliveries"), 3)
}

func TestMergeKeepsWhatGotFurther(t *testing.T) {
	t.Parallel()
	order := []string{"failed", "pending", "sending", "sent", "delivered", "read"}
	for a, older := range order {
		for b, newer := range order {
			t.Run(older+" and "+newer, func(t *testing.T) {
				t.Parallel()
				tw := newTown(t)
				tw.subscribe(Person{Number: number})
				tw.subscribe(Person{LID: lid})
				tw.publish(announcement("1.txt"))
				for id, state := range []string{older, newer} {
					_, err := tw.db.Exec("UPDATE deliveries SET state = ? WHERE subscriber = ?", state, id+1)
					must(t, err)
				}
				tw.subscribe(Person{number, lid})
				var left string
				must(t, tw.db.QueryRow("SELECT state FROM deliveries").Scan(&left))
				equal(t, "left", left, order[max(a, b)])
				equal(t, "deliveries", tw.rows("deliveries"), 1)
			})
		}
	}
}

// Two entries turn out to be one person's, of whom the one has begun to get what
// the other waits for: they get the rest.
func TestG2_MergedInMidAnnouncement(t *testing.T) {
	t.Parallel()
	for _, first := range []string{"number", "LID"} {
		t.Run(first, func(t *testing.T) {
			t.Parallel()
			tw := newTown(t)
			tw.subscribe(Person{Number: number})
			tw.subscribe(Person{LID: lid})
			a := tw.publish(flyer("a.txt", 2))
			tw.upload(noon())
			o := tw.claim(noon())
			if (o.To.Number != "") != (first == "number") {
				must(t, tw.Postpone(t.Context(), o, noon().Add(time.Second)))
				o = tw.claim(noon())
			}
			must(t, tw.Sent(t.Context(), o, noon()))
			tw.handle(Person{number, lid}, noon(), func(*Inbox) error { return nil })
			equal(t, "list", tw.only().Person, Person{number, lid})
			equal(t, "part", tw.sendAt(noon().Add(time.Minute)).Part, 1)
			equal(t, "state", tw.look(a.ID).State, Finished)
		})
	}
}

// A pending edit follows the person, not the number: to their new LID, and never to
// who has their number now.
func TestG1_AnEditFollowsThePerson(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		name string
		want LID
	}{"a new LID of theirs": {"Mario", "999"}, "a new owner of their number": {"Anna", lid}} {
		tw := newTown(t)
		tw.subscribe(Person{number, lid})
		a := tw.publish(announcement("a.txt"))
		sent := tw.sendAt(noon())
		tw.publish(correction(a, noon()))
		hand := tw.claim(noon())
		must(t, tw.PutBack(t.Context(), hand))
		tw.handle(Person{number, "999"}, noon(), func(i *Inbox) error {
			return i.Subscribe(Details{c.name, "Rossi", "Saronno"}, Evidence{})
		})
		edit := tw.sendAt(noon())
		equal(t, what+": LID", edit.To.LID, c.want)
		equal(t, what+": target", edit.Target, sent.MessageID)
		equal(t, what+": number", edit.To.Number == number, c.want != lid)
		equal(t, what+": deletions", tw.withdraw(a.ID, noon()).Withdrawal.Asked, 1)
		equal(t, what+": deleted at", tw.sendAt(noon()).To.LID, c.want)
	}
}

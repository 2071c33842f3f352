package store

import (
	"errors"
	"testing"
	"time"
)

const (
	number    = Number("+393331234567")
	newNumber = Number("+393337654321")
	lid       = LID("123456789012345")
	otherLID  = LID("987654321098765")
)

func TestG3_IncomingTextIsHandledOnce(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	calls := 0
	handle := func(id string, from Person, at time.Time) bool {
		fresh, err := tw.Handle(t.Context(), Incoming{ID: id, From: from, At: at}, at, tw.newID, func(i *Inbox) error {
			calls++
			return i.Answer(Other, "ciao")
		})
		must(t, err)
		return fresh
	}
	equal(t, "first time", handle("A", Person{Number: number, LID: lid}, noon()), true)
	equal(t, "again", handle("A", Person{Number: number, LID: lid}, noon()), false)
	equal(t, "again, number only", handle("A", Person{Number: number}, noon()), false)
	equal(t, "again, LID only", handle("A", Person{LID: lid}, noon()), false)
	equal(t, "same ID of another sender", handle("A", Person{LID: otherLID}, noon()), true)
	equal(t, "other ID", handle("B", Person{LID: lid}, noon()), true)
	equal(t, "after 30 days", handle("A", Person{LID: lid}, noon().Add(31*24*time.Hour)), true)
	equal(t, "decisions", calls, 4)
	equal(t, "answers", tw.rows("answers"), 4)
	equal(t, "remembered", tw.rows("handled"), 1)
}

func TestG3_ErrorUndoesEverything(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	in := Incoming{ID: "A", From: Person{Number: number}, At: noon()}
	boom := errors.New("boom")
	decide := func(fail error) func(*Inbox) error {
		return func(i *Inbox) error {
			if err := i.Subscribe(Details{"Mario", "Rossi", "Saronno"}, Evidence{}); err != nil {
				return err
			}
			if err := i.Answer(Confirmation, "ciao"); err != nil {
				return err
			}
			return fail
		}
	}
	fresh, err := tw.Handle(t.Context(), in, noon(), tw.newID, decide(boom))
	if fresh || !errors.Is(err, boom) {
		t.Fatalf("got %v, %v", fresh, err)
	}
	for _, table := range []string{"subscribers", "answers", "handled", "erasures"} {
		equal(t, table, tw.rows(table), 0)
	}
	fresh, err = tw.Handle(t.Context(), in, noon(), tw.newID, decide(nil))
	must(t, err)
	equal(t, "fresh", fresh, true)
	equal(t, "number", tw.only().Number, number)
	equal(t, "since", tw.only().Since, noon())
}

func TestHandleRefusesNobody(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	for _, in := range []Incoming{{ID: "A"}, {From: Person{LID: lid}}, {ID: "A", From: Person{Number: "333"}}} {
		_, err := tw.Handle(t.Context(), in, noon(), tw.newID, func(*Inbox) error { t.Error("decided"); return nil })
		if err == nil {
			t.Errorf("%v: no error", in.ID)
		}
	}
}

// However a person is addressed, and in whatever order, he is one subscriber,
// and a cancellation under any address takes him off the list.
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
// same person: WhatsApp has given him a new one.
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

func TestSubscribeAgainBringsDetailsUpToDate(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.subscribe(Person{number, lid})
	tw.handle(Person{LID: lid}, noon().Add(time.Hour), func(i *Inbox) error {
		sub, known, err := i.Subscriber()
		equal(t, "known", known, true)
		equal(t, "name", sub.FamilyName, "Rossi")
		return errors.Join(err, i.Subscribe(Details{"Maria", "Bianchi", "Uboldo"}, Evidence{}))
	})
	equal(t, "entry", tw.only(), Subscriber{ID: 1, Person: Person{number, lid}, Details: Details{"Maria", "Bianchi", "Uboldo"}, Since: noon(),
		Evidence: Evidence{MessageID: "in-ID2", Written: noon().Add(time.Hour)}})
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

func TestCancelTakesWhatWaits(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	me := Person{number, lid}
	tw.handle(me, noon(), func(i *Inbox) error {
		return errors.Join(i.Subscribe(Details{"Mario", "Rossi", "Saronno"}, Evidence{}), i.Answer(Confirmation, "Benvenuto"))
	})
	a := tw.publish(announcement("1.txt"))
	tw.leave(me, noon())
	equal(t, "state", tw.look(a.ID).State, Finished)
	equal(t, "counts", tw.look(a.ID).Counts, Counts{Recipients: 1, Unsubscribed: 1})
	equal(t, "what is left to say", tw.claimAnswer(noon()).Answer, Goodbye)
	_, more, err := tw.ClaimAnswer(t.Context(), noon())
	must(t, err)
	equal(t, "more", more, false)
}

func TestStrangersAreForgottenAfterADay(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.handle(Person{LID: lid}, noon(), func(i *Inbox) error { return i.Answer(Other, "?") })
	due, err := tw.NextDue(t.Context(), noon())
	must(t, err)
	equal(t, "due", due.Erasure, noon().Add(24*time.Hour))
	people, err := tw.DueErasures(t.Context(), noon().Add(24*time.Hour-time.Millisecond))
	must(t, err)
	equal(t, "too early", len(people), 0)
	people, err = tw.DueErasures(t.Context(), noon().Add(24*time.Hour))
	must(t, err)
	equal(t, "people", len(people), 1)
	equal(t, "was on the list", people[0].UnsubscribedAt, time.Time{})

	tw.subscribe(Person{number, lid})
	equal(t, "erasures after a subscription", tw.rows("erasures"), 0)
	tw.handle(Person{LID: lid}, noon(), func(i *Inbox) error { return i.Answer(Other, "?") })
	equal(t, "erasures of a subscriber", tw.rows("erasures"), 0)
}

// A stranger known by his number turns out to be a subscriber.
func TestG3_IdentifiedSubscriberIsNotForgotten(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.subscribe(Person{LID: lid})
	tw.handle(Person{Number: number}, noon(), func(i *Inbox) error { return i.Answer(Other, "?") })
	equal(t, "erasures", tw.rows("erasures"), 1)
	tw.handle(Person{number, lid}, noon(), func(i *Inbox) error { return i.Answer(Other, "?") })
	equal(t, "erasures", tw.rows("erasures"), 0)
	equal(t, "subscriber", tw.only().Person, Person{number, lid})
}

func TestOldAnswersAreForgotten(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.subscribe(Person{LID: lid})
	ask := func(at time.Time) {
		tw.handle(Person{LID: lid}, at, func(i *Inbox) error { return i.Answer(Other, "?") })
	}
	ask(noon())
	must(t, tw.Sent(t.Context(), tw.claimAnswer(noon()), noon()))
	ask(noon()) // this one never leaves, and stays
	ask(noon().Add(30 * 24 * time.Hour))
	equal(t, "answers after 30 days", tw.rows("answers"), 3)
	ask(noon().Add(31 * 24 * time.Hour))
	equal(t, "answers after 31 days", tw.rows("answers"), 3)
}

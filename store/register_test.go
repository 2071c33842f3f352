package store

import (
	"errors"
	"testing"
	"time"
)

// Two texts make one registration; the proof holds both, and when the
// confirmation was taken.
func TestSignupInTwoMessages(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	p := Person{number, lid}
	ask := Signup{Asked: AskedDetails, Details: Details{GivenName: "Eva"}, Words: "Attiva Notizie Eva"}
	tw.handle(p, noon(), func(i *Inbox) error { return errors.Join(i.Ask(ask, time.Hour), i.Answer(Incomplete, "Ci manca")) })
	equal(t, "to be forgotten", len(tw.due(noon().Add(time.Hour))), 1)
	equal(t, "not before", len(tw.due(noon().Add(time.Hour-time.Second))), 0)
	look := func(from Person, at time.Time) (s Signup, ok bool) {
		tw.handle(from, at, func(i *Inbox) (err error) {
			s, ok, err = i.Signup()
			return errors.Join(err, i.Answer(Help, "?"))
		})
		return s, ok
	}
	got, ok := look(Person{LID: lid}, noon().Add(59*time.Minute))
	equal(t, "waits", ok, true)
	equal(t, "what is known", got, ask)
	_, ok = look(p, noon().Add(time.Hour))
	equal(t, "worth nothing after an hour", ok, false)

	tw.handle(p, noon().Add(time.Minute), func(i *Inbox) error {
		return errors.Join(i.Subscribe(Details{"Eva", "Rossi", "Saronno"}, Evidence{Words: "Attiva Notizie Eva\nRossi Saronno", Wording: "v"}),
			i.Answer(Confirmation, "Fatto"), i.Answer(Card, ""))
	})
	equal(t, "sign-ups", tw.rows("signups"), 0)
	equal(t, "erasures", tw.rows("erasures"), 0)
	equal(t, "confirmed", tw.only().Confirmed, time.Time{})
	for range 4 { // the help and the question come first
		must(t, tw.Sent(t.Context(), tw.claimAnswer(noon().Add(2*time.Hour)), noon().Add(2*time.Hour)))
	}
	equal(t, "confirmed", tw.only().Confirmed, noon().Add(2*time.Hour))
	equal(t, "words", tw.only().Words, "Attiva Notizie Eva\nRossi Saronno")
}

// A text that changes nothing leaves no trace, and may be decided upon again;
// of a stranger it is remembered that he is to be forgotten.
func TestG5_NothingIsRememberedOfNothing(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.subscribe(Person{number, lid})
	before := tw.rows("handled")
	write := func(from Person, want bool) {
		t.Helper()
		decided := false
		fresh, err := tw.Handle(t.Context(), Incoming{ID: tw.newID(), From: from, At: noon()}, noon(), tw.newID, func(*Inbox) error { decided = true; return nil })
		must(t, err)
		equal(t, "decided", decided, true)
		equal(t, "fresh", fresh, want)
	}
	write(Person{number, lid}, false)
	equal(t, "handled", tw.rows("handled"), before)
	equal(t, "erasures", tw.rows("erasures"), 0)
	write(Person{LID: otherLID}, true)
	write(Person{LID: otherLID}, false)
	equal(t, "handled", tw.rows("handled"), before+1)
	equal(t, "to be forgotten", len(tw.due(noon().Add(24*time.Hour))), 1)
}

func TestCardsLeaveLast(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	for n := range 3 {
		tw.handle(citizen(n), noon().Add(time.Duration(n)*time.Second), func(i *Inbox) error {
			return errors.Join(i.Answer(Confirmation, "Benvenuto"), i.Answer(Card, ""))
		})
	}
	due, err := tw.NextDue(t.Context(), noon())
	must(t, err)
	equal(t, "due", due.Answer, noon())
	for _, want := range []AnswerKind{Confirmation, Confirmation, Confirmation, Card, Card, Card} {
		o := tw.claimAnswer(noon().Add(time.Hour))
		equal(t, "kind", o.Answer, want)
		equal(t, "replies to a message", o.RepliesTo != "", true)
	}
}

// What could not be decrypted and then could is no more complained about.
func TestReadableWithdrawsTheComplaint(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	complain := func(p Person) {
		fresh, err := tw.Handle(t.Context(), Incoming{ID: "M", From: p, At: noon(), Unreadable: true}, noon(), tw.newID, func(i *Inbox) error {
			return i.AnswerLater(Unreadable, "Scrivi di nuovo", noon().Add(time.Minute))
		})
		must(t, err)
		equal(t, "fresh", fresh, true)
	}
	complain(Person{LID: lid})
	complain(Person{LID: otherLID})
	equal(t, "complaints", tw.rows("answers"), 2)
	_, err := tw.Handle(t.Context(), Incoming{ID: "M", From: Person{number, lid}, At: noon()}, noon(), tw.newID, func(*Inbox) error { return nil })
	must(t, err)
	equal(t, "complaints", tw.rows("answers"), 1)
	equal(t, "to", tw.claimAnswer(noon().Add(time.Minute)).To, Person{LID: otherLID})
}

func TestWithdrawAndAnswered(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	p := Person{number, lid}
	tw.handle(p, noon(), func(i *Inbox) error {
		return errors.Join(i.AnswerLater(Already, "1", noon().Add(time.Hour)), i.Answer(Other, "2"))
	})
	tw.handle(p, noon().Add(time.Minute), func(i *Inbox) error {
		for since, want := range map[time.Time]bool{noon().Add(-time.Second): true, noon(): false} {
			got, err := i.Answered(Other, since)
			must(t, err)
			equal(t, "answered", got, want)
		}
		return i.Withdraw(Already, Confirmation)
	})
	equal(t, "answers", tw.rows("answers"), 1)
}

func TestGap(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	gap := func() Gap {
		g, err := tw.Gap(t.Context())
		must(t, err)
		return g
	}
	equal(t, "never linked", gap(), Gap{})
	must(t, tw.BeginGap(t.Context(), "first"))
	must(t, tw.CloseGap(t.Context()))
	tw.handle(Person{number, lid}, noon(), func(i *Inbox) error { return i.Answer(Other, "?") })
	must(t, tw.BeginGap(t.Context(), "first"))
	equal(t, "the same link", gap(), Gap{Link: "first", Closed: true})
	must(t, tw.BeginGap(t.Context(), "second"))
	equal(t, "another link", gap(), Gap{Link: "second", From: noon()})
	tw.handle(Person{number, lid}, noon().Add(time.Hour), func(i *Inbox) error { return i.Answer(Other, "?") })
	must(t, tw.NoteHistory(t.Context(), noon().Add(2*time.Hour)))
	equal(t, "what comes over it does not move its beginning", gap(), Gap{Link: "second", From: noon(), Read: noon().Add(2 * time.Hour)})
	must(t, tw.BeginGap(t.Context(), "third"))
	equal(t, "a link that ends before its gap was closed", gap(), Gap{Link: "third", From: noon()})
}

// A text may come after others that were written later. What was said since by
// the same person counts, and small talk does not.
func TestSuperseded(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.handle(Person{number, lid}, noon(), func(i *Inbox) error { return i.NoteWish(WishOut) })
	tw.handle(Person{number, lid}, noon().Add(time.Hour), func(i *Inbox) error { return i.Answer(Other, "?") })
	for at, want := range map[time.Time]bool{noon().Add(-time.Second): true, noon(): false, noon().Add(time.Second): false} {
		_, err := tw.Handle(t.Context(), Incoming{ID: "H", From: Person{LID: lid}, At: at}, noon(), tw.newID, func(i *Inbox) error {
			got, err := i.Superseded(WishIn, WishOut)
			equal(t, "superseded", got, want)
			other, err2 := i.Superseded(WishIn)
			equal(t, "superseded by another wish", other, false)
			return errors.Join(err, err2)
		})
		must(t, err)
	}
}

func TestRecordIsAllThatIsHeld(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	p := Person{number, lid}
	nothing, err := tw.Record(t.Context(), p)
	must(t, err)
	equal(t, "nothing", nothing.Nothing(), true)
	tw.handle(p, noon(), func(i *Inbox) error {
		return errors.Join(i.Subscribe(Details{"Mario", "Rossi", "Saronno"}, Evidence{Words: "Attiva"}), i.Answer(Confirmation, "Benvenuto"))
	})
	tw.publish(announcement("1.txt"))
	r, err := tw.Record(t.Context(), Person{Number: number})
	must(t, err)
	equal(t, "person", r.Person, p)
	equal(t, "words", r.Subscriber.Words, "Attiva")
	equal(t, "deliveries", r.Deliveries[0].Announcement, "1.txt")
	equal(t, "answers", r.Answers[0].Text, "Benvenuto")
	equal(t, "texts", len(r.Handled), 1)
	equal(t, "to be forgotten", r.Forgotten, time.Time{})
	tw.leave(p, noon())
	r, err = tw.Record(t.Context(), p)
	must(t, err)
	equal(t, "on the list", r.Subscriber == nil, true)
	equal(t, "to be forgotten", r.Forgotten.IsZero(), false)
	gone, err := tw.DueErasures(t.Context(), r.Forgotten)
	must(t, err)
	equal(t, "was on the list", len(gone) == 1 && gone[0].UnsubscribedAt.Equal(noon()), true)
}

// Old rows go, once a day at most, and leave their counts.
func TestPurge(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(3)
	old, running := tw.publish(announcement("old.txt")), tw.publish(announcement("running.txt"))
	for range 3 {
		must(t, tw.Sent(t.Context(), tw.claim(noon()), noon()))
	}
	month := noon().Add(30 * 24 * time.Hour)
	purge := func(now, before time.Time, want int64) {
		t.Helper()
		n, err := tw.Purge(t.Context(), now, before)
		must(t, err)
		equal(t, "deleted", n, want)
	}
	purge(month, noon(), 0)
	purge(month.Add(time.Hour), month, 0) // not yet again
	purge(month.Add(24*time.Hour), month, 3)
	equal(t, "counts", tw.look(old.ID).Counts, Counts{Recipients: 3, Sent: 3})
	equal(t, "running", tw.look(running.ID).Counts, Counts{Recipients: 3, Waiting: 3})
	equal(t, "rows", tw.rows("deliveries"), 3)
}

func TestNthLastAnswer(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	for n := range 3 {
		tw.handle(citizen(n), noon(), func(i *Inbox) error { return i.Answer(Other, "?") })
		at := noon().Add(time.Duration(n) * 20 * time.Second)
		must(t, tw.Sent(t.Context(), tw.claimAnswer(at), at))
	}
	for n, want := range map[int]time.Time{1: noon().Add(40 * time.Second), 3: noon(), 4: {}} {
		at, err := tw.NthLastAnswer(t.Context(), n, time.Minute, noon().Add(50*time.Second))
		must(t, err)
		equal(t, "nth last", at, want)
	}
	at, err := tw.NthLastAnswer(t.Context(), 3, time.Minute, noon().Add(61*time.Second))
	must(t, err)
	equal(t, "a minute later", at, time.Time{})
}

func TestWordingIsKept(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	must(t, tw.KeepWording(t.Context(), "v1", "Testo", noon()))
	must(t, tw.KeepWording(t.Context(), "v1", "Altro", noon().Add(time.Hour)))
	text, since, ok, err := tw.Wording(t.Context(), "v1")
	must(t, err)
	equal(t, "known", ok, true)
	equal(t, "text", text, "Testo")
	equal(t, "since", since, noon())
}

// Whose text waited for us, while a file did not, still gets the announcement.
func TestG3_LateRegistrationGetsWhatCameAfterIt(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	a := tw.publish(announcement("1.txt")) // at noon
	register := func(p Person, at time.Time) {
		_, err := tw.Handle(t.Context(), Incoming{ID: tw.newID(), From: p, At: at}, noon().Add(time.Minute), tw.newID,
			func(i *Inbox) error { return i.Subscribe(Details{"Eva", "Rossi", "Saronno"}, Evidence{}) })
		must(t, err)
	}
	register(citizen(1), noon().Add(-time.Hour))
	register(citizen(2), noon().Add(time.Second))
	register(citizen(1), noon().Add(-time.Hour)) // again
	equal(t, "counts", tw.look(a.ID).Counts, Counts{Recipients: 2, Waiting: 2})
	equal(t, "first", tw.claim(noon().Add(time.Hour)).To, citizen(0))
	equal(t, "second", tw.claim(noon().Add(time.Hour)).To, citizen(1))
}

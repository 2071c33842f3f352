package store

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// open is the question that is open for somebody, as the store holds it.
func (tw *town) open(p Person) (q Question) {
	tw.t.Helper()
	r, err := tw.Record(tw.t.Context(), p)
	must(tw.t, err)
	if r.Question != nil {
		q = *r.Question
	}
	return q
}

func (tw *town) ask(p Person, at time.Time, q Question) {
	tw.t.Helper()
	tw.handle(p, at, func(i *Inbox) error { return i.Ask(q, time.Hour) })
}

// A question may be put to anybody; only who is not on the list is forgotten because
// they were asked.
func TestQuestionsToAnybody(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.subscribe(Person{number, lid})
	leave := Question{Asked: AskedLeave, Words: "non mi interessa"}
	tw.ask(Person{number, lid}, noon(), leave)
	tw.ask(Person{LID: otherLID}, noon(), leave)
	equal(t, "erasures", tw.rows("erasures"), 1)
	equal(t, "of", tw.due(noon().Add(time.Hour))[0], Person{LID: otherLID})
	leave.Since = noon()
	equal(t, "kept", tw.open(Person{number, lid}), leave)
	tw.handle(Person{number, lid}, noon(), func(i *Inbox) error { return i.DropQuestion() })
	equal(t, "dropped", tw.open(Person{number, lid}), Question{})
	equal(t, "questions", tw.rows("questions"), 1)
}

// A question that is put again keeps since when it is open, and another begins anew.
func TestSinceWhenAQuestionIsOpen(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	p := Person{number, lid}
	at := func(minutes int) time.Time { return noon().Add(time.Duration(minutes) * time.Minute) }
	tw.ask(p, at(0), Question{Asked: AskedDetails, Details: Details{GivenName: "Eva"}})
	tw.ask(p, at(50), Question{Asked: AskedDetails, Details: Details{GivenName: "Eva", FamilyName: "Rossi"}, Since: at(9999)})
	equal(t, "again", tw.open(p), Question{Asked: AskedDetails, Details: Details{GivenName: "Eva", FamilyName: "Rossi"}, Since: at(0)})
	tw.ask(p, at(55), Question{Asked: AskedCheck})
	equal(t, "another", tw.open(p), Question{Asked: AskedCheck, Since: at(55)})
	tw.ask(p, at(55+61), Question{Asked: AskedCheck})
	equal(t, "after it was worth nothing", tw.open(p).Since, at(55+61))
	equal(t, "questions", tw.rows("questions"), 1)
}

// A registration and a cancellation end any question.
func TestWhatEndsQuestions(t *testing.T) {
	t.Parallel()
	for what, end := range map[string]func(*Inbox) error{
		"a registration": func(i *Inbox) error { return i.Subscribe(Details{"Eva", "Rossi", "Saronno"}, Evidence{}) },
		"a cancellation": func(i *Inbox) error { _, err := i.Cancel(); return err },
	} {
		for _, asked := range []Asked{AskedDetails, AskedCheck, AskedLeave} {
			tw := newTown(t)
			p := Person{number, lid}
			tw.subscribe(p)
			tw.ask(p, noon(), Question{Asked: asked})
			tw.handle(p, noon(), end)
			equal(t, string(asked)+" after "+what, tw.rows("questions"), 0)
		}
	}
}

// The question to somebody on the list is found under their LID, with or without the
// number. A number alone may be somebody else's by now: what was asked under it waits
// for whoever turns out to have it.
func TestQuestionsFollowThePerson(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.subscribe(Person{number, lid})
	tw.ask(Person{LID: lid}, noon(), Question{Asked: AskedLeave})
	look := func(p Person) (found bool) {
		tw.handle(p, noon(), func(i *Inbox) (err error) {
			_, found, err = i.Question()
			return errors.Join(err, i.Answer(Help, "?"))
		})
		return found
	}
	equal(t, "by LID", look(Person{LID: lid}), true)
	equal(t, "by both", look(Person{number, lid}), true)
	equal(t, "by number alone", look(Person{Number: number}), false)
	equal(t, "of a new owner of the number", look(Person{number, otherLID}), false)
	tw.ask(Person{Number: number}, noon(), Question{Asked: AskedCheck})
	equal(t, "asked under the number alone", look(Person{number, otherLID}), true)

	// Two were asked who turn out to be one: the newer is open.
	tw.ask(Person{Number: newNumber}, noon(), Question{Asked: AskedDetails})
	tw.ask(Person{LID: "777"}, noon().Add(time.Second), Question{Asked: AskedCheck})
	tw.handle(Person{newNumber, "777"}, noon().Add(time.Minute), func(i *Inbox) error { return i.Answer(Help, "?") })
	equal(t, "open", tw.open(Person{newNumber, "777"}).Asked, AskedCheck)
	equal(t, "questions", tw.rows("questions"), 3)
}

// G5: what is asked of somebody on the list goes too when it is worth nothing any
// more, at the latest a day later.
func TestG5_OverdueQuestionsGo(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(2)
	purge := func(at time.Time) { _, err := tw.Purge(t.Context(), at, at.Add(-time.Hour)); must(t, err) }
	purge(noon())
	tw.ask(citizen(0), noon(), Question{Asked: AskedLeave, Words: "basta"})
	tw.ask(citizen(1), noon().Add(24*time.Hour), Question{Asked: AskedLeave, Words: "basta"})
	purge(noon().Add(24 * time.Hour))
	equal(t, "questions", tw.rows("questions"), 1)
	equal(t, "the one that is still good", tw.open(citizen(1)).Words, "basta")
	purge(noon().Add(48 * time.Hour))
	equal(t, "questions", tw.rows("questions"), 0)
}

// A correction of details leaves the proof of the consent as it was, and adds where
// the new ones come from.
func TestG3_Correct(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	p := Person{number, lid}
	tw.handle(p, noon(), func(i *Inbox) error {
		return i.Subscribe(Details{"Elena", "Castelli", "Saronno"}, Evidence{Words: "Attiva Notizie Elena Castelli Saronno", Wording: "v"})
	})
	want := tw.only()
	tw.handle(Person{LID: lid}, noon().Add(time.Hour), func(i *Inbox) error {
		return i.Correct(Details{"Elena", "Castellini", "Saronno"}, "scusa, Castellini")
	})
	want.FamilyName, want.Words = "Castellini", want.Words+"\nscusa, Castellini"
	equal(t, "entry", tw.only(), want)
	for _, long := range []string{strings.Repeat("è", longestWords), strings.Repeat("à", longestWords/4)} {
		tw.handle(p, noon(), func(i *Inbox) error { return i.Correct(want.Details, long) })
		words := tw.only().Words
		if len(words) > longestWords || !strings.HasPrefix(words, "Attiva Notizie Elena") || !strings.HasSuffix(words, "\n"+long[:longestWords/2]) {
			t.Errorf("%d bytes are kept: %.60q…", len(words), words)
		}
	}
	tw.handle(Person{LID: otherLID}, noon(), func(i *Inbox) error { return i.Correct(Details{}, "cognome: Rossi") })
	equal(t, "a stranger's", tw.rows("subscribers"), 1)
}

// Whoever was asked and never answered is forgotten with the question.
func TestG5_AStrangersQuestionGoesWithThem(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	p := Person{number, lid}
	tw.ask(p, noon(), Question{Asked: AskedDetails, Details: Details{GivenName: "Eva"}, Words: "Attiva Notizie Eva"})
	erased := func() (gone bool) {
		gone, err := tw.Erased(t.Context(), p)
		must(t, err)
		return gone
	}
	equal(t, "erased before", erased(), false)
	must(t, tw.Erase(t.Context(), tw.due(noon().Add(time.Hour))))
	equal(t, "erased", erased(), true)
	equal(t, "questions", tw.rows("questions"), 0)
}

// Who has left, and then says something that sounds like leaving, is forgotten no
// later for being asked; who wants to come back is waited for.
func TestG5_AQuestionDelaysNoErasure(t *testing.T) {
	t.Parallel()
	for asked, want := range map[Asked]int{AskedLeave: 1, AskedDetails: 0, AskedCheck: 0} {
		tw := newTown(t)
		tw.crowd(1)
		tw.leave(citizen(0), noon())
		must(t, tw.Sent(t.Context(), tw.claimAnswer(noon()), noon()))
		tw.ask(citizen(0), noon().Add(time.Second), Question{Asked: asked, Words: "Era ora"})
		equal(t, string(asked), len(tw.due(noon().Add(time.Minute))), want)
		tw.handle(citizen(1), noon(), func(i *Inbox) error { return i.ForgetAfter(time.Second) }) // who has only written
		tw.ask(citizen(1), noon(), Question{Asked: asked})
		equal(t, string(asked)+" of a stranger", len(tw.due(noon().Add(time.Minute))), want)
	}
}

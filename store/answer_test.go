package store

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestAnswersLeaveInOrder(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	for n := range 3 {
		tw.handle(citizen(n), noon().Add(time.Duration(n)*time.Second), func(i *Inbox) error { return i.Answer(Other, fmt.Sprint(n)) })
	}
	_, ok, err := tw.ClaimAnswer(t.Context(), noon().Add(-time.Second))
	must(t, err)
	equal(t, "before it is due", ok, false)
	for n := range 3 {
		o := tw.claimAnswer(noon().Add(time.Minute))
		equal(t, "text", o.Text, fmt.Sprint(n))
		equal(t, "recipient", o.To, citizen(n))
		equal(t, "kind", o.Answer, Other)
		equal(t, "announcement", o.Announcement, 0)
	}
	n, err := tw.Waiting(t.Context())
	must(t, err)
	equal(t, "waiting", n, 3)
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
		for since, want := range map[time.Time]int{noon().Add(-time.Second): 1, noon(): 0} {
			got, err := i.Answered(Other, since)
			must(t, err)
			equal(t, "answered", got, want)
		}
		return i.Withdraw(Already, Confirmation)
	})
	equal(t, "answers", tw.rows("answers"), 1)
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

// Who has to write first gets what waited for them as soon as they do.
func TestWhoWritesGetsWhatWaitedForThat(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(2)
	tw.publish(announcement("1.txt"))
	waiting, other := tw.claim(noon()), tw.claim(noon())
	must(t, tw.Retry(t.Context(), waiting, noon().Add(24*time.Hour), NoToken))
	must(t, tw.Retry(t.Context(), other, noon().Add(time.Hour), Rejected))
	now := noon().Add(time.Minute)
	tw.handle(waiting.To, now, func(i *Inbox) error { return i.Answer(Other, "Qui nessuno legge") })
	equal(t, "theirs", tw.claim(now).MessageID, waiting.MessageID)
	_, ok, err := tw.ClaimDelivery(t.Context(), now, Ordinary, editWindow)
	must(t, err)
	equal(t, "the other's", ok, false)
}

// Emergencies are answered before anything else, whoever has waited for how long;
// what nobody waits for leaves last.
func TestG9_EmergenciesLeaveFirst(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	order := []AnswerKind{Emergency, Confirmation, Office, Privacy, Card}
	for n, kind := range []AnswerKind{Card, Privacy, Confirmation, Office, Emergency} {
		tw.handle(citizen(n), noon().Add(time.Duration(n)*time.Second), func(i *Inbox) error { return i.Answer(kind, "112") })
	}
	tw.handle(citizen(9), noon(), func(i *Inbox) error { return i.AnswerLater(Emergency, "112", noon().Add(time.Hour)) })
	due, err := tw.NextDue(t.Context(), noon())
	must(t, err)
	equal(t, "due", due.Answer, noon())
	given, err := tw.AnswersSince(t.Context(), noon().Add(-time.Hour))
	must(t, err)
	equal(t, "people who were given an answer that they wait for", len(given), 4)
	for _, want := range order {
		equal(t, "kind", tw.claimAnswer(noon().Add(time.Minute)).Answer, want)
	}
	due, err = tw.NextDue(t.Context(), noon())
	must(t, err)
	equal(t, "due", due.Answer, noon().Add(time.Hour))
}

// What somebody at the Comune should read stays unread on its phone.
func TestG3_WhatIsNotUnderstoodStaysUnread(t *testing.T) {
	t.Parallel()
	for kind, want := range map[AnswerKind]bool{
		Confirmation: true, Goodbye: true, Help: true, MyData: true, OptIn: true, Incomplete: true,
		Other: false, Again: false, Office: false, Emergency: false, Leaving: false, Call: false, Unreadable: false, Privacy: false, Card: false,
	} {
		equal(t, string(kind), kind.Command(), want)
	}
}

package inbox

import (
	"context"
	"strings"
	"time"

	"banditore/bot/citizen"
	"banditore/store"
)

// Held is what the store holds on somebody, as it is worded for them: the answer to
// "I miei dati" and the export of one person are made of it, so that they say the
// same.
func Held(r store.Record) citizen.Held {
	h := citizen.Held{
		Number: string(r.Number), LID: string(r.LID),
		Announcements: len(r.Deliveries), Answers: len(r.Answers), Handled: len(r.Handled),
	}
	details, words := store.Details{}, ""
	switch {
	case r.Subscriber != nil:
		s := r.Subscriber
		h.Subscribed, h.Since = true, s.Since
		h.Code, h.OnlyUrgent = string(s.Code), s.NewsFrom.Equal(store.Never())
		if !h.OnlyUrgent {
			h.NewsFrom = s.NewsFrom
		}
		h.Written, h.Confirmed, h.MessageID, h.Wording, h.Source = s.Written, s.Confirmed, s.MessageID, s.Wording, s.Source
		details, words = s.Details, s.Words
	case r.Question != nil:
		details, words = r.Question.Details, r.Question.Words
	}
	if r.Question != nil {
		h.Pending = string(r.Question.Asked)
	}
	if r.Question != nil && r.Subscriber != nil {
		h.Proposed, h.ProposedWords = oneLine(r.Question.Details), r.Question.Words
	}
	h.GivenName, h.FamilyName, h.Comune, h.Words = details.GivenName, details.FamilyName, details.Comune, words
	return h
}

// oneLine is a person as an answer names them, as far as they are known.
func oneLine(d store.Details) string {
	return strings.Trim(strings.Join(strings.Fields(d.GivenName+" "+d.FamilyName), " ")+", "+d.Comune, ", ")
}

// MyData is the answer to somebody who asks what we hold on them, as things stand
// while it is in the outbox. It is kept nowhere: who could not decrypt it gets another.
func (i *Inbox) MyData(ctx context.Context, p store.Person) (string, error) {
	record, err := i.store.Record(ctx, p)
	if err != nil {
		return "", err
	}
	h := Held(record)
	h.Answers = max(0, h.Answers-1) // this one, which the words count
	return i.texts.MyData(time.Now(), h), nil
}

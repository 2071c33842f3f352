package inbox

import (
	"time"

	"banditore/bot/citizen"
	"banditore/bot/loop"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// leave takes the sender off the list. It is done also when he gets no answer.
func (r *reply) leave() error {
	was, err := r.in.Cancel()
	switch {
	case err != nil:
		return err
	case was:
		return r.say(store.Goodbye, r.texts.Goodbye(r.now))
	case r.history && !r.asked && (r.before || r.in.Complete()):
		return store.ErrNothing // they never got an answer that could need another, and may have been forgotten since
	case r.before:
		return nil // WhatsApp is not asked again about all who ever left
	case r.history, !r.silentUntil.IsZero():
		return r.in.Deny("")
	}
	r.answers++
	return r.in.Deny(r.texts.NotRegistered(r.now))
}

// subscribe puts the sender on the list, or asks for his yes.
func (r *reply) subscribe() error {
	details := detailsOf(r.request)
	if r.doubleOptIn && !r.known && !r.agreed {
		return r.ask(store.AskedConsent, store.OptIn, r.texts.OptIn(r.now, r.request))
	}
	version, _ := r.texts.Wording()
	if err := r.in.Subscribe(details, store.Evidence{Words: r.words, Wording: version}); err != nil {
		return err
	}
	if err := r.in.Withdraw(store.Confirmation, store.Already); err != nil {
		return err
	}
	if r.known {
		return r.promise(store.Already, r.texts.Already(r.now, r.request))
	}
	if err := r.promise(store.Confirmation, r.texts.Confirmation(r.now, r.request, r.late())); err != nil {
		return err
	}
	return r.in.AnswerLater(store.Card, "", loop.Latest(r.now, r.silentUntil))
}

// askDetails asks for what is missing. A subscriber misses nothing: he is told
// that he is one.
func (r *reply) askDetails() error {
	if r.known {
		d := r.sub.Details
		return r.say(store.Already, r.texts.Already(r.now, citizen.Request{GivenName: d.GivenName, FamilyName: d.FamilyName, Comune: d.Comune}))
	}
	return r.ask(store.AskedDetails, store.Incomplete, r.texts.Incomplete(r.now, r.request))
}

// ask keeps what is known until the sender has answered the question, or has
// not.
func (r *reply) ask(asked store.Asked, kind store.AnswerKind, question string) error {
	if !r.silentUntil.IsZero() {
		return nil
	}
	err := r.in.Ask(store.Signup{Asked: asked, Details: detailsOf(r.request), Words: r.words}, r.keepQuestions)
	if err != nil {
		return err
	}
	return r.say(kind, question)
}

// myData tells the sender what we hold on him, this question included.
func (r *reply) myData() error {
	if !r.silentUntil.IsZero() {
		return nil
	}
	record, err := r.in.Record()
	if err != nil {
		return err
	}
	return r.say(store.MyData, r.texts.MyData(r.now, Held(record)))
}

// other answers what is no command, once a day; thanks, emoji and stickers are
// not answered at all.
func (r *reply) other() error {
	switch {
	case r.asked && r.signup.Asked == store.AskedConsent && r.request.Shade == citizen.No:
		if err := r.in.Drop(); err != nil {
			return err
		}
		return r.say(store.NotRegistered, r.texts.NotRegistered(r.now))
	case r.text.Kind == whatsapp.KindSticker, r.spoke() && r.request.Shade != citizen.Plain:
		return nil
	case r.history:
		return nil
	}
	return r.onceADay(store.Other, r.texts.Other(r.now), r.now)
}

// spoke tells whether there are words at all: a voice note has none that we can
// read, and is a message all the same.
func (r *reply) spoke() bool { return r.text.Kind == whatsapp.KindText || r.text.Body != "" }

func (r *reply) onceADay(kind store.AnswerKind, text string, due time.Time) error {
	told, err := r.in.Answered(kind, r.now.Add(-onceIn))
	if err != nil || told || !r.silentUntil.IsZero() {
		return err
	}
	r.answers++
	return r.in.AnswerLater(kind, text, due)
}

// say answers, unless the sender has had enough answers for now.
func (r *reply) say(kind store.AnswerKind, text string) error {
	if !r.silentUntil.IsZero() {
		return nil
	}
	r.answers++
	return r.in.Answer(kind, text)
}

// promise answers in any case, if need be when the silence is over: who has
// been put on the list must hear of it.
func (r *reply) promise(kind store.AnswerKind, text string) error {
	r.answers++
	return r.in.AnswerLater(kind, text, loop.Latest(r.now, r.silentUntil))
}

// late is when the sender wrote, if it is long ago, so that the answer owes him
// an apology.
func (r *reply) late() time.Time {
	if r.history || r.now.Sub(r.text.At) >= lateAfter {
		return r.text.At
	}
	return time.Time{}
}

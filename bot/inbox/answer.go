package inbox

import (
	"time"

	"banditore/bot/citizen"
	"banditore/bot/loop"
	"banditore/bot/whatsapp"
	"banditore/store"
)

const (
	// onceIn is how often, at most, somebody gets the same answer to what is no
	// command.
	onceIn = 24 * time.Hour
	// lateAfter is after how long an answer begs pardon for being late.
	lateAfter = 24 * time.Hour
)

// leave takes the sender off the list, also when they have had enough answers.
func (r *reply) leave() error {
	was, err := r.tx.Cancel()
	switch {
	case err != nil:
		return err
	case was:
		return r.say(store.Goodbye, r.texts.Goodbye(r.now))
	case r.history && !r.asked && (r.before || r.tx.Complete()):
		return store.ErrNothing // there is nothing to undo, and they may have been forgotten since
	case r.before:
		return nil // else WhatsApp would be asked again about everybody who ever left
	case r.history, !r.silentUntil.IsZero():
		return r.tx.Deny("")
	}
	r.answers++
	return r.tx.Deny(r.texts.NotRegistered(r.now))
}

// subscribe puts the sender on the list, or asks for a yes first.
func (r *reply) subscribe() error {
	details := detailsOf(r.request)
	if r.doubleOptIn && !r.known && !r.agreed {
		return r.ask(store.AskedCheck, store.OptIn, r.texts.OptIn(r.now, r.request))
	}
	version, _ := r.texts.Wording()
	if err := r.tx.Subscribe(details, store.Evidence{Words: r.words, Wording: version}); err != nil {
		return err
	}
	if err := r.tx.Withdraw(store.Confirmation, store.Already); err != nil {
		return err
	}
	if r.known {
		return r.promise(store.Already, r.texts.Already(r.now, r.request))
	}
	if err := r.promise(store.Confirmation, r.texts.Confirmation(r.now, r.request, r.late())); err != nil {
		return err
	}
	return r.tx.AnswerLater(store.Card, "", loop.Latest(r.now, r.silentUntil))
}

// askDetails asks for what is missing. Who is on the list already misses nothing,
// and is told so.
func (r *reply) askDetails() error {
	if r.known {
		d := r.sub.Details
		return r.say(store.Already, r.texts.Already(r.now, citizen.Request{GivenName: d.GivenName, FamilyName: d.FamilyName, Comune: d.Comune}))
	}
	return r.ask(store.AskedDetails, store.Incomplete, r.texts.Incomplete(r.now, r.request))
}

// ask asks the sender, and keeps what is known of them until they have answered, or
// have had the time to.
func (r *reply) ask(asked store.Asked, kind store.AnswerKind, question string) error {
	if !r.silentUntil.IsZero() {
		return nil
	}
	err := r.tx.Ask(store.Question{Asked: asked, Details: detailsOf(r.request), Words: r.words}, r.keepQuestions)
	if err != nil {
		return err
	}
	return r.say(kind, question)
}

// explain answers a question about the service.
func (r *reply) explain() error {
	switch r.request.Shade {
	case citizen.MyData:
		return r.myData()
	default:
		return r.say(store.Help, r.texts.Help(r.now))
	}
}

// myData tells the sender what we hold on them, this question included.
func (r *reply) myData() error {
	record, err := r.tx.Record()
	if err != nil {
		return err
	}
	return r.say(store.MyData, r.texts.MyData(r.now, Held(record)))
}

// other answers what is no command, once a day. Thanks, emoji and stickers get no
// answer.
func (r *reply) other() error {
	switch {
	case r.asked && r.question.Asked == store.AskedCheck && r.request.Shade == citizen.No:
		if err := r.tx.DropQuestion(); err != nil {
			return err
		}
		return r.say(store.NotRegistered, r.texts.NotRegistered(r.now))
	case r.text.Kind == whatsapp.KindSticker, r.spoke() && r.request.Shade != citizen.Plain:
		return nil
	}
	return r.onceADay(store.Other, r.texts.Other(r.now), r.now)
}

// spoke tells whether there are words that can be read. A voice note without any
// gets an answer: somebody said something.
func (r *reply) spoke() bool { return r.text.Kind == whatsapp.KindText || r.text.Body != "" }

// onceADay answers, unless the sender was told the same since yesterday, or has had
// enough answers for now.
func (r *reply) onceADay(kind store.AnswerKind, text string, due time.Time) error {
	told, err := r.tx.Answered(kind, r.now.Add(-onceIn))
	if err != nil || told || !r.silentUntil.IsZero() {
		return err
	}
	r.answers++
	return r.tx.AnswerLater(kind, text, due)
}

// say answers, unless the sender has had enough answers for now.
func (r *reply) say(kind store.AnswerKind, text string) error {
	if !r.silentUntil.IsZero() {
		return nil
	}
	r.answers++
	return r.tx.Answer(kind, text)
}

// promise answers in any case, if need be when the hour is over: whoever has been
// put on the list, or taken off it without having just asked, must hear of it.
func (r *reply) promise(kind store.AnswerKind, text string) error {
	r.answers++
	return r.tx.AnswerLater(kind, text, loop.Latest(r.now, r.silentUntil))
}

// late is when the sender wrote, if the answer has to beg pardon for coming late;
// else zero.
func (r *reply) late() time.Time {
	if r.history || r.now.Sub(r.text.At) >= lateAfter {
		return r.text.At
	}
	return time.Time{}
}

package inbox

import (
	"time"

	"banditore/bot/citizen"
	"banditore/bot/loop"
	"banditore/store"
)

const (
	// onceIn is how often, at most, somebody gets the same answer to what is no
	// command.
	onceIn = 24 * time.Hour
	// lateAfter is after how long an answer begs pardon for being late.
	lateAfter = 24 * time.Hour
)

// tell writes the answer of a step.
func (r *reply) tell(a answer) error {
	switch a {
	case confirm:
		return r.confirm()
	case already:
		return r.already()
	case askDetails, askCheck, askLeave:
		return r.put(a, r.request)
	case again:
		return r.repeat()
	case helpAndAgain:
		_, question := r.word(r.state.question().put, r.openRequest())
		return r.say(store.Help, r.texts.Help(r.now)+"\n\n"+question)
	case goodbye:
		return r.bidFarewell()
	case corrected:
		return r.corrected()
	case newMode:
		return r.say(store.Help, r.mode())
	case nothingOpen:
		return r.nothingOpen()
	case data:
		return r.myData()
	case danger:
		return r.warn()
	case elsewhere:
		return r.onceADay(store.Other, r.texts.Other(r.now), r.now)
	case lost:
		return r.notUnderstood()
	}
	return r.explain(a)
}

// explain tells what takes no thought.
func (r *reply) explain(a answer) error {
	switch a {
	case help:
		return r.say(store.Help, r.texts.Help(r.now))
	case dropped:
		return r.say(store.Help, r.texts.Dropped(r.now))
	case stays:
		return r.say(store.Help, r.texts.Stays(r.now))
	case choice:
		return r.say(store.Help, r.texts.Choice(r.now))
	case expired:
		return r.say(store.Other, r.texts.Expired(r.now, r.request))
	}
	return nil // silence
}

// confirm tells a new subscriber, and sends what goes with it.
func (r *reply) confirm() error {
	if err := r.promise(store.Confirmation, r.texts.Confirmation(r.now, r.request, r.late())); err != nil {
		return err
	}
	due := loop.Latest(r.now, r.silentUntil)
	if notice := r.texts.Privacy(r.now); notice != "" {
		if err := r.tx.AnswerLater(store.Privacy, notice, due); err != nil {
			return err
		}
	}
	return r.tx.AnswerLater(store.Card, "", due)
}

// already tells a subscriber which details they have: new ones in any case, old ones
// when they have asked.
func (r *reply) already() error {
	if registers(r.request.Intent) && r.request.Intent != citizen.Subscribe {
		return r.say(store.Already, r.texts.Already(r.now, requestOf(r.sub.Details)))
	}
	return r.promise(store.Already, r.texts.Already(r.now, r.request))
}

// bidFarewell tells whoever was on the list that they are off it, and others that
// they never were.
func (r *reply) bidFarewell() error {
	switch {
	case r.was:
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

// corrected tells a subscriber their new details, or how to have others.
func (r *reply) corrected() error {
	have := requestOf(r.sub.Details)
	if r.request.Intent != citizen.Correct || detailsOf(r.request) == (store.Details{}) {
		return r.say(store.Help, r.texts.HowToCorrect(r.now, have))
	}
	return r.promise(store.Already, r.texts.Corrected(r.now, have))
}

// mode tells which news come from now on.
func (r *reply) mode() string {
	switch r.request.Intent {
	case citizen.OnlyUrgent:
		return r.texts.OnlyUrgent(r.now)
	case citizen.Pause:
		return r.texts.Paused(r.now, r.until)
	}
	return r.texts.AllNews(r.now)
}

// myData tells the sender what we hold on them, this question included. The words
// are found when the answer leaves, so that no copy of the list lies in the outbox.
func (r *reply) myData() error { return r.say(store.MyData, "") }

// warn names the number to call, also to whom has had enough answers: a machine is
// bounded by a higher limit.
func (r *reply) warn() error {
	if r.exhausted {
		return nil
	}
	r.answers++
	return r.tx.Answer(store.Emergency, r.texts.Emergency(r.now, r.request))
}

// notUnderstood never answers twice in the same words, and comes in the end to where
// a person can be reached. That is repeated once an hour: it may be a machine that
// answers each of our answers with a question.
func (r *reply) notUnderstood() error {
	for _, a := range []struct {
		kind store.AnswerKind
		text func(time.Time) string
		once time.Duration
	}{{store.Other, r.texts.Other, onceIn}, {store.Again, r.texts.Again, onceIn}, {store.Office, r.texts.Office, time.Hour}} {
		told, err := r.tx.Answered(a.kind, r.now.Add(-a.once))
		if err != nil {
			return err
		}
		if told == 0 {
			return r.say(a.kind, a.text(r.now))
		}
	}
	return nil
}

// nothingOpen answers a yes that comes too late for what was asked. Of a subscriber
// it is taken for one only if they were asked within a week: most people say "va
// bene" to the news.
func (r *reply) nothingOpen() error {
	if !r.known {
		return r.onceADay(store.Other, r.texts.Expired(r.now, r.request), r.now)
	}
	for _, kind := range []store.AnswerKind{store.Leaving, store.OptIn} {
		asked, err := r.tx.Answered(kind, r.now.AddDate(0, 0, -7))
		if err != nil {
			return err
		}
		if asked > 0 {
			return r.onceADay(store.Other, r.texts.Stays(r.now), r.now)
		}
	}
	return nil
}

// onceADay answers, unless the sender was told the same since yesterday, or has had
// enough answers for now.
func (r *reply) onceADay(kind store.AnswerKind, text string, due time.Time) error {
	told, err := r.tx.Answered(kind, r.now.Add(-onceIn))
	if err != nil || told > 0 || !r.silentUntil.IsZero() {
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

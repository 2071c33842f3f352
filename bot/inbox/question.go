package inbox

import (
	"banditore/bot/citizen"
	"banditore/store"
)

// question is what one of ours is called by the rooms that know of it.
type question struct {
	asked store.Asked   // under which it is kept; empty: none is open
	reads citizen.Asked // in whose light the next text is read
	put   answer        // that puts it
}

// question is the one that is open in a state.
func (s state) question() question {
	switch s {
	case lacking:
		return question{store.AskedDetails, citizen.AskedDetails, askDetails}
	case checking, rechecking:
		return question{store.AskedCheck, citizen.AskedCheck, askCheck}
	case parting, unmatched:
		return question{store.AskedLeave, citizen.AskedLeave, askLeave}
	}
	return question{}
}

// put asks a question about what was understood.
func (r *reply) put(a answer, q citizen.Request) error {
	kind, text := r.word(a, q)
	return r.say(kind, text)
}

// mostRepeats is how often a question is put within a day, at most. A person answers
// it, or gives up; a machine that thanks for each of our messages would go on.
const mostRepeats = 10

// repeat puts the open question once more.
func (r *reply) repeat() error {
	kind, text := r.word(r.state.question().put, r.openRequest())
	if put, err := r.tx.Answered(kind, r.now.Add(-onceIn)); err != nil || put >= mostRepeats {
		return err
	}
	return r.say(kind, text)
}

// word is a question in words.
func (r *reply) word(a answer, q citizen.Request) (store.AnswerKind, string) {
	switch {
	case a == askDetails:
		return store.Incomplete, r.texts.Incomplete(r.now, q)
	case a == askLeave:
		return store.Leaving, r.texts.AskLeave(r.now, q)
	case q.Doubt == citizen.Sure:
		return store.OptIn, r.texts.OptIn(r.now, q)
	}
	return store.OptIn, r.texts.Check(r.now, q)
}

// openRequest is what the open question is about. Its language and its tact are
// those of what it was put about.
func (r *reply) openRequest() citizen.Request {
	q := requestOf(r.question.Details)
	switch r.question.Asked {
	case store.AskedLeave:
		wish := r.reader.Read(r.question.Words)
		q.Tongue, q.Tact = wish.Tongue, wish.Tact
	case store.AskedCheck:
		q.Doubt = r.reader.Doubt(q)
	}
	return q
}

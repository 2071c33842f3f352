package inbox

import (
	"banditore/bot/citizen"
	"banditore/store"
)

// put asks a question about what was understood.
func (r *reply) put(a answer, q citizen.Request) error {
	kind, text := r.word(a, q)
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

// openQuestion is the one that is open.
func (r *reply) openQuestion() answer {
	switch r.state {
	case checking, rechecking:
		return askCheck
	case parting, unmatched:
		return askLeave
	}
	return askDetails
}

// openRequest is what the open question is about. The language of the newest text is
// the best to ask in.
func (r *reply) openRequest() citizen.Request {
	q := requestOf(r.question.Details)
	q.Tongue = r.request.Tongue
	if r.openQuestion() == askCheck {
		q.Doubt = r.reader.Doubt(q)
	}
	return q
}

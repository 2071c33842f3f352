package inbox

import (
	"strings"

	"banditore/bot/citizen"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// longestWords is how many bytes of a registration are kept as its proof; no
// registration is as long.
const longestWords = 4096

// lookUp finds where the conversation with the sender stands.
func (r *reply) lookUp() (err error) {
	if r.sub, r.known, err = r.tx.Subscriber(); err != nil {
		return err
	}
	if r.question, r.asked, err = r.tx.Question(); err != nil {
		return err
	}
	r.state = r.stands()
	return nil
}

func (r *reply) stands() state {
	switch {
	case !r.asked && !r.known:
		return stranger
	case !r.asked:
		return listed
	case r.question.Asked == store.AskedLeave && r.known:
		return parting
	case r.question.Asked == store.AskedLeave:
		return unmatched
	case r.question.Asked == store.AskedCheck && r.known:
		return rechecking
	case r.question.Asked == store.AskedCheck:
		return checking
	case r.known:
		return listed // they were put on the list by other means while they were asked
	}
	return lacking
}

// understand reads the text in the light of the question that is open.
func (r *reply) understand() {
	r.words = firstBytes(r.text.Body, longestWords)
	r.request = r.reader.Answer(r.open(), r.text.Body)
	switch {
	case r.text.Kind == whatsapp.KindSticker:
		r.request = citizen.Request{Intent: citizen.Thanks}
	case r.text.Kind != whatsapp.KindText && r.text.Body == "":
		r.request = citizen.Request{Intent: citizen.Remark} // a voice note: somebody said something
	}
	if r.asked && (registers(r.request.Intent) || r.request.Intent == citizen.Yes) {
		r.words = firstBytes(r.question.Words+"\n"+r.words, longestWords)
	}
	r.weigh()
}

// weigh sees what was understood in the light of who said it.
func (r *reply) weigh() {
	q := &r.request
	switch {
	case q.Intent == citizen.Yes && r.state == checking && r.tx.Doubtful():
		q.Intent = citizen.Other // whose number it is must be known first; the question is put again
	case q.Intent == citizen.Subscribe && (r.tx.Doubtful() || r.text.NumberOnly && r.known && !isCalled(r.sub.Details, *q)):
		q.Intent = citizen.Doubtful // numbers get new owners, and families share them
	case q.Intent == citizen.Leaving && q.Tact == citizen.NoTact && (r.state == lacking || r.state == checking):
		q.Intent = citizen.Remark // "non sono residente": there is nothing to leave yet, and whoever answers nothing is forgotten
	case q.Intent == citizen.Leaving && !r.known && r.tx.Complete():
		q.Intent = citizen.Unsubscribe // there is nothing to ask whoever is on no list
	case q.Intent == citizen.Yes && (r.state == checking || r.state == rechecking):
		q.GivenName, q.FamilyName, q.Comune = r.question.GivenName, r.question.FamilyName, r.question.Comune
	case q.Intent == citizen.Doubtful && r.known && detailsOf(*q) == r.sub.Details:
		q.Intent, q.Doubt = citizen.Subscribe, citizen.Sure // they have said yes to these before
	case q.Intent == citizen.Subscribe && r.doubleOptIn && !r.known:
		q.Intent = citizen.Doubtful // the second step of the registration
	}
}

// isCalled tells whether somebody says the name that stands on the list.
func isCalled(d store.Details, r citizen.Request) bool {
	return strings.EqualFold(d.GivenName, r.GivenName) && strings.EqualFold(d.FamilyName, r.FamilyName)
}

// open is the question that is open, as the reader knows it.
func (r *reply) open() citizen.Question {
	return citizen.Question{Asked: r.state.question().reads, GivenName: r.question.GivenName, FamilyName: r.question.FamilyName, Comune: r.question.Comune}
}

// registers tells whether an intent is a registration, be it unfinished.
func registers(i citizen.Intent) bool {
	return i == citizen.Subscribe || i == citizen.Doubtful || i == citizen.Incomplete
}

func detailsOf(r citizen.Request) store.Details {
	return store.Details{GivenName: r.GivenName, FamilyName: r.FamilyName, Comune: r.Comune}
}

func requestOf(d store.Details) citizen.Request {
	return citizen.Request{GivenName: d.GivenName, FamilyName: d.FamilyName, Comune: d.Comune}
}

// firstBytes is at most the first n bytes of a text, whole characters.
func firstBytes(s string, n int) string {
	return strings.ToValidUTF8(s[:min(n, len(s))], "")
}

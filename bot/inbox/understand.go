package inbox

import (
	"strings"

	"banditore/bot/citizen"
	"banditore/store"
)

// longestWords is how many bytes of a registration are kept as its proof; no
// registration is as long.
const longestWords = 4096

// understand reads the text. If we have asked the sender something, it may be the
// answer: a yes, or the details that were missing.
func (r *reply) understand() {
	r.words = firstBytes(r.text.Body, longestWords)
	r.request = r.reader.Read(r.text.Body)
	if !r.asked || r.known {
		return
	}
	known := citizen.Request{GivenName: r.signup.GivenName, FamilyName: r.signup.FamilyName, Comune: r.signup.Comune}
	answer, ok := citizen.Request{}, false
	switch r.signup.Asked {
	case store.AskedConsent:
		answer, ok = known, r.request.Intent == citizen.Yes
		answer.Intent, r.agreed = citizen.Subscribe, ok
	case store.AskedDetails:
		answer = r.reader.Answer(citizen.Question{Asked: citizen.AskedDetails, GivenName: known.GivenName, FamilyName: known.FamilyName, Comune: known.Comune}, r.text.Body)
		ok = true
	}
	if ok {
		r.request = answer
		r.words = firstBytes(r.signup.Words+"\n"+r.words, longestWords)
	}
}

func detailsOf(r citizen.Request) store.Details {
	return store.Details{GivenName: r.GivenName, FamilyName: r.FamilyName, Comune: r.Comune}
}

// firstBytes is at most the first n bytes of a text, whole characters.
func firstBytes(s string, n int) string {
	return strings.ToValidUTF8(s[:min(n, len(s))], "")
}

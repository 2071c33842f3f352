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
	known := citizen.Request{GivenName: r.question.GivenName, FamilyName: r.question.FamilyName, Comune: r.question.Comune}
	answer, ok := citizen.Request{}, false
	switch r.question.Asked {
	case store.AskedCheck:
		answer, ok = known, r.request.Shade == citizen.Yes
		answer.Intent, r.agreed = citizen.Subscribe, ok
	case store.AskedDetails:
		if ok = r.request.Intent == citizen.Incomplete; ok {
			answer = merge(known, r.request)
		} else if r.request.Intent == citizen.Other {
			answer, ok = r.reader.Complete(known, r.text.Body)
		}
	}
	if ok {
		r.request = answer
		r.words = firstBytes(r.question.Words+"\n"+r.words, longestWords)
	}
}

// merge is a second request, which may be incomplete too, with what it lacks taken
// from the first.
func merge(known, said citizen.Request) citizen.Request {
	for _, f := range []struct{ known, said *string }{
		{&known.GivenName, &said.GivenName}, {&known.FamilyName, &said.FamilyName}, {&known.Comune, &said.Comune},
	} {
		if *f.said == "" {
			*f.said = *f.known
		}
	}
	if said.GivenName != "" && said.FamilyName != "" && said.Comune != "" {
		said.Intent = citizen.Subscribe
	}
	return said
}

func detailsOf(r citizen.Request) store.Details {
	return store.Details{GivenName: r.GivenName, FamilyName: r.FamilyName, Comune: r.Comune}
}

// firstBytes is at most the first n bytes of a text, whole characters.
func firstBytes(s string, n int) string {
	return strings.ToValidUTF8(s[:min(n, len(s))], "")
}

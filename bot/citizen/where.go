package citizen

import "strings"

// comuneAlone reads the answer to "where do you live?".
func (r *Reader) comuneAlone(known Request, words []word) (Request, bool) {
	if anyOf(words, negates) {
		return Request{}, false
	}
	for n := len(words); n > 1 && words[n-1].aside && !words[0].aside; n-- {
		words = words[:n-1] // Turate (Como)
	}
	words = trim(r.strip(words), polite|greets|agrees)
	for n := len(words); n > 1 && isAdverb(words[n-1]); n-- {
		words = words[:n-1]
	}
	for i := 0; i < len(words); i++ {
		place := r.dropProvince(trim(words[i:], filler))
		led := i > 0
		if name, sure, ok := r.guess(place); ok && !aWord(place) && (led || !chatter(place[0]) && !said(place, 0) || len(place) > 1) {
			return Request{Comune: name, Doubt: doubtIf(!sure)}, true
		}
		if one, ok := r.followed(place); ok && (led || len(place) > 1 && tellsMore.has(place[min(one.words, len(place)-1)].folded)) {
			return Request{Comune: one.name}, true
		}
		if name, ok := abroad(place); ok {
			return Request{Comune: name}, true
		}
		if half := len(place) / 2; half > 0 && 2*half == len(place) {
			if one, ok := r.comuni.find(place[:half]); ok && comparableName(field(place[:half])) == comparableName(field(place[half:])) {
				return Request{Comune: one.name}, true
			}
		}
		w := words[i]
		if exclaims.has(w.folded) || isAdverb(w) {
			continue
		}
		if w.class&(leads|polite|greets|agrees|filler|labelComune|particle|thanks) == 0 || w.class&nobodys != 0 {
			return r.unknownComune(known, place)
		}
	}
	return Request{}, false
}

// tellsMore begins what is said after a Comune that is meant.
const tellsMore set = " come da dal "

// followed finds a Comune at the beginning of words after which is told since when, and no other one.
func (r *Reader) followed(words []word) (comune, bool) {
	const more set = " da dal dalla dai con ma e vicino in come "
	for k := min(len(words)-1, maxComuneWords); k > 0; k-- {
		one, ok := r.comuni.find(words[:k])
		if !ok || !more.has(words[k].folded) {
			continue
		}
		for i := k + 1; i < len(words); i++ {
			if r.startsWithComune(words[i:]) && !isLower(words[i]) {
				return comune{}, false
			}
		}
		return one, true
	}
	return comune{}, false
}

// unknownComune takes a Comune that is not known, which is then asked about.
func (r *Reader) unknownComune(known Request, place []word) (Request, bool) {
	name := " " + comparableName(known.GivenName+" "+known.FamilyName) + " "
	if len(place) > 1 && len(place) < 5 && place[0].class&quarter != 0 {
		return Request{Comune: field(place), Doubt: DoubtComune}, true // Cassina Ferrara
	}
	if len(place) == 0 || len(place) > 3 || !plausibleComune(place) || anyOf(place, givenName|familyName|firm) || len(place) == 1 && len(place[0].folded) < 4 {
		return Request{}, false
	}
	if r.startsWithComune(place) {
		return Request{}, false // "Saronno o Uboldo"
	}
	for _, w := range place {
		if strings.Contains(name, " "+w.folded+" ") {
			return Request{}, false
		}
	}
	return Request{Comune: field(place), Doubt: DoubtComune}, true
}

package citizen

import "strings"

// lacking fills what lacks, and nothing else.
func (r *Reader) lacking(known Request, words []word, text string) (Request, bool) {
	if known.GivenName != "" || known.FamilyName != "" {
		if out, ok := r.amend(known, words, text); ok {
			return out, true
		}
	}
	switch {
	case known.GivenName != "" && known.FamilyName != "":
		if read, ok := r.comuneAlone(known, words); ok {
			return r.checked(known.with(read)), true
		}
	case known.GivenName != "" || known.FamilyName != "":
		return r.otherName(known, words)
	default:
		return r.unnamed(known, words)
	}
	return known, false
}

// otherName reads the answer to "what is your family name?", or the given name. The Comune may come with it.
func (r *Reader) otherName(known Request, words []word) (Request, bool) {
	if anyOf(words, street|quarter) && len(words) > 2 {
		words = r.strip(words)
	}
	words = withoutLeads(words)
	var read Request
	for i := len(words) - 1; i >= 0 && known.Comune == ""; i-- {
		place := r.dropProvince(words[i:])
		name, sure, ok := r.guess(place)
		led := i > 0 && words[i-1].class&filler != 0 && isLower(words[i-1])
		one, exact := r.comuni.find(place)
		switch {
		case !ok, i == 0 && !(exact && r.isHome(one)), i == 1 && !led && words[0].class&particle != 0, i > 0 && exact && one.words == 1 && r.mayBeFamily(words, i, one):
			continue
		}
		read.Comune, read.Doubt = name, doubtIf(!sure)
		words = trimPerson(words[:i])
		break
	}
	if known.Comune != "" {
		if n := len(words); n > 1 && foldLong(words[n-1].written) == foldLong(known.Comune) {
			words = trimPerson(words[:n-1])
		}
	}
	if read.Comune == "" && len(words) > 1 && prepositions.has(words[0].folded) && isLower(words[0]) {
		if name, sure, ok := r.guess(words[1:]); ok && known.Comune == "" {
			return r.checked(known.with(Request{Comune: name, Doubt: doubtIf(!sure)})), true
		}
	}
	own := withoutKnown(known, words)
	name := dueName(own)
	if len(words) > 0 && (name == "" || len(own) < len(words) && !noneSaid(own)) {
		return known, false
	}
	words = own
	if len(words) > 1 && particles(words) == 0 && !anyFamily(words) && !anyOf(words, givenName) {
		read.Doubt = max(read.Doubt, DoubtName) // two words that we have never seen in a name
	}
	if known.FamilyName == "" {
		read.FamilyName = name
	} else {
		read.GivenName = name
	}
	if read.GivenName+read.FamilyName+read.Comune == "" {
		return known, false
	}
	return r.checked(known.with(read)), true
}

// rather are family names that are something else more often when they are all that somebody writes.
const rather set = " bene tutto ditta buongiorno "

// familyAlone reads one word that is known to be a family name, whatever else it means, where one is due: Gentile, Bravo.
func (r *Reader) familyAlone(known Request, text string) (string, bool) {
	if known.GivenName == "" || known.FamilyName != "" {
		return "", false
	}
	m := scan(text)
	if len(m.words) != 1 || m.asked != 0 || m.forbids {
		return "", false
	}
	w := m.words[0]
	w.class = r.classOf(w.folded)
	one, home := r.comuni.find(m.words)
	if w.class&familyName == 0 || w.class&(agrees|declines) != 0 || rather.has(w.folded) || home && r.isHome(one) && known.Comune == "" {
		return "", false
	}
	return field(m.words), true
}

// withoutKnown takes out of words the name that is known already: Elena Castelli.
func withoutKnown(known Request, words []word) []word {
	name := " " + comparableName(known.GivenName+" "+known.FamilyName) + " "
	for len(words) > 1 && strings.Contains(name, " "+words[0].folded+" ") {
		words = words[1:]
	}
	for n := len(words); n > 1 && strings.Contains(name, " "+words[n-1].folded+" "); n-- {
		words = words[:n-1]
	}
	return words
}

func comparableName(s string) string {
	words := strings.Fields(s)
	for i := range words {
		words[i] = fold(words[i])
	}
	return strings.Join(words, " ")
}

// dueName is the name that answers a question for it: up to four words on whatever list, unless they are talk.
func dueName(words []word) string {
	switch n := len(words); {
	case n == 0 || n > 4 || placeholder(words) || anyOf(words, firm):
		return ""
	case n == 1:
		if chatter(words[0]) || len(words[0].folded) < 2 {
			return ""
		}
	case !noneSaid(words):
		return ""
	}
	return nameField(words)
}

// chatter tells whether one word answers a question without answering it.
func chatter(w word) bool {
	const empty = thanks | polite | greets | agrees | declines | asksHelp | leaves | leavesMe | leftTalk | negates | enters | doubts | how | nobodys | sends | wish | wants | shortTalk
	return w.class&empty != 0 && w.class&(familyName|givenName) == 0
}

// withoutLeads takes off what comes before an answer: "sono", "mi chiamo", "ecco".
func withoutLeads(words []word) []word {
	for len(words) > 1 {
		w := words[0]
		if ladies.has(w.folded) && len(words) > 2 && words[1].class&title != 0 {
			words = words[2:] // la signora Rossi
			continue
		}
		apart := w.class&agrees != 0 && words[1].part != w.part // "sì, Rossi"
		if !apart && !exclaims.has(w.folded) && (w.class&(leads|filler|polite|agrees) == 0 || w.class&(particle|givenName|familyName) != 0) {
			break
		}
		words = words[1:]
	}
	return trimPerson(words)
}

// ladies are articles before a title.
const ladies set = " il la lo l "

// exclaims are words before an answer that mean nothing.
const exclaims set = " ah eh oh qui sto ecco allora scusi scusa scusate certo pardon dimenticavo "

// unnamed reads the answer of somebody of whom no name is known.
func (r *Reader) unnamed(known Request, words []word) (Request, bool) {
	if anyOf(words, negates|doubts|leaves|enters) {
		return known, false
	}
	words = withoutLeads(words)
	if len(words) == 0 {
		return known, false
	}
	if len(words) == 1 {
		return r.oneWord(known, words)
	}
	f := r.details(words)
	if !noneSaid(f.name) || !f.endsWell() || f.GivenName+f.FamilyName+f.Comune == "" || len(f.name) > 6 {
		return known, false
	}
	read := f.Request
	if known.Comune != "" && !f.known {
		// There is a Comune already: what was taken for one is the family name.
		if p := r.person(words, false); noneSaid(words) && len(p.rest) == 0 {
			read = Request{GivenName: nameField(p.given), FamilyName: nameField(p.family), Doubt: p.doubt}
		}
	}
	if known.Comune != "" {
		read.Comune = ""
	}
	if !f.known && !anyOf(f.name, givenName|familyName) && !capitalised(f.name) {
		return known, false
	}
	return r.checked(known.with(read)), true
}

func capitalised(words []word) bool {
	for _, w := range words {
		if isLower(w) && w.class&(particle|filler) == 0 {
			return false
		}
	}
	return true
}

// oneWord is a given name, a family name or a Comune.
func (r *Reader) oneWord(known Request, words []word) (Request, bool) {
	w := words[0]
	if chatter(w) || said(words, 0) || placeholder(words) || len(w.folded) < 2 {
		return known, false
	}
	name, sure, ok := r.guess(words)
	switch {
	case known.Comune == "" && ok && w.class&(givenName|familyName) == 0:
		return known.with(Request{Comune: name, Doubt: doubtIf(!sure)}), true
	case w.class&givenName == 0 && looksFamily(w):
		return known.with(Request{FamilyName: field(words)}), true
	case w.class&givenName != 0 || !isLower(w):
		return known.with(Request{GivenName: field(words)}), true
	}
	return known, false
}

// comuneAlone reads the answer to "where do you live?".
func (r *Reader) comuneAlone(known Request, words []word) (Request, bool) {
	if anyOf(words, negates) {
		return Request{}, false
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
		if one, ok := r.followed(place); ok && led {
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

// followed finds a Comune at the beginning of words after which is told since when, and no other one.
func (r *Reader) followed(words []word) (comune, bool) {
	const more set = " da dal dalla dai con ma e vicino in "
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

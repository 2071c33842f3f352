package citizen

import (
	"cmp"
	"slices"
	"strings"
)

// correction reads what is to be changed of a subscriber's details. Only a value that follows its label counts; without one, that a detail is
// amiss is all that is sayings.
func (r *Reader) correction(m *message, s sayings) (Request, bool) {
	words := m.words
	if len(words) > maxCorrection || anyOf(words, alien&^street) && !anyOf(words, label) {
		return Request{}, false
	}
	if s.any(quit|mayQuit) && !anyOf(words, labelGiven|labelFamily) {
		return Request{}, false
	}
	if d := r.newValue(m, s); d.GivenName+d.FamilyName+d.Comune != "" {
		d.Intent = Correct
		return d, true
	}
	if !s.any(amiss) || s.any(stranger|mourns) || anyOf(words, leaves|leavesMe|leavesObj) {
		return Request{}, false
	}
	return Request{Intent: Correct}, true
}

// maxCorrection is how many words a correction has at most.
const maxCorrection = 16

// newValue reads the values after their labels: "il cognome è Castellini", "Cognome: Rossi", "correggete il nome in Anna", "mi sono trasferita a
// Uboldo".
func (r *Reader) newValue(m *message, s sayings) (d Request) {
	words := m.words
	if m.asked != 0 || m.forbids || hidesLeaving(words) {
		return d
	}
	for i, w := range words {
		switch {
		case w.class&(labelGiven|labelFamily) != 0 && (r.introduces(words, i, s) || d.GivenName+d.FamilyName != "" && w.part != words[i-1].part):
			name := nameField(r.valueAfter(words, i, s))
			if w.class&labelFamily != 0 {
				d.FamilyName = cmp.Or(d.FamilyName, name)
			} else {
				d.GivenName = cmp.Or(d.GivenName, name)
			}
		case places.has(w.folded) && r.introduces(words, i, s), livesNow(words, i), moves.has(w.folded):
			if name, ok := r.comuneAfter(words[i+1:]); ok {
				d.Comune = cmp.Or(d.Comune, name)
			}
		}
	}
	return d
}

// places are labels that are no verb: "abito a Uboldo" tells where somebody lives, and not that it has changed.
const places set = " comune residenza citta "

// moves are verbs that a Comune follows.
const moves set = " trasferito trasferita trasferiti trasferite "

// livesNow tells whether the verb at i says where somebody lives from now on.
func livesNow(words []word, i int) bool {
	if words[i].class&labelComune == 0 && words[i].folded != "sono" {
		return false
	}
	return i > 0 && now.has(words[i-1].folded) || i+1 < len(words) && now.has(words[i+1].folded)
}

const now set = " ora adesso attualmente oggi "

// introduces tells whether the label at i has a value after it: it opens the message, or a word of correction stands before or after it.
func (r *Reader) introduces(words []word, i int, s sayings) bool {
	if i > 0 && negated(words, i) {
		return false
	}
	if len(trim(words[:i], filler)) == 0 || s.any(amiss) {
		return true
	}
	return i+1 < len(words) && (words[i+1].folded == "e" || words[i+1].folded == "giusto" || words[i+1].folded == "corretto")
}

// negated tells whether "non" stands shortly before i.
func negated(words []word, i int) bool { return anyOf(words[max(0, i-4):i], negates) }

// linking stands between a label and its value.
const linking set = " e in con giusto corretto esatto nuovo nuova vero invece sarebbe residenza mio diventa a ora adesso il "

// valueAfter is the name that follows the label at i: what the verb "è" or a preposition leads to, up to the end of the part. In lower case it may
// be a remark ("il mio cognome è difficile"), unless something else shows that a name is meant.
func (r *Reader) valueAfter(words []word, i int, s sayings) []word {
	from := i + 1
	for from < len(words) && linking.has(words[from].folded) && (isLower(words[from]) || from == i+1) {
		from++
	}
	value := words[from:]
	n := 0
	for n < len(value) && n < 4 && value[n].part == value[0].part && value[n].folded != "non" && value[n].folded != "e" && value[n].folded != "anziche" {
		n++
	}
	rest := value[n:]
	value = value[:n]
	if n == 0 || anyOf(value, label|news|service|negates|alien) || n < 3 && allOf(value, talk|shortTalk) || wrongness(value) {
		return nil
	}
	if isLower(value[0]) && strings.HasPrefix(value[0].folded, "de") && value[0].class&particle != 0 && value[0].folded != "de" || len(rest) > 0 && rest[0].folded == "e" {
		return nil // "il nome della via"
	}
	if speaks.has(value[0].folded) && isLower(value[0]) || n > 1 && isLower(value[0]) && slices.ContainsFunc(value, isVerbal) {
		return nil // "cognome, mi sono sposata"
	}
	shown := from == i+1 && len(trim(words[:i], filler)) == 0 || s.any(amiss) || len(rest) > 0 && rest[0].folded == "non" || words[from-1].class&label == 0 && sure.has(words[from-1].folded)
	for _, w := range value {
		if isLower(w) && w.class&(particle|givenName) == 0 && !shown {
			return nil
		}
	}
	return value
}

// speaks opens a sentence about oneself, which is nobody's name in lower case.
const speaks set = " mi ci si ti vi ho ha abbiamo hanno sono siamo sei era ero perche siccome quando se come dopo prima grazie purtroppo visto dato ora adesso da per con che e "

// isVerbal tells whether a word in lower case is a verb, or stands with one, and is no part of a name.
func isVerbal(w word) bool {
	return isLower(w) && w.class&(particle|givenName|familyName) == 0 && w.class&(talk|wish|wants|doubts|carries|leads&^glue) != 0
}

// sure stands before a value that is certainly meant as one.
const sure set = " giusto corretto esatto in con "

// wrongness tells whether words only say that something is amiss.
func wrongness(words []word) bool {
	for _, w := range words {
		if wrongWords.has(w.folded) {
			return true
		}
	}
	return false
}

const wrongWords set = " sbagliato sbagliata sbagliati errato errata errati giusto corretto cambiato diverso vecchio scritto scorretto incompleto esatto male "

// comuneAfter is a known Comune near the beginning of words.
func (r *Reader) comuneAfter(words []word) (string, bool) {
	for i := 0; i < min(len(words), 4); i++ {
		for n := min(len(words)-i, maxComuneWords); n > 0; n-- {
			if one, ok := r.comuni.find(words[i : i+n]); ok && (i > 0 || n == len(words)) {
				return one.name, i+n == len(words) || words[i+n].part != words[i].part || words[i+n].class&negates != 0
			}
		}
		of := words[i].folded == "di" && (i > 0 && words[i-1].class&labelComune != 0 || i+1 < len(words) && words[i+1].folded == "residenza")
		if !linking.has(words[i].folded) && words[i].folded != "nel" && words[i].folded != "comune" && !of {
			break // "Comune di Saronno" is whom somebody writes to
		}
	}
	return "", false
}

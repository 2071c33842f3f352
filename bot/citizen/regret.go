package citizen

import "slices"

// regret reads a correction of what has just been said: "no aspetta, Brivi", "no, ho scritto male, Solaro", "non Solaro ma Uboldo". It
// changes what it resembles, else what it plainly is.
func (r *Reader) regret(known Request, m *message) (Request, bool) {
	words, sorry := withoutRegret(m.words)
	if !sorry || len(words) == 0 || len(words) > 8 || m.forbids || m.asked != 0 || m.cut || known == (Request{}) {
		return known, false
	}
	if out, ok := r.explained(known, words); ok {
		return out, true
	}
	if known.GivenName != "" && known.FamilyName != "" && len(words) < 6 && slices.ContainsFunc(words, func(w word) bool { return exchange.has(w.folded) }) {
		return known.with(Request{GivenName: known.FamilyName, FamilyName: known.GivenName}), true
	}
	if anyOf(words, label) {
		return r.relabelled(known, words)
	}
	if hidesLeaving(words) || anyOf(words, negates|doubts) {
		return known, false
	}
	if out, ok := r.replaced(known, words); ok {
		return out, true
	}
	if read, ok := r.comuneAlone(known, words); ok && read.Doubt == Sure {
		return r.checked(known.with(read)), true
	}
	if len(words) > 2 || !noneSaid(words) || placeholder(words) {
		return known, false
	}
	switch {
	case known.FamilyName != "" && !anyOf(words, givenName) && looksFamily(words[len(words)-1]):
		return known.with(Request{FamilyName: nameField(words)}), true
	case known.GivenName != "" && allOf(words, givenName) && !anyOf(words, familyName):
		return known.with(Request{GivenName: nameField(words)}), true
	}
	return known, false
}

// withoutRegret takes off the words that take back what was said, and tells whether there were any.
func withoutRegret(words []word) (rest []word, sorry bool) {
	const (
		instead   set = " ma e bensi invece "
		takesBack set = " no nono anzi aspetta aspetti aspettate sbagliato sbagliata sbaglio errore errato ops oops opss male correggo intendevo correzione pardon "
		around    set = " ho scritto avevo volevo dire scrivere e era mi sono ah oh scusa scusate un momento attimo che il al la ma si fatto "
	)
	for i := 2; i < min(len(words)-1, 6); i++ {
		if words[0].folded == "non" && instead.has(words[i].folded) {
			return words[i+1:], true // non è Saronno, è Solaro
		}
	}
	if slices.ContainsFunc(words[:min(4, len(words))], func(w word) bool { return exchange.has(w.folded) }) {
		return words, true
	}
	for len(words) > 0 && (takesBack.has(words[0].folded) || around.has(words[0].folded) && (isLower(words[0]) || !sorry)) {
		sorry = sorry || takesBack.has(words[0].folded)
		words = words[1:]
	}
	return words, sorry
}

// explained reads "Messina è il cognome", with what follows it.
func (r *Reader) explained(known Request, words []word) (Request, bool) {
	i := 0
	for i < len(words) && words[i].class&(labelGiven|labelFamily) == 0 {
		i++
	}
	k := i
	for k > 0 && (links.has(words[k-1].folded) && isLower(words[k-1])) {
		k--
	}
	if i == len(words) || k == i || k == 0 || k > 3 || !noneSaid(words[:k]) {
		return known, false
	}
	read, old := Request{FamilyName: nameField(words[:k])}, known
	if words[i].class&labelGiven != 0 {
		read = Request{GivenName: nameField(words[:k])}
	}
	if foldLong(field(words[:k])) == foldLong(known.Comune) {
		old.Comune = "" // it was taken for the Comune
	}
	old = old.exchanged(read).with(read)
	if rest := words[i+1:]; len(rest) > 0 {
		where, ok := r.comuneAlone(old, rest)
		if !ok {
			return known, false
		}
		old = old.with(where)
	}
	return r.checked(old), true
}

const (
	links set = " e il lo la mio di "
	// exchange are words for having written the family name first.
	exchange set = " contrario invertito invertiti invertita scambiato scambiati rovescio viceversa "
)

// afterTalk reads the last part alone: "Ah ok. Caronno Pertusella", and a Comune that a preposition leads to: "da due anni sto a Uboldo".
func (r *Reader) afterTalk(known Request, m *message) (Request, bool) {
	words := m.words
	n := len(words)
	if n < 2 || n > 16 || m.asks(words[n-1].sentence) || m.forbids || hidesLeaving(words) || r.recognised(known.Comune) {
		return known, false
	}
	for i := 1; i < n; i++ {
		one, ok := r.comuni.find(words[i:])
		led := in.has(words[i-1].folded) && isLower(words[i-1])
		if !ok || aWord(words[i:]) || !led && words[i].part == words[i-1].part || known.FamilyName == "" && anyOf(words[i:], familyName) {
			continue
		}
		if !r.isTalk(words[:i]) {
			return known, false
		}
		return r.checked(known.with(Request{Comune: one.name})), true
	}
	return known, false
}

const (
	in set = " a ad in di "
	// away are words before a Comune where somebody does not live.
	away set = " lavoro lavorando studio nato nata nati vengo andavo vado abitavo vivevo lavoravo prima ex originario originaria vicino no non mai ne o oppure "
)

// isTalk tells whether words before a Comune are talk, and say nothing else of it.
func (r *Reader) isTalk(words []word) bool {
	for i, w := range words {
		if away.has(w.folded) || i > 0 && !isLower(w) || !isLower(w) && w.class&speech == 0 || w.class&(leaves|leavesMe|enters) != 0 {
			return false
		}
	}
	return true
}

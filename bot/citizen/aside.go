package citizen

import "slices"

// aboutNames counts the words at the beginning that say something of a name without being one: a rank, a nickname, how it is spelt. Before
// them stand kept words; they are fresh where a name may begin.
func aboutNames(words []word, kept int, fresh bool) int {
	const (
		ranks   set = " gen col ten cap magg brig serg mar app lgt "
		retired set = " congedo pensione quiescenza riposo "
		called  set = " detto detta soprannominato soprannominata alias "
		article set = " il la lo l "
		with    set = " con senza "
		times   set = " la l le due una un doppia sola "
		sexes   set = " m f maschio femmina maschile femminile "
	)
	w, n := words[0], len(words)
	next := ""
	if n > 1 {
		next = words[1].folded
	}
	letter := func(i int) bool { return i < n && len(words[i].folded) < 3 }
	switch {
	case w.dotted && fresh && n > 1 && ranks.has(w.folded):
		return 1
	case (w.folded == "in" || w.folded == "a") && retired.has(next):
		return 2
	case w.folded == "sesso" && sexes.has(next):
		return 2
	case called.has(w.folded) && kept > 0 && n > 2 && article.has(next):
		return 3
	case called.has(w.folded) && kept > 0 && n > 1:
		return 2
	case len(w.folded) < 4 && next == "come" && n > 2:
		return 3 // bi come Bologna
	case with.has(w.folded) && times.has(next) && letter(2):
		return 3 // con due t
	case with.has(w.folded) && letter(1) && n > 1 && len(words[1].written) == 1 && kept > 0:
		return 2 // senza h
	}
	return 0
}

// withoutNicknames takes what stands in brackets out of the middle of a name: Ambrogina (Bina) Legnani.
func withoutNicknames(words []word) []word {
	n := len(words)
	if n < 3 || words[0].aside || words[n-1].aside {
		return words
	}
	inBrackets := func(w word) bool { return w.aside }
	if !slices.ContainsFunc(words, inBrackets) {
		return words
	}
	return slices.DeleteFunc(slices.Clone(words), inBrackets)
}

// leftOver tells whether a name holds a word that may have been left over from something else.
func leftOver(given, family []word, named bool) bool {
	name := append(slices.Clip(given), family...)
	for i, w := range name {
		if strips(w) && !named && (len(given) == 1 && i == 0 || len(family) == 1 && i == len(name)-1) {
			return true // M. Rossi
		}
		alone := len(given) == 1 && i == 0 || len(family) == 1 && i == len(name)-1
		switch {
		case joke.has(w.folded):
			return true
		case named && alone:
		case leftover.has(w.folded), strips(w) && (isLower(w) || i == len(name)-1):
			return true
		case isLower(w) && !isLower(name[0]) && w.class&(particle|givenName|familyName) == 0 && foldsLatin(w):
			return true
		}
	}
	return false
}

// mixed tells whether a name of several words holds one that is not known to be a name.
func mixed(words []word, c class) bool {
	if len(words) < 2 {
		return false
	}
	return slices.ContainsFunc(words, func(w word) bool {
		return w.class&(c|particle) == 0 && !(c == familyName && looksFamily(w)) && !isInitial(w)
	})
}

// strips tells whether a word is a single letter.
func strips(w word) bool { return len(w.folded) == 1 }

// foldsLatin tells whether a word is written in our letters.
func foldsLatin(w word) bool { return w.folded[0] < 0x80 }

const (
	// joke are names that nobody has.
	joke set = " pinco pallino pallo tizio caio sempronio paperino paperone paperina topolino topolina pluto batman superman fulano mengano xxx yyy zzz asdf qwerty "
	// leftover are words of a sentence that were not taken for one.
	leftover set = " my name is am live lives first last second town city come congedo detto detta com cogn nom cog res ich bin suis yo soy llamo vivo con senza the and my full "
)

package citizen

import (
	"slices"
	"strings"
	"unicode"
)

// cutPerson parts the given name from the family name: at a separator, at a particle, by capitals, by the given names that it knows, else
// before the last word. The doubt is set when one cannot tell which comes first.
func cutPerson(words []word, familyFirst bool) (given, family []word, doubt Doubt) {
	n := len(words)
	switch {
	case n == 0:
		return nil, nil, Sure
	case n == 1:
		if familyFirst || words[0].class&givenName == 0 && looksFamily(words[0]) {
			return nil, words, Sure
		}
		return words, nil, Sure
	case familyFirst:
		k := 1
		for k < n-1 && words[k-1].class&particle != 0 {
			k++
		}
		return words[k:], words[:k], doubtNameIf(n-k > 1 && !allOf(words[k:], givenName|particle))
	}
	for i := 1; i < n; i++ {
		if words[i].part == words[0].part {
			continue
		}
		if isWhole(words[:i]) {
			given, family, doubt = cutPerson(words[:i], false) // Dario Galli, pensionato
			return given, family, max(doubt, DoubtName)
		}
		return swapped(words[:i], words[i:])
	}
	return byShape(words)
}

// byShape looks at capitals and particles, then at the words.
func byShape(words []word) (given, family []word, doubt Doubt) {
	n := len(words)
	if k := capitals(words); k > 0 {
		return words[:k], words[k:], Sure
	} else if k < 0 {
		return words[-k:], words[:-k], Sure
	}
	if k := particles(words) + 1; k > 1 && k < n && words[0].class&givenName == 0 && allOf(words[k:], givenName) {
		return words[k:], words[:k], doubtNameIf(servants.has(words[0].folded)) // De Luca Anna, but Abd El Rahman Hassan
	}
	if k := particles(words); k > 0 && k+1 == n && words[0].class&(givenName|familyName) == 0 {
		return nil, words, Sure // Dal Lago
	}
	if k := devotion(words); k > 0 {
		return words[:k], words[k:], Sure
	}
	for i := 1; i < n-1; i++ {
		if words[i].class&particle != 0 && words[i].class&givenName == 0 {
			if i > 1 && words[0].class&givenName != 0 && words[i-1].class&givenName == 0 && looksFamily(words[i-1]) {
				i-- // Ana Torres de la Cruz
			}
			return words[:i], words[i:], doubtNameIf(!beginsWith(words[:i]) || !isFamily(words[i+particles(words[i:]):]))
		}
	}
	return byGivenNames(words)
}

// beginsWith tells whether words are given names for sure, standing before a family name.
func beginsWith(words []word) bool {
	return allOf(words, givenName) || len(words) == 1 && !looksFamily(words[0])
}

// isFamily tells whether all words look like family names; one alone may be any.
func isFamily(words []word) bool {
	return len(words) < 2 || !slices.ContainsFunc(words, func(w word) bool { return !looksFamily(w) || singhs.has(w.folded) })
}

// servants begin Arabic given names as well as family names.
const servants set = " abd abdel abdul el al ben bin ibn "

// singhs are second given names of Sikhs and family names too.
const singhs set = " singh kaur "

func doubtNameIf(doubtful bool) Doubt {
	if doubtful {
		return DoubtName
	}
	return Sure
}

// isWhole tells whether words hold a given name and a family name.
func isWhole(words []word) bool {
	given, family := false, false
	for _, w := range words {
		given = given || w.class&givenName != 0
		family = family || w.class&givenName == 0 && looksFamily(w)
	}
	return given && family
}

func particles(words []word) (n int) {
	for n < len(words) && words[n].class&particle != 0 {
		n++
	}
	return n
}

// swapped puts the two sides of a separator in order: "Rossi, Mario".
func swapped(one, other []word) (given, family []word, doubt Doubt) {
	last := other[len(other)-1]
	switch {
	case !anyOf(one, givenName) && isWhole(other):
		given, family, _ = cutPerson(other, false)
		return given, family, DoubtName // Mar. Ca. Pietro Riva
	case !anyOf(one, givenName) && allOf(other, givenName):
		return other, one, doubtNameIf(!looksFamily(one[len(one)-1]) && particles(one) == 0 || last.class&familyName != 0 && !allOf(one, familyName))
	case !anyOf(one, givenName) && (particles(one) > 0 || anyFamily(one)) && !anyFamily(other) && particles(other) == 0:
		return other, one, DoubtName // Degli Innocenti, Lapo
	case allOf(one, givenName|familyName) && anyOf(one, familyName) && other[0].class&givenName != 0:
		return one, other, DoubtName
	}
	return one, other, Sure
}

// devotion counts the words of a given name such as María de los Ángeles; 0: it is none.
func devotion(words []word) int {
	const second set = " angeles carmen pilar jesus lourdes rosario mar guadalupe fatima dolores milagros conceicao anjos graca "
	k := 1
	for k < len(words) && k < 3 && words[k].class&particle != 0 {
		k++
	}
	if k == 1 || k+1 >= len(words) || !second.has(words[k].folded) || words[0].class&givenName == 0 {
		return 0
	}
	return k + 1
}

// byGivenNames looks for given names first at the beginning, then at the end.
func byGivenNames(words []word) (given, family []word, doubt Doubt) {
	n, k := len(words), 0
	for k < n && (words[k].class&givenName != 0 || k > 0 && patronymic(words[k]) || k == 0 && n > 2 && words[0].folded == "ma" && words[1].class&givenName != 0) { // Ma. is María
		k++
	}
	switch {
	case k == n:
		return allGiven(words)
	case k > 0:
		return words[:k], words[k:], doubtNameIf(!isFamily(words[k:]) || k > 2 && words[k-1].class&familyName != 0)
	case n > 3 && words[1].class&givenName != 0 && !looksFamily(words[0]):
		return words[:2], words[2:], DoubtName // Jhon Alexander Rojas Vera
	case n == 3 && looksFamily(words[0]) && words[1].class&givenName != 0 && words[2].class&givenName == 0:
		return words[1:2], without(words, 1, 2), DoubtName // Neri Paola Moro
	}
	for k = n; k > 1 && words[k-1].class&givenName != 0; k-- {
	}
	if k < n {
		return lastFirst(words, k)
	}
	return unheardOf(words)
}

// allGiven reads a name of which every word is a given name: one of them may be the family name, the last one if only that is known to be.
func allGiven(words []word) (given, family []word, doubt Doubt) {
	n := len(words)
	first, last := words[0], words[n-1]
	switch {
	case n == 2 && double(first, last):
		return words, nil, Sure // Anna Maria
	case looksFamily(first) && last.class&familyName == 0:
		return words[1:], words[:1], DoubtName // Leone Alessandro, Bruno Anna Maria
	}
	women := n == 2 && strings.HasSuffix(first.folded, "a") && strings.HasSuffix(last.folded, "a") // Anna Rosa
	return words[:n-1], words[n-1:], doubtNameIf(last.class&familyName == 0 || anyOf(words[:n-1], familyName) || women)
}

// double tells whether two names are one: Gian Carlo, Anna Maria.
func double(first, second word) bool {
	return neverAlone.has(first.folded) || neverFamily.has(second.folded) && (first.class&familyName == 0 || second.folded == "maria")
}

// lastFirst reads a name that ends with given names, from k on, and does not begin with one: Rossetti Graziella, but Nimal Fernando.
func lastFirst(words []word, k int) (given, family []word, doubt Doubt) {
	n := len(words)
	last := words[n-1]
	listed := !slices.ContainsFunc(words[:k], func(w word) bool { return w.class&familyName == 0 })
	switch {
	case last.class&familyName != 0 && !anyFamily(words[:k]):
		return words[:n-1], words[n-1:], DoubtName // Nimal Fernando
	case last.class&familyName != 0:
		return words[k:], words[:k], doubtNameIf(!listed)
	}
	return words[k:], words[:k], doubtNameIf(slices.ContainsFunc(words[:k], func(w word) bool { return !looksFamily(w) }))
}

func anyFamily(words []word) bool {
	for _, w := range words {
		if looksFamily(w) {
			return true
		}
	}
	return false
}

// looksFamily tells whether a word is known to be a family name, or sounds like an Italian one.
func looksFamily(w word) bool {
	return w.class&familyName != 0 || w.class&(givenName|speech) == 0 && w.digits == 0 && italianate(w.folded)
}

// italianate tells whether a name ends as many Italian family names do, and hardly any given name.
func italianate(folded string) bool {
	if len(folded) < 5 {
		return false
	}
	for _, end := range [...]string{"ini", "oni", "elli", "etti", "ucci", "azzi", "ozzi", "uzzi", "aghi", "ari", "ati", "otti", "asi", "esi", "isi", "ardi", "anti", "enti", "aldi", "oldi", "ani", "ori", "eri", "icchi", "occhi", "ari",
		"aro", "ago", "ate", "asco", "ese", "utti", "atti", "enko", "escu", "ovic", "wicz", "igli", "ighi", "aschi"} {
		if strings.HasSuffix(folded, end) {
			return true
		}
	}
	return false
}

// patronymic tells whether a word is the middle name of an Eastern Slav.
func patronymic(w word) bool {
	for _, end := range [...]string{"ivna", "ovna", "evna", "ovich", "ovych", "evich", "evych"} {
		if len(w.folded) > 6 && strings.HasSuffix(w.folded, end) {
			return true
		}
	}
	return false
}

// neverFamily are second given names that are hardly ever family names.
const (
	neverFamily set = " maria teresa luisa grazia pia antonietta francesca elisabetta cristina rosaria grazia chiara "
	// neverAlone are first halves of given names.
	neverAlone set = " gian pier giam giampi "
)

// capitals finds the family name that alone is in capitals, "ROSSI Mario" or "Mario ROSSI": after k words, or in the first -k.
func capitals(words []word) int {
	k := 0
	for k < len(words) && isUpper(words[k]) == isUpper(words[0]) {
		k++
	}
	if k == len(words) {
		return 0
	}
	loud, soft := words[:k], words[k:]
	if isUpper(words[k]) {
		loud, soft = soft, loud
	}
	for _, w := range loud {
		if !isUpper(w) || len(w.folded) < 2 {
			return 0
		}
	}
	for _, w := range soft {
		if rest := strings.TrimLeftFunc(w.written, unicode.IsUpper); isUpper(w) || rest != strings.ToLower(rest) {
			return 0
		}
	}
	switch {
	case allOf(loud, givenName) && !allOf(soft, givenName):
		return 0
	case isUpper(words[0]):
		return -k
	}
	return k
}

package citizen

import (
	"slices"
	"strings"
)

// speech are the classes of words that make a sentence. Somebody may still be called so: then we ask.
const speech = talk | shortTalk | negates | leaves | leavesObj | leavesMe | leftTalk | thanks | polite | greets | service | news | alien | nobodys | asksHelp | enters | doubts | weakDoubt |
	how | agrees | declines | wish | wants | sends | receives | street | noise | born | label | carries | data | know | leads | glue | firm | region | title | filler

// said tells whether the word at i is one of a sentence rather than of a name. A particle is one when no name follows.
func said(words []word, i int) bool {
	w := words[i]
	lower := isLower(w) && !(isLower(words[0]) && isLower(words[len(words)-1])) // one who writes names with a capital
	if isAdverb(w) {
		return true
	}
	if w.class&speech == 0 || w.class&givenName != 0 || w.class&familyName != 0 && w.class&(leaves|leavesMe) == 0 && !lower {
		return false
	}
	if i > 0 && words[i-1].class&particle != 0 && (!isLower(w) || i > 1 && isLower(words[0]) && bound.has(words[i-1].folded)) {
		return false // Di Salvo, Dalla Via, dell acqua
	}
	return w.class&particle == 0 || i+1 == len(words) || said(words, i+1)
}

// bound are particles that a common word follows in family names, and hardly ever in a sentence after a name.
const bound set = " dell dall della dalla dal dei degli "

// isAdverb tells whether a word says how: ovviamente.
func isAdverb(w word) bool {
	return len(w.folded) > 8 && strings.HasSuffix(w.folded, "mente") && w.class&(givenName|familyName) == 0
}

// person is who was understood.
type person struct {
	given, family []word
	doubt         Doubt
	// rest is what followed the name and is no part of it.
	rest []word
}

// person reads a name: as many words as can be one, parted into given and family name.
func (r *Reader) person(words []word, familyFirst bool) (p person) {
	words = withoutEnd(withoutNicknames(trimPerson(words)))
	words, couple := firstOfTwo(words)
	name, rest, doubt := nameRun(withoutMarriage(words))
	p.rest = rest
	var order Doubt
	p.given, p.family, order = cutPerson(name, familyFirst)
	p.doubt = max(doubt, order)
	if couple {
		p.doubt = DoubtCouple
	}
	return p
}

// withoutEnd takes what is no name off the end of one: a single letter, junior.
func withoutEnd(words []word) []word {
	const younger set = " jr sr junior senior "
	if n := len(words); n > 2 && (younger.has(words[n-1].folded) || len(words[n-1].written) == 1) {
		return words[:n-1]
	}
	return words
}

// nameRun finds the words at the beginning that can be a name. Nobody is shut out by what they are called: of two words one may be of any
// sort. But a shop, a topic or a sentence is nobody.
func nameRun(words []word) (name, rest []word, doubt Doubt) {
	n, i := len(words), 0
	if n == 0 || placeholder(words) {
		return nil, words, Sure
	}
	if allOf(words, speech) && isLower(words[0]) && isLower(words[n-1]) {
		return nil, words, Sure // "la mia"
	}
	strong := words[0].class&givenName != 0
	if anyOf(words[:1], firm) || !strong && anyOf(words, firm) {
		return nil, words, Sure
	}
	for i < n && !said(words, i) && !trails(words, i) {
		i++
	}
	if words[0].class&(talk|filler|leaves|negates) != 0 && words[0].class&(familyName|particle) == 0 {
		doubt = DoubtName // Mia
	}
	switch {
	case i == n:
		return words, nil, doubt
	case i == n-1 && n < 4 && allOf(words[:i], givenName):
		return words, nil, DoubtName // Anna Maria Basta
	case i >= 2 && words[i-1].class&particle == 0:
		return words[:i], words[i:], DoubtName
	case i == 1 && doubt == Sure && n == 2 && (strong || words[0].class&speech == 0) || i == 1 && strong && n == 3 && !said(words, 2):
		return words, nil, DoubtName // Luisa Basta
	case i == 0 && (n == 2 || n == 3 && words[0].class&(leaves|leavesMe|leavesObj) == 0 && words[1].class&(givenName|familyName|particle) != 0) && words[0].class&(nobodys|alien|street) == 0 && noneSaid(words[1:]):
		return words, nil, DoubtName // Stop Maria, Li Na
	case i == 1 && strong:
		return words[:1], words[1:], DoubtName
	}
	return nil, words, Sure
}

// trails tells whether the word at i is in lower case after a name in capitals, and no name that we know.
func trails(words []word, i int) bool {
	w := words[i]
	return i > 1 && isLower(w) && w.class&(particle|givenName|familyName) == 0 && !isLower(words[0]) && !isLower(words[1]) && !marriage.has(w.folded) && !joins.has(w.folded) &&
		words[i-1].class&particle == 0
}

func noneSaid(words []word) bool {
	for i := range words {
		if said(words, i) {
			return false
		}
	}
	return true
}

// placeholder tells whether what stands for a name is none: xxx yyy.
func placeholder(words []word) bool {
	for _, w := range words {
		if len(w.folded) < 3 || w.folded[0] < 'a' || w.folded[0] > 'z' || len(squeeze(w.folded)) > 1 {
			return false
		}
	}
	return true
}

// firstOfTwo leaves the second person out of "Mario Rossi e Anna Bianchi" and of "Silvana e Bruno Lucini".
func firstOfTwo(words []word) (one []word, couple bool) {
	for i := 1; i < len(words); i++ {
		w := words[i]
		if w.part == words[i-1].part || words[0].class&givenName == 0 || w.class&givenName == 0 {
			continue
		}
		follows := i+1 < len(words) && words[i+1].part == w.part
		switch {
		case i > 1 && (w.joined || follows && looksFamily(words[i-1])):
			return words[:i], true // Mario Rossi + Lucia Bianchi
		case i == 1 && follows && words[i+1].class&givenName == 0:
			return append(slices.Clone(words[:1]), words[i+1:]...), true // Daniele & Marta Cairoli
		}
	}
	for i := 1; i < len(words)-1; i++ {
		if w := words[i]; !joins.has(w.folded) || w.written == "E" && words[i-1].written != "E" && isUpper(words[i+1]) && len(words) < 5 && len(w.written) > 1 {
			continue
		}
		if i > 1 {
			return words[:i], true
		}
		if words[2].class&(leaves|leavesMe|negates) != 0 {
			continue
		}
		k := i + 1
		for k < len(words)-1 && words[k].class&givenName != 0 {
			k++
		}
		if k == i+1 && words[k].class&givenName == 0 && len(words)-k > 1 {
			k++
		}
		return append(slices.Clone(words[:1]), words[k:]...), true
	}
	return words, false
}

const (
	joins set = " e ed and y "
	// marriage is what a woman's other family name follows.
	marriage set = " in ved vedova nata coniugata sposata maritata vedovo "
)

// withoutMarriage takes "in Ceriani" and "ved. Carugati" out of a name.
func withoutMarriage(words []word) []word {
	for i := 2; i < len(words)-1; i++ {
		if marriage.has(words[i].folded) && words[i+1].class&nobodys == 0 {
			end := i + 2
			if end < len(words) && words[i+1].class&particle != 0 {
				end++
			}
			return without(words, i, end)
		}
	}
	return words
}

package citizen

import "strings"

// asWritten takes the last part, else the last word, for a Comune that we do not know.
func (r *Reader) asWritten(words []word) (placed, bool) {
	n := len(words)
	if saint := set(" san santa santo sant "); n > 3 && saint.has(words[n-2].folded) && words[n-3].class&particle == 0 {
		return r.unknown(words[:n-2], words[n-2:]), true // one of many: San Giorgio
	}
	if n < 3 || isPerson(words) {
		return placed{}, false
	}
	start := n - 1
	for start > 0 && words[start-1].part == words[n-1].part {
		start--
	}
	if start < 2 {
		start = n - 1
		if words[start-1].class&quarter != 0 && n > 3 {
			start--
		}
	}
	return r.unknown(words[:start], words[start:]), true
}

// unknown takes words for a Comune that is not known, if they can be one.
func (r *Reader) unknown(person, words []word) placed {
	if len(words) == 0 || garbled(words) || !plausibleComune(words) || !noneSaid(person) {
		return placed{person: person, tail: words}
	}
	name := field(words)
	if home := r.comuni.home; len(words) == 1 && len(home.key) > 3 && strings.HasPrefix(words[0].folded, home.key[:len(home.key)-1]+"es") {
		name = home.name // saronnese
	} else if one, ok := r.comuni.slip(words); ok && one.region == r.comuni.home.region {
		name = one.name
	}
	return placed{name: name, doubt: DoubtComune, person: person}
}

// plausibleComune tells whether words that are no Comune we know could be one.
func plausibleComune(words []word) bool {
	if len(words) > 4 || !noneSaid(words) || anyOf(words, region|speech&^(particle|glue|shortTalk|filler|leads)) || placeholder(words) {
		return false
	}
	for _, w := range words {
		if len(w.folded) > 2 {
			return true
		}
	}
	return false
}

// isPerson tells whether the words look like a name alone: Anna Maria Rossi, Carmela Lo Presti, Rossi Maria.
func isPerson(words []word) bool {
	n := len(words)
	if n < 3 {
		return true
	}
	if words[0].part != words[n-1].part {
		return false
	}
	return words[n-2].class&particle != 0 && words[n-2].class&givenName == 0 || allOf(words[:n-1], givenName) || words[n-1].class&givenName != 0 && words[n-2].class&givenName != 0 ||
		n == 3 && words[0].class&particle != 0 && words[2].class&givenName != 0
}

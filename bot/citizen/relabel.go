package citizen

import "slices"

// relabel settles what labels of several words and of other languages stand for: "last name", "nom" beside "prénom", "com" beside "cogn".
func relabel(words []word) []word {
	if !slices.ContainsFunc(words, func(w word) bool { return w.class&label != 0 }) {
		return words
	}
	const (
		ownName  set = " prenom prenume vorname first given "
		short    set = " com res cit ort place "
		reversed set = " nom nume name "
		first    set = " first given "
		from     set = " aus din "
		last     set = " last family second "
		whole    set = " full completo completa complet "
		is       set = " es is ist est este meu im eshte "
		mine     set = " my mi mein mon moe моє meu "
		after    set = " b v y u ne zu im at em "
	)
	family := slices.ContainsFunc(words, func(w word) bool { return ownName.has(w.folded) })
	labels := 0
	for _, w := range words {
		if w.class&(labelGiven|labelFamily) != 0 {
			labels++
		}
	}
	out := make([]word, 0, len(words))
	for i, w := range words {
		next := ""
		if i+1 < len(words) {
			next = words[i+1].folded
		}
		before := word{}
		if i > 0 {
			before = words[i-1]
		}
		switch {
		case (first.has(w.folded) || last.has(w.folded) || whole.has(w.folded)) && next == "name",
			whole.has(w.folded) && before.class&label != 0,
			before.class&labelComune != 0 && after.has(w.folded) && i+1 < len(words),
			(before.class&(labelGiven|labelFamily) != 0 || is.has(before.folded)) && is.has(w.folded),
			mine.has(w.folded) && i+1 < len(words) && words[i+1].class&(labelGiven|labelFamily) != 0:
			continue
		case w.folded == "name" && last.has(before.folded), reversed.has(w.folded) && family && !first.has(before.folded):
			w.class = w.class&^label | labelFamily
		case w.folded == "nume":
			w.class |= labelGiven
		case (short.has(w.folded) || from.has(w.folded) && isLower(w)) && labels > 0 && i+1 < len(words):
			w.class = w.class&^label | labelComune
		}
		out = append(out, w)
	}
	return out
}

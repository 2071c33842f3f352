package citizen

// dropProvince takes the province off the end, as in "Saronno (VA)", "Desio Monza Brianza" and "Saronno, Lombardia". Before it must stand a
// Comune of that province, unless two letters stand apart.
func (r *Reader) dropProvince(words []word) []word {
	n := len(words)
	if at, _ := r.endsIn(words, ""); n > 1 && words[n-1].class&region != 0 && (at == 0 || at == n-1) { // but Teglio Veneto is one name
		bare := r.dropProvince(words[:n-1])
		if _, ok := r.endsIn(bare, ""); ok {
			return bare
		}
	}
	for k := min(n-1, 5); k > 0; k-- {
		var buf [80]byte
		key, _ := joined(buf[:0], words[n-k:], "")
		code, ok := r.comuni.provinces[string(key)]
		if !ok {
			continue
		}
		// A name may be the Comune itself: "Luisa Bianchi Cosenza" lives there.
		if at, ok := r.endsIn(words[:n-k], code); ok && (len(key) == 2 || at > 1) {
			return words[:n-k]
		}
		last := words[n-1]
		alone := last.part != words[max(0, n-2)].part
		if len(key) == 2 && n > 3 && (alone || isUpper(last) && !isUpper(words[n-2])) {
			return words[:n-1]
		}
	}
	return words
}

// endsIn finds the Comune at the end of words, of a province or of any.
func (r *Reader) endsIn(words []word, province string) (at int, ok bool) {
	for i := max(0, len(words)-maxComuneWords); i < len(words); i++ {
		if one, ok := r.comuni.find(words[i:]); ok && (province == "" || one.province == province) {
			return i, true
		}
	}
	return 0, false
}

// provinceLength is how many words "provincia di Varese" takes.
func (r *Reader) provinceLength(words []word) int {
	i := 1
	for i < len(words)-1 && (words[i].folded == "di" || words[i].folded == "del" || words[i].folded == "della") {
		i++
	}
	for n := min(len(words)-i, 5); n > 0; n-- {
		var buf [80]byte
		if key, ok := joined(buf[:0], words[i:i+n], ""); ok {
			if _, ok := r.comuni.provinces[string(key)]; ok {
				return i + n
			}
		}
	}
	return i
}

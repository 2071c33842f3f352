package citizen

import (
	_ "embed" // for the list of Comuni
	"strings"
)

// comuniTSV is the list of Italian Comuni. Fonte: Istat, SITUAS, elenco dei comuni al 20 gennaio 2025, CC BY 4.0; rielaborato. By way of
// mlocati/comuni-italiani (MIT). See comuni/README.md.
//
//go:embed comuni/comuni.tsv
var comuniTSV string

// comune is one Comune of the list.
type comune struct {
	name, key, province, region string
	words                       int
}

// comuni finds Comuni by name. A key is a name folded, without blanks.
type comuni struct {
	list  []comune
	exact map[string]int32
	// short holds the first words of longer names.
	short map[string][]int32
	// sized holds the list by the length of the key.
	sized [40][]int32
	// provinces holds codes by the folded name and by the folded code itself.
	provinces map[string]string
	home      comune
}

const (
	maxComuneWords = 7
	// generic are first words that say nothing without the next.
	generic set = " san santo santa sant castel castello castelli monte villa borgo rocca torre torri campo ponte pieve colle serra valle val casal casale motta" +
		" costa isola terra nova fara bagno bagni acqua acque poggio porto sasso pietra riva selva nostra quarto terme centro quartu tempio forte grotte grotta marina "
	// shortest is how long the first words must be to stand for the whole, and a word to be read with a slip.
	shortest = 5
	slip     = 6
)

func newComuni(home string, lexicon map[string]class) *comuni {
	c := &comuni{
		list:  make([]comune, 0, 8000),
		exact: make(map[string]int32, 9000), short: make(map[string][]int32, 3000), provinces: provinces(),
	}
	other := make(map[string]int32, 128)
	first := true
	for line := range strings.Lines(comuniTSV) {
		if first {
			first = false
			continue
		}
		col := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		one := comune{name: col[0], key: foldLong(col[0]), province: col[2], region: col[3], words: 1 + strings.Count(col[0], " ")}
		at := int32(len(c.list))
		c.list = append(c.list, one)
		c.exact[one.key] = at
		if col[1] != "" {
			other[foldLong(col[1])] = at
			other[one.key+foldLong(col[1])] = at
		}
		if n := len(one.key); n < len(c.sized) {
			c.sized[n] = append(c.sized[n], at)
		}
	}
	for key, at := range other {
		if _, ok := c.exact[key]; !ok {
			c.exact[key] = at
		}
	}
	for _, bare := range [...]string{"aquila", "spezia"} {
		for _, article := range [...]string{"l", "la"} {
			if at, ok := c.exact[article+bare]; ok {
				c.exact[bare] = at
			}
		}
	}
	c.abbreviate(lexicon)
	c.addHamlets()
	if at, ok := c.exact[foldLong(home)]; ok {
		c.home = c.list[at]
	}
	return c
}

// abbreviate lists the beginnings of names that people leave it at: Ceriano, Reggio Calabria, Caronno P.
func (c *comuni) abbreviate(lexicon map[string]class) {
	for at, one := range c.list {
		if one.words == 1 {
			continue
		}
		words := strings.Fields(one.name)
		key := ""
		for i, w := range words[:len(words)-1] {
			key += foldLong(w)
			if i == 0 && generic.has(key) {
				continue
			}
			if len(key) < shortest || lexicon[key]&givenName != 0 {
				continue
			}
			next := key + foldLong(words[i+1])[:1]
			c.short[next] = append(c.short[next], int32(at))
			if _, ok := c.exact[key]; !ok {
				c.short[key] = append(c.short[key], int32(at))
			}
		}
		// Reggio nell'Emilia, Reggio di Calabria, Appiano sulla strada del vino
		last := foldLong(strings.TrimPrefix(words[len(words)-1], "nell'"))
		if key := foldLong(words[0]) + last; key != one.key {
			c.short[key] = append(c.short[key], int32(at))
		}
	}
}

// foldLong folds a name of any length and leaves the blanks out.
func foldLong(s string) string {
	out := make([]byte, 0, len(s))
	for w := range strings.FieldsSeq(s) {
		out = append(out, fold(w)...)
	}
	return string(out)
}

// find looks words up as they are, S. standing for San, Santo, Santa and Sant'.
func (c *comuni) find(words []word) (comune, bool) {
	if len(words) == 0 {
		return comune{}, false
	}
	var buf [80]byte
	key, ok := joined(buf[:0], words, "")
	if !ok {
		return comune{}, false
	}
	if at, ok := c.exact[string(key)]; ok {
		return c.list[at], true
	}
	for _, w := range words[:len(words)-1] {
		if w.folded != "s" {
			continue
		}
		for _, saint := range [...]string{"san", "santo", "santa", "sant"} {
			key, _ := joined(buf[:0], words, saint)
			if at, ok := c.exact[string(key)]; ok {
				return c.list[at], true
			}
		}
	}
	return comune{}, false
}

// joined writes the folded words into buf; false when no Comune is that long.
func joined(buf []byte, words []word, saint string) ([]byte, bool) {
	for _, w := range words {
		if len(buf)+len(w.folded) > cap(buf)-8 {
			return nil, false
		}
		if saint != "" && w.folded == "s" {
			buf = append(buf, saint...)
			continue
		}
		buf = append(buf, w.folded...)
	}
	return buf, true
}

// guess looks words up as a shortened name, then as one with a slip, if only one Comune can be meant, home's neighbourhood first.
// Slipped is set for the latter.
func (c *comuni) guess(words []word) (one comune, slipped, ok bool) {
	var buf [80]byte
	key, ok := joined(buf[:0], words, "")
	if !ok || len(key) < shortest {
		return comune{}, false, false
	}
	if one, ok := c.only(c.short[string(key)], string(key)); ok {
		return one, false, true
	}
	if one, ok := c.only(c.shortened(words), ""); ok {
		return one, false, true
	}
	one, ok = c.slip(words)
	// A surname is soon a letter away from a town far off: Ferrari, Ferrara.
	if ok && (len(key) < slip+2 && one.region != c.home.region || len(key) <= slip && one.province != c.home.province) {
		return comune{}, false, false
	}
	return one, true, ok
}

// slip finds the one Comune that words are a letter away from.
func (c *comuni) slip(words []word) (comune, bool) {
	var buf [80]byte
	key, ok := joined(buf[:0], words, "")
	if !ok || len(key) < slip || len(c.short[string(key)]) > 0 {
		return comune{}, false
	}
	var slips []int32
	for n := max(0, len(key)-1); n <= min(len(c.sized)-1, len(key)+1); n++ {
		for _, at := range c.sized[n] {
			if near(string(key), c.list[at].key) {
				slips = append(slips, at)
			}
		}
	}
	return c.only(slips, "")
}

// shortened lists the Comuni of which words are the first word and the beginning of the next: Caronno Pert., Caronno P.lla.
func (c *comuni) shortened(words []word) (list []int32) {
	if len(words) < 2 || len(words) > 3 || len(words[0].folded) < shortest {
		return nil
	}
	first, next := words[0].folded, words[1].folded
	end := ""
	if len(words) == 3 {
		if len(next) > 1 {
			return nil
		}
		end = words[2].folded
	}
	for _, at := range c.short[first+next[:1]] {
		rest, ok := strings.CutPrefix(c.list[at].key, first)
		if ok && strings.HasPrefix(rest, next) && strings.HasSuffix(rest, end) {
			list = append(list, at)
		}
	}
	return list
}

// only picks the one Comune that can be meant, in all of Italy, else in home's region, else in its province.
func (c *comuni) only(candidates []int32, key string) (comune, bool) {
	if key == "caronno" && c.home.key == "saronno" {
		return c.list[c.exact["caronnopertusella"]], true // the list does not know who borders on whom; everybody here does
	}
	var one comune
	for scope := range 3 {
		n := 0
		for _, at := range candidates {
			p := c.list[at]
			if scope == 1 && p.region != c.home.region || scope == 2 && p.province != c.home.province {
				continue
			}
			if n == 0 || p.name != one.name {
				n++
			}
			one = p
		}
		if n == 1 {
			return one, true
		}
	}
	return comune{}, false
}

// Comune gives the official spelling of a Comune that staff name, in whatever
// case and with whatever accents, and whether there is one of that name.
func (r *Reader) Comune(name string) (official string, ok bool) {
	key := foldLong(name)
	if home := r.comuni.home; key == home.key && key != "" {
		return home.name, true
	}
	at, ok := r.comuni.exact[key]
	if !ok {
		return "", false
	}
	return r.comuni.list[at].name, true
}

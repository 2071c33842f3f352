package citizen

import (
	"slices"
	"strings"
)

// sense is what a phrase says, one bit each.
type sense uint32

const (
	alarm    sense = 1 << iota // somebody is in danger or calls for help, whatever stands around it
	hazard                     // a danger, unless the message talks about one that is over
	danger                     // a word of danger, which may be news or a name as well
	calm                       // talk about a danger that is over, or was only announced
	quit                       // a wish to leave, certain unless it is asked about or taken back
	mayQuit                    // what may be a wish to leave
	stay                       // wants the news to go on, or misses them
	mourns                     // somebody has died
	stranger                   // the number was somebody else's, or nobody subscribed
	urgent                     // only what is urgent
	partial                    // a part of the news
	topic                      // what the news are about
	everyone                   // all news
	tooMuch                    // fewer news would do
	resumes                    // the end of a pause
	asksData                   // which data are held
	amiss                      // a detail is amiss, or to be changed
	asksUs                     // a question about the service
	drops                      // never mind
	assents                    // yes, in whatever language
	nods                       // yes, if something was asked
	menu                       // an instruction that only we or a flyer give
)

// phrase is a way to say something in as few words as make it plain.
type phrase struct {
	sense       sense
	tongue      Tongue
	steps       []step
	opens, ends bool
}

// step is one word of a phrase: any of these, folded; one that ends with a star is a beginning. It follows with at most maxGap words between,
// or at once, or stands anywhere in the sentence.
type step struct {
	words    []string
	close    bool
	anywhere bool
}

// maxGap is how many words may stand between those of a phrase; a comma may, the end of a sentence may not.
const maxGap = 3

// maxPhrased is how many words of a message are searched for phrases.
const maxPhrased = 400

func (s step) has(w word) bool { return s.is(w.folded) || w.bare != "" && s.is(w.bare) }

func (s step) is(folded string) bool {
	for _, w := range s.words {
		if w == folded {
			return true
		}
		if stem, ok := strings.CutSuffix(w, "*"); ok && strings.HasPrefix(folded, stem) {
			return true
		}
	}
	return false
}

// phraseBook finds phrases by their first words. Those in Chinese, which does not part words, are looked for anywhere.
type phraseBook struct {
	first   map[string][]phrase
	stems   map[string][]phrase // by the first bytes of a first word that is only a beginning
	chinese []phrase
}

// stemKey is by how many bytes the beginning of a word is looked up.
const stemKey = 3

// newPhraseBook reads lists of phrases, one on a line: words in their order, "a|b" for either, "a*" for what begins so, "+a" for what follows
// at once, "~a" for what stands anywhere in the sentence, "^" for the beginning of the message and "$" for its end.
func newPhraseBook() phraseBook {
	book := phraseBook{first: map[string][]phrase{}, stems: map[string][]phrase{}}
	short := strings.NewReplacer(groups()...)
	for _, list := range [...][]wording{dangers(), foreignDangers(), partings(), claims(), farewells(), alarms(), foreignPartings(), requests(), ownPhrases()} {
		for _, l := range list {
			for line := range strings.Lines(short.Replace(l.phrases)) {
				book.add(l, strings.Fields(line))
			}
		}
	}
	return book
}

// groups are words that many phrases share.
func groups() []string {
	const relatives = "marito|moglie|padre|madre|mamma|papa|papà|babbo|nonn*|figlio|figlia|fratello|sorella|zio|zia|suocer*|compagn*|cognat*"
	return []string{
		"@relative", relatives,
		"@person", relatives + "|signor*|anzian*|uomo|donna|bambin*|bimb*|ragazz*|persona|qualcuno|tizio|ciclista|motociclista|pedone|vecchi*|vicin*|amic*|collega|neonat*",
		"@removed", "tolt*|cancellat*|rimoss*|eliminat*|esclus*|disiscritt*|depennat*|disattivat*|levat*|dimenticat*",
		"@messages", "messagg*|mesagg*|notizi*|comunicazion*|avvisi|news|newsletter|notifiche|whatsapp|sms|aggiornament*",
	}
}

// wording is a list of phrases in one language that say the same.
type wording struct {
	sense   sense
	tongue  Tongue
	phrases string
}

func (b *phraseBook) add(l wording, tokens []string) {
	p := phrase{sense: l.sense, tongue: l.tongue}
	for _, t := range tokens {
		switch t {
		case "^":
			p.opens = true
			continue
		case "$":
			p.ends = true
			continue
		}
		t, close := strings.CutPrefix(t, "+")
		t, anywhere := strings.CutPrefix(t, "~")
		s := step{close: close, anywhere: anywhere}
		for alt := range strings.SplitSeq(t, "|") {
			stem, begins := strings.CutSuffix(alt, "*")
			folded := fold(stem)
			if begins {
				folded += "*"
			}
			s.words = append(s.words, folded)
		}
		p.steps = append(p.steps, s)
	}
	if len(p.steps) == 0 {
		return
	}
	if isHan(p.steps[0].words[0]) {
		b.chinese = append(b.chinese, p)
		return
	}
	for _, w := range p.steps[0].words {
		if stem, ok := strings.CutSuffix(w, "*"); ok {
			b.stems[stem[:stemKey]] = append(b.stems[stem[:stemKey]], p)
			continue
		}
		b.first[w] = append(b.first[w], p)
	}
}

// sayings is what all phrases of a message say together.
type sayings struct {
	sense sense
	// tongue is that of the first phrase that is not Italian.
	tongue Tongue
}

func (s sayings) any(of sense) bool { return s.sense&of != 0 }

func (s *sayings) add(p phrase) {
	s.sense |= p.sense
	if s.tongue == Italian {
		s.tongue = p.tongue
	}
}

// read looks for every phrase.
func (b phraseBook) read(words []word) (all sayings) {
	words = words[:min(len(words), maxPhrased)]
	chinese := false
	for i, w := range words {
		b.readAt(words, i, w.folded, &all)
		if w.bare != "" {
			b.readAt(words, i, w.bare, &all)
		}
		chinese = chinese || isHan(w.written)
	}
	if chinese {
		b.readChinese(words, &all)
	}
	return all
}

// readAt looks for the phrases that begin with the word at i, as first has it.
func (b phraseBook) readAt(words []word, i int, first string, all *sayings) {
	for _, p := range b.first[first] {
		if p.at(words, i) {
			all.add(p.unless(words, i))
		}
	}
	if len(first) < stemKey {
		return
	}
	for _, p := range b.stems[first[:stemKey]] {
		if p.at(words, i) {
			all.add(p.unless(words, i))
		}
	}
}

// unless is p in the light of the words before it: a wish to leave becomes one to stay if "non" stands before it: "non voglio essere cancellata", but not "non riesco a cancellarmi".
func (p phrase) unless(words []word, i int) phrase {
	if p.sense == stay && i > 0 && words[i-1].folded == "se" {
		p.sense = mayQuit // a threat: "se non mi cancellate"
		return p
	}
	if p.sense&(quit|mayQuit) == 0 || i == 0 || words[i-1].part != words[i].part || able.has(words[i].folded) || words[i].class&negates != 0 {
		return p
	}
	if not.has(words[i-1].folded) && (i < 2 || words[i-2].folded != "se" && words[i-2].folded != "come") {
		p.sense = stay
	}
	return p
}

const (
	not  set = " non nn nun mai "
	able set = " riesco riusciamo posso possiamo so trovo capisco provo si ce mi ci "
)

func (b phraseBook) readChinese(words []word, all *sayings) {
	var text strings.Builder
	for _, w := range words {
		text.WriteString(w.written)
	}
	for _, p := range b.chinese {
		for _, w := range p.steps[0].words {
			if strings.Contains(text.String(), w) && (!p.ends || text.String() == w) {
				all.add(p)
			}
		}
	}
}

// isHan tells whether s begins with a Chinese character.
func isHan(s string) bool { return s != "" && "\u4e00" <= s && s < "\ua000" }

// at tells whether the phrase begins with the word at i.
func (p phrase) at(words []word, i int) bool {
	if p.opens && i > 0 || !p.steps[0].has(words[i]) {
		return false
	}
	return p.follows(words, i, p.steps[1:])
}

// follows tells whether the steps come after the word at i.
func (p phrase) follows(words []word, i int, steps []step) bool {
	if len(steps) == 0 {
		return !p.ends || i == len(words)-1
	}
	if steps[0].anywhere {
		return slices.ContainsFunc(sentenceAround(words, i), steps[0].has) && p.follows(words, i, steps[1:])
	}
	last := i + 1 + maxGap
	if steps[0].close {
		last = i + 1
	}
	for k := i + 1; k < len(words) && k <= last && words[k].sentence == words[i].sentence; k++ {
		if steps[0].has(words[k]) && p.follows(words, k, steps[1:]) {
			return true
		}
	}
	return false
}

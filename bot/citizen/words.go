package citizen

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is one word of a message.
type word struct {
	// written is the word as the citizen wrote it, NFC.
	written string
	// folded is for comparison only: lower case, letters only, without accents and apostrophes, look-alikes undone.
	folded string
	// bare is folded without the article that has melted with it (l'iscrizione), else empty.
	bare string
	// part counts the separators (commas, line breaks, emoji…) before the word, sentence those that end a sentence.
	part, sentence int
	// digits is how many digits stand inside the word, as in "d1sattiva" or a tax code.
	digits int
	// number is set when a number follows the word; numbers themselves are not kept, but for two short ones, which may be a day and a month.
	number bool
	values [2]int
	// mended is set when the word was put together from letters or cut from a longer one.
	mended bool
	// class is what the lexicon knows of the word; split leaves it zero.
	class class
	// aside is set between brackets, dotted when the point of an abbreviation follows, joined when a plus or an ampersand stands before.
	aside, dotted, joined bool
}

// message is a text cut into words, and what stands between them.
type message struct {
	words []word
	// asked holds a bit for each sentence that ends with a question mark.
	asked uint64
	// forbids is set by a sign such as 🚫 or ❌, blank when nothing can be seen at all.
	forbids, blank bool
	// numbers is set when a number stood somewhere, cut when the text was too long to be read to its end.
	numbers, cut bool
	// stops is set by a sign that means stop by itself.
	stops bool
	// first is a short number that opens the message, rescue how an emergency number stands in it.
	first  int
	rescue rescue
}

// rescue tells how 112 or its like was written.
type rescue int

const (
	rescueFirst  rescue = 1 << iota // the message opens with it
	rescueAlone                     // it is the only number
	rescueCalled                    // "chiamate il 118"
)

// scan cuts a text into words.
func scan(text string) message {
	s := scanner{}
	s.text, s.m.cut = normalise(text)
	s.m.words = make([]word, 0, 1+min(len(s.text)/5, 64))
	s.run()
	return s.m
}

type scanner struct {
	m              message
	text           string
	start          int // of the word in hand, -1 between words
	part, sentence int
	quoted         bool // a word has opened a quotation with an apostrophe
	seen           bool // something that can be seen
	aside, joined  bool // as in word
}

func (s *scanner) run() {
	s.start = -1
	var before rune
	skip := 0
	for i, r := range s.text {
		if i < skip {
			continue
		}
		size := utf8.RuneLen(r)
		if s.start < 0 && s.isAddress(i, r) {
			skip = i + tokenEnd(s.text[i:])
			s.seen, s.part = true, s.part+1
			before = ' '
			continue
		}
		if inWord(s.text[i+size:], before, r) {
			if s.start < 0 {
				s.start = i
			}
		} else {
			s.between(i, size, r)
		}
		before = r
	}
	s.flush(len(s.text))
	s.m.blank = !s.seen
}

// between takes a rune that belongs to no word.
func (s *scanner) between(i, size int, r rune) {
	if !unicode.IsSpace(r) {
		s.seen = true
	}
	if r == '.' && s.start >= 0 {
		written := s.text[s.start:i]
		switch {
		case utf8.RuneCountInString(written) == 1:
			s.flush(i) // S. Vittore
			return
		case abbreviations.has(fold(written)):
			if !endsTitle(s.text[i+size:]) {
				s.flush(i)
				s.m.words[len(s.m.words)-1].dotted = true
			}
			return
		}
	}
	s.flush(i)
	switch {
	case isBlank(r):
		s.aside = strings.ContainsRune("“„«‹", r) || r == '"' && !s.aside || s.aside && !strings.ContainsRune("\"”»›", r)
		return
	case r == '+' && len(s.m.words) > 0 && wantsMore.has(s.m.words[len(s.m.words)-1].folded):
		s.add("più")
		return
	case r == '?' || r == '？' || r == '؟' || r == '⁇' || r == '❓' || r == '❔' || r == '⁈':
		s.m.asked |= 1 << min(s.sentence, 63)
		s.sentence++
	case r == '.' || r == '!' || r == '…': // a line break may stand for a comma
		s.sentence++
	case strings.ContainsRune("❌🚫⛔🛑🔕👎✖❎🙅📵🔇", r):
		s.m.forbids = true
		s.m.stops = s.m.stops || r != '👎' && r != '🙅'
	}
	s.part++
	s.aside = r == '(' || s.aside && r != ')'
	s.joined = s.joined || r == '+' || r == '&'
}

// endsTitle tells whether the point was inside an abbreviation, as in Sig.ra and Dott.ssa.
func endsTitle(after string) bool {
	n := strings.IndexFunc(after, func(r rune) bool { return !unicode.IsLower(r) })
	if n < 0 {
		n = len(after)
	}
	return 0 < n && n <= 3
}

// flush ends the word in hand.
func (s *scanner) flush(end int) {
	if s.start < 0 {
		return
	}
	written := s.text[s.start:end]
	s.start, s.seen = -1, true
	if strings.Count(written, "-") > 1 {
		for piece := range strings.SplitSeq(written, "-") {
			s.add(piece)
		}
		return
	}
	s.add(written)
}

// add takes a word, or notes a number: telephone numbers, postal codes and dates are not ours to keep.
func (s *scanner) add(written string) {
	w := word{part: s.part, sentence: s.sentence, aside: s.aside, joined: s.joined}
	s.joined = false
	opened := strings.HasPrefix(written, "'")
	w.written = trimApostrophes(written, s.quoted || opened)
	s.quoted = s.quoted || opened
	letters := 0
	for _, r := range w.written {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			w.digits++
		}
	}
	if letters == 0 {
		if w.digits > 0 {
			s.number(w.written)
		}
		return
	}
	if w.folded = fold(w.written); w.folded == "" {
		return
	}
	if i := strings.IndexByte(w.written, '\''); 0 < i && i < 6 && len(w.written)-i > 3 {
		w.bare = fold(w.written[i+1:])
	}
	s.m.words = append(s.m.words, w)
}

// number takes a number.
func (s *scanner) number(written string) {
	value, err := strconv.Atoi(written)
	if err != nil || value > 366 {
		value = 0
	}
	helps := value == 112 || value == 113 || value == 115 || value == 118
	switch n := len(s.m.words); {
	case s.m.numbers:
		s.m.rescue &= rescueCalled // the rest is part of a telephone number
	case helps && n == 0:
		s.m.rescue = rescueFirst | rescueAlone
	case helps:
		s.m.rescue |= rescueAlone
	}
	if s.m.numbers = true; len(s.m.words) == 0 {
		s.m.first = value
		return
	}
	last := &s.m.words[len(s.m.words)-1]
	if helps && !last.number && callsRescue.has(last.folded) {
		s.m.rescue |= rescueCalled
	}
	last.number = true
	switch {
	case last.values[0] == 0:
		last.values[0] = value
	case last.values[1] == 0:
		last.values[1] = value
	}
}

// callsRescue stands before the number of the rescue, and before no house number.
const callsRescue set = " il la al chiamate chiama chiamo chiamare chiamiamo serve servono col avvisate urgente subito aiuto call dial appelez llame llamen llama sunati ruft rufen thirrni "

// isAddress tells whether an e-mail address, a handle or a link begins here.
func (s *scanner) isAddress(i int, r rune) bool {
	switch r {
	case '@':
		return true
	case 'h', 'H', 'w', 'W':
		rest := s.text[i:min(len(s.text), i+8)]
		if len(rest) == 8 && (strings.EqualFold(rest[:7], "http://") || strings.EqualFold(rest, "https://") || strings.EqualFold(rest[:4], "www.")) {
			return true
		}
	}
	if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
		return false
	}
	token := s.text[i : i+tokenEnd(s.text[i:])]
	at := strings.IndexByte(token, '@')
	return at > 0 && strings.IndexByte(token[at:], '.') > 1
}

// tokenEnd is where the first white space comes.
func tokenEnd(s string) int {
	if i := strings.IndexFunc(s[:min(len(s), 100)], unicode.IsSpace); i >= 0 {
		return i
	}
	return min(len(s), 100)
}

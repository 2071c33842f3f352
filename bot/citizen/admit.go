package citizen

import "slices"

const (
	// maxWord is how long a word of a name can be; in a longer one anything may be glued together.
	maxWord = 30
	// maxDetails is how many words can be a person: four given names, four family names, an address and the longest Comune fit; a story does
	// not.
	maxDetails = 24
)

// admit decides what becomes of a command to subscribe. Only what leaves no doubt subscribes at once; what holds all details is asked about,
// and so is what lacks some.
func (r *Reader) admit(m *message, e entry) Request {
	if m.forbids {
		return Request{Intent: Help}
	}
	unsure := func(w word) bool { return len(w.folded) > maxWord }
	mended := func(w word) bool { return w.mended }
	initial := func(w word) bool { return len(w.folded) > 1 }
	if m.cut || len(e.details) > maxDetails || slices.ContainsFunc(e.details, unsure) || !slices.ContainsFunc(e.details, initial) {
		if m.asked != 0 || mentionsLeaving(m.words) || r.rambles(e.details) {
			return Request{Intent: Help}
		}
		return Request{Intent: Incomplete}
	}
	f := r.details(e.details)
	if slices.ContainsFunc(e.details, mended) {
		if e.vague = true; !f.whole() || !f.known {
			return Request{Intent: Incomplete}
		}
	}
	if !f.whole() {
		return r.part(m, e, f)
	}
	before := m.words[:len(m.words)-len(e.details)]
	if e.last {
		before = nil
	}
	if leaving := mentionsLeaving(f.name); leaving && f.Doubt == Sure && !f.named {
		f.Doubt = DoubtName // Luisa Basta
		if len(f.name) > 3 {
			return Request{Intent: Help}
		}
	}
	if mentionsLeaving(before) || mentionsLeaving(f.tail) || anyOf(f.tail, leavesObj|sends) || anyOf(f.rest, leaves|leavesMe|leavesObj|leftTalk) || garbled(f.rest) ||
		len(f.tail) == 0 && m.asks(e.details[len(e.details)-1].sentence) {
		return Request{Intent: Help}
	}
	return f.decide(e, m.asked != 0)
}

// asks tells whether a sentence is a question.
func (m *message) asks(sentence int) bool { return m.asked>>min(sentence, 63)&1 != 0 }

// decide subscribes when nothing is doubtful.
func (f finding) decide(e entry, asked bool) Request {
	d := f.Request
	if d.Doubt == Sure && (asked || e.vague || e.weak && !f.known || !f.endsWell()) {
		d.Doubt = DoubtName
	}
	if d.Intent = Subscribe; d.Doubt != Sure {
		d.Intent = Doubtful
	}
	return d
}

// endsWell tells whether what was read as no detail takes nothing back: courtesy, praise, an address, a signature.
func (f finding) endsWell() bool {
	const harmless = thanks | polite | greets | leads | filler | glue | particle | street | quarter | numeral | noise
	for _, w := range append(slices.Clip(f.rest), f.tail...) {
		signs := slices.ContainsFunc(f.name, func(n word) bool { return n.folded == w.folded })
		if w.class&(negates|leaves|doubts|declines) != 0 || w.class&harmless == 0 && !signs && !praise.has(w.folded) {
			return false
		}
	}
	return true
}

const praise set = " complimenti iniziativa bella bell finalmente bravi era ora utile idea servizio fatto ok liniziativa continuate cosi "

// part is what becomes of a command with details that lack something.
func (r *Reader) part(m *message, e entry, f finding) Request {
	d := f.Request
	d.Intent, d.Doubt = Incomplete, Sure
	switch {
	case mentionsLeaving(m.words):
		return Request{Intent: Help}
	case m.asked != 0 && (d.GivenName == "" || d.FamilyName == "" || len(f.rest)+len(f.tail) > 0 || !noneSaid(f.name)):
		return Request{Intent: Help}
	case e.vague && !f.known:
		return Request{Intent: Incomplete}
	case r.rambles(e.details):
		if d.GivenName == "" || len(e.details) > 4 || anyOf(e.details, talk|negates|doubts) {
			return Request{Intent: Help}
		}
	}
	if d.Comune != "" && !f.known {
		d.Comune = ""
	}
	if d.Comune == "" && f.Doubt == DoubtName && !noneSaid(f.name) {
		d.FamilyName = "" // "Giorgia subito"
		if said(f.name, 0) {
			d.GivenName = "" // "è una truffa"
		}
	}
	return d
}

// tells reads a short text that is nothing but a name, a Comune or both.
func (r *Reader) tells(m *message) (Request, bool) {
	if n := len(m.words); n > 6 || m.asked != 0 || m.forbids || m.cut || mentionsLeaving(m.words) || garbled(m.words) {
		return Request{}, false
	}
	words := trimPerson(m.words)
	if len(words) == 0 || len(words) > 5 {
		return Request{}, false
	}
	f := r.details(words)
	d := f.Request
	d.Intent, d.Doubt = Details, Sure
	if !f.known {
		d.Comune = ""
	}
	if len(f.tail)+len(f.rest) > 0 || !noneSaid(f.name) || d.Comune == "" && !looksNamed(f.name) || d.GivenName+d.FamilyName+d.Comune == "" {
		return Request{}, false
	}
	if one, ok := r.comuni.find(words); ok && len(words) == 1 { // Lei, Sale and Bella are words before they are Comuni
		return Request{Intent: Details, Comune: one.name}, !said(words, 0) && (r.here(one) || !isLower(words[0]))
	}
	return d, true
}

// looksNamed tells whether words are a given name, or one beside what could be a family name.
func looksNamed(words []word) bool {
	if len(words) == 0 || words[0].class&givenName == 0 && !anyFamily(words[:1]) {
		return false
	}
	for _, w := range words {
		if w.class&(givenName|particle) == 0 && !looksFamily(w) && (isLower(w) || isLower(words[0])) {
			return false
		}
	}
	return anyOf(words, givenName)
}

// rambles tells whether what follows the command is a sentence and not a person.
func (r *Reader) rambles(words []word) bool {
	labels := anyOf(words, label)
	for _, w := range words {
		if w.class&label != 0 || w.class&filler != 0 || w.class&(noise|firm) != 0 || w.class&givenName != 0 && w.class&talk == 0 {
			continue
		}
		if w.class&(service|leavesObj|asksHelp) != 0 && w.class&familyName == 0 {
			return true
		}
		if w.class&talk != 0 || w.class&shortTalk != 0 && len(words) > 5 && !labels && w.class&particle == 0 {
			return true
		}
	}
	return false
}

// Doubt is what must be confirmed of details that are known: after a while it is found out again rather than kept.
func (r *Reader) Doubt(d Request) Doubt {
	if !r.recognised(d.Comune) {
		return DoubtComune
	}
	return DoubtName
}

package citizen

import "slices"

// Answer says what a message means in the light of the question q. What has a meaning of its own, such as the wish to leave or a whole new
// registration, keeps it. Else it fills what lacks, and changes what is known only by a label or where it is plainly a correction: the
// Request then holds all that is known, and is Incomplete, Doubtful or Subscribe. A text that answers nothing has the Intent that
// [Reader.Read] gives it.
func (r *Reader) Answer(q Question, text string) Request {
	if (q.Asked == AskedCheck || q.Asked == AskedLeave) && r.nodded(text) {
		return Request{Intent: Yes}
	}
	if q.Asked == AskedLeave {
		return r.yesToLeave(text)
	}
	if q.Asked != AskedDetails && q.Asked != AskedCheck {
		return r.Read(text)
	}
	m := scan(text)
	read := r.read(&m, r.prepare(&m))
	known := Request{GivenName: q.GivenName, FamilyName: q.FamilyName, Comune: q.Comune}
	if answer, ok := r.fill(known, &m, read, text); ok {
		return answer
	}
	if read.Intent == Incomplete { // the command alone, once more
		known.Intent = Incomplete
		if known.whole() {
			known.Intent, known.Doubt = Doubtful, DoubtName
		}
		return known
	}
	return read
}

func (r Request) whole() bool { return r.GivenName != "" && r.FamilyName != "" && r.Comune != "" }

// fill reads a message as the details that known lacks. It comes before other readings only where a name is due.
func (r *Reader) fill(known Request, m *message, read Request, text string) (Request, bool) {
	if known.repeatedBy(m.words) {
		return known.with(Request{Doubt: DoubtName}), true
	}
	if family, ok := r.familyAlone(known, text); ok && read.Intent != Unsubscribe && read.Intent != Emergency {
		return r.checked(known.with(Request{FamilyName: family})), true
	}
	if read.Intent == No || read.Intent == Other || read.Intent == Remark || read.Intent == Details || read.Intent == Correct || read.Intent == Help {
		if out, ok := r.regret(known, m); ok {
			return out, true
		}
	}
	switch read.Intent {
	case Subscribe, Doubtful:
		return read, true
	case Incomplete:
		return known.anew(read)
	case Other, Remark, Details, Thanks, Correct:
	case Help:
		if m.asked == 0 && len(m.words) > 1 && !anyOf(m.words, label) && !noneSaid(m.words) {
			return r.afterTalk(known, m)
		}
	case Yes:
		return r.afterTalk(known, m)
	default:
		return known, false
	}
	words := m.words
	if m.asked != 0 {
		words = afterQuestion(m)
	}
	if len(words) == 0 || len(words) > 16 || m.forbids || m.cut {
		return known, false
	}
	if out, ok := r.explained(known, words); ok {
		return out, true
	}
	if said, ok := r.relabelled(known, words); ok || anyOf(words, label) && !anyOf(words[:1], labelComune) {
		return said, ok
	}
	if anew, ok := r.wholeAnew(known, words); ok {
		return anew, true
	}
	if known.whole() {
		return r.mend(known, words, text)
	}
	if out, ok := r.lacking(known, words, text); ok {
		return out, true
	}
	return r.afterTalk(known, m)
}

// repeatedBy tells whether words are the name that is known and nothing else, even one that would mean something: Luisa Basta.
func (r Request) repeatedBy(words []word) bool {
	return len(words) > 1 && r.GivenName != "" && r.FamilyName != "" && comparableName(field(words)) == comparableName(r.GivenName+" "+r.FamilyName)
}

// afterQuestion is the last sentence, if it is no question itself: "Manca il Comune? Saronno".
func afterQuestion(m *message) []word {
	n := len(m.words)
	if n == 0 {
		return nil
	}
	last := m.words[n-1].sentence
	if m.asked>>min(last, 63) != 0 {
		return nil
	}
	i := n - 1
	for i > 0 && m.words[i-1].sentence == last {
		i--
	}
	return m.words[i:]
}

// anew joins a command that lacks something with what is known; other names begin another registration.
func (r Request) anew(read Request) (Request, bool) {
	if read.GivenName+read.FamilyName+read.Comune == "" {
		return r, false
	}
	differs := func(a, b string) bool { return a != "" && b != "" && foldLong(a) != foldLong(b) }
	if r.GivenName != "" && r.FamilyName == "" && read.FamilyName == "" && differs(r.GivenName, read.GivenName) {
		read.FamilyName, read.GivenName = read.GivenName, ""
	}
	if differs(r.GivenName, read.GivenName) || differs(r.FamilyName, read.FamilyName) {
		return read, true
	}
	return r.with(read), true
}

// with adds to r what read knows, and overwrites what it knew. The Intent says what is reached.
func (r Request) with(read Request) Request {
	out := Request{Intent: Incomplete, GivenName: r.GivenName, FamilyName: r.FamilyName, Comune: r.Comune}
	for _, f := range []struct {
		to   *string
		read string
	}{{&out.GivenName, read.GivenName}, {&out.FamilyName, read.FamilyName}, {&out.Comune, read.Comune}} {
		if f.read != "" {
			*f.to = f.read
		}
	}
	if out.whole() {
		if out.Intent = Subscribe; read.Doubt != Sure {
			out.Intent, out.Doubt = Doubtful, read.Doubt
		}
	}
	return out
}

// relabelled reads what stands after a label, which alone changes what is known.
func (r *Reader) relabelled(known Request, words []word) (Request, bool) {
	words = slices.DeleteFunc(slices.Clone(words), func(w word) bool { return amends.has(w.folded) })
	l := collect(r.strip(words))
	if !anyOf(words, label) || l.saysNo() {
		return known, false
	}
	f := r.details(words)
	named := len(l.values[0])+len(l.values[1]) > 0
	if !named && !f.whole() {
		// "Mario, abito a Saronno": the name has no label and fills what lacks.
		if known.GivenName != "" {
			f.GivenName = ""
		}
		if known.FamilyName != "" {
			f.FamilyName = ""
		}
	}
	switch {
	case len(l.values[0]) > 0 && len(l.values[1]) == 0 && known.FamilyName != "":
		f.GivenName, f.FamilyName = nameField(value(l.values[0])), ""
	case len(l.values[1]) > 0 && len(l.values[0]) == 0 && known.GivenName != "":
		f.FamilyName, f.GivenName = nameField(value(l.values[1])), ""
	}
	if f.GivenName+f.FamilyName+f.Comune == "" || !f.endsWell() {
		return known, false
	}
	if f.Doubt == DoubtName {
		f.Doubt = Sure
	}
	return r.checked(known.exchanged(f.Request).with(f.Request)), true
}

// exchanged puts a known name out of the place of the one that read names: "Elia è il cognome" of Elia Martino.
func (r Request) exchanged(read Request) Request {
	switch {
	case read.GivenName == "" && read.FamilyName != "" && foldLong(read.FamilyName) == foldLong(r.GivenName) && foldLong(r.FamilyName) != foldLong(r.GivenName),
		read.FamilyName == "" && read.GivenName != "" && foldLong(read.GivenName) == foldLong(r.FamilyName) && foldLong(r.FamilyName) != foldLong(r.GivenName):
		r.GivenName, r.FamilyName = r.FamilyName, r.GivenName
	}
	return r
}

// amends are words around a correction.
const amends set = " sbagliato sbagliata errato errata giusto giusta corretto corretta esatto scusa scusate anzi volevo intendevo dire corrige correggo faccio fa "

// wholeAnew reads all three details without a command.
func (r *Reader) wholeAnew(known Request, words []word) (Request, bool) {
	if words = withoutLeads(words); len(words) == 0 {
		return known, false
	}
	f := r.details(words)
	if !f.whole() || !f.endsWell() || anyOf(words, negates|doubts) || !f.known && (known.GivenName+known.FamilyName != "" || f.Doubt == DoubtName) {
		return known, false
	}
	if f.Doubt == DoubtName && (!noneSaid(f.name) || known.GivenName+known.FamilyName != "") && !anyOf(f.name, givenName) {
		return known, false
	}
	if len(words) == 3 && known.GivenName != "" && foldLong(known.GivenName) != foldLong(f.GivenName) && !anyOf(f.name, givenName) {
		return known, false // a long family name and the Comune
	}
	return f.decide(entry{}, false), true
}

// mend changes one of three known details: a Comune that nobody knows for one that is known, and what is plainly a correction.
func (r *Reader) mend(known Request, words []word, text string) (Request, bool) {
	if out, ok := r.amend(known, words, text); ok {
		return out, true
	}
	if len(words) > 1 && words[0].class&declines != 0 {
		words = words[1:] // "no, Saronno"
	}
	if read, ok := r.comuneAlone(known, words); ok && read.Doubt == Sure && !r.recognised(known.Comune) {
		return known.with(read), true
	}
	return known, false
}

// checked asks about details that together look as if they had changed places: the family name of somebody who answered with the Comune.
func (r *Reader) checked(out Request) Request {
	if out.Intent != Subscribe {
		return out
	}
	at, ok := r.comuni.exact[foldLong(out.FamilyName)]
	lives, known := r.comuni.exact[foldLong(out.Comune)]
	if ok && known && r.here(r.comuni.list[at]) && !r.here(r.comuni.list[lives]) {
		out.Intent, out.Doubt = Doubtful, DoubtComune
	}
	return out
}

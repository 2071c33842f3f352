package media

import "bytes"

// running is what a PDF does beyond being read.
type running int

const (
	runsNothing running = iota
	runsScript
	runsProgram
	runsForm
	holdsFiles
	holdsMedia
	sendsData
	opensFiles
	opensSites
)

// refusal says it to staff. What is printed does nothing any more.
func (r running) refusal() *Refusal {
	return &Refusal{
		Reason: [...]string{
			runsScript:  "il PDF contiene istruzioni che si eseguono da sole (JavaScript)",
			runsProgram: "il PDF può avviare un programma sul dispositivo di chi lo apre",
			runsForm:    "il PDF contiene un modulo di tipo XFA, che si comporta come un programma e sui telefoni non si vede",
			holdsFiles:  "il PDF contiene altri file allegati al suo interno",
			holdsMedia:  "il PDF contiene un video, un suono o un oggetto in 3D",
			sendsData:   "il PDF contiene un modulo che manda o carica dati da solo",
			opensFiles:  "il PDF contiene un collegamento che apre un altro file",
			opensSites:  "il PDF apre da solo un sito appena viene aperto o sfogliato",
		}[r],
		Advice: printed,
	}
}

// printed is how a PDF becomes one that only shows something.
const printed = "aprilo e stampalo di nuovo in PDF, oppure salvalo come PDF/A-1 o PDF/A-2," + again

// obscured says that nobody can know what is in it.
func obscured() *Refusal {
	return &Refusal{Reason: "una parte del PDF non si può controllare: potrebbe contenere programmi o file nascosti", Advice: printed}
}

// runs looks for all that a reader would do or offer to do with a PDF. Objects
// that nothing leads to count too: what leads to them may be hidden as well.
func (d *pdfDocument) running() running {
	for _, t := range d.trees {
		if d.runs == runsNothing && (t.holds == opensSites && d.opens(t.words) || t.holds != opensSites && d.grows(t.words)) {
			d.runs = t.holds
		}
	}
	return d.runs
}

// tree is something that can only be judged when all objects are known: a list of
// names in the catalogue, of scripts or of files, which some programs leave empty;
// or what is done without being asked, at opening or at the turn of a page.
type tree struct {
	holds running
	words []byte
}

// opens says whether an action, or one of a dictionary of actions, opens a site.
func (d *pdfDocument) opens(words []byte) bool {
	w := pdfWalk{pdfLexer: pdfLexer{data: d.follow(words)}}
	found := false
	for t, more := w.next(); more && !found; t, more = w.next() {
		if !t.isKey {
			found = t.kind == pdfName && string(t.key) == "S" && string(t.text) == "URI"
			continue
		}
		action, _ := reference(bytes.TrimLeft(w.data[w.at:], pdfBlanks))
		found = t.depth == 1 && len(t.text) <= 2 && nameOf(value(d.objects[action].words, "S")) == "URI"
	}
	return found || !d.charge(w.reach)
}

func (d *pdfDocument) grows(words []byte) bool {
	w := pdfWalk{pdfLexer: pdfLexer{data: d.follow(words)}}
	for t, more := w.next(); more; t, more = w.next() {
		if t.kind == pdfText || t.kind == pdfNumber && string(t.text) != "null" {
			return true
		}
	}
	return !d.charge(w.reach)
}

// judge looks at one token of an object.
func (d *pdfDocument) judge(w *pdfWalk, t pdfToken) {
	if d.runs != runsNothing {
		return
	}
	switch {
	case t.isKey && holdsNames(string(w.around[len(w.around)-1].outer)):
	case t.isKey:
		d.runs = d.judgeKey(t.text, w.data[w.at:])
	case t.kind == pdfName:
		d.runs = runsBy(string(t.key), string(t.text))
	case t.kind == pdfText && string(t.key) == "URI" && runsAsLink(pdfString(t.text)):
		d.runs = runsScript
	}
}

// holdsNames knows the lists of what a page is drawn with. Their keys are names that
// somebody gave, to a font perhaps: they mean nothing.
func holdsNames(key string) bool {
	switch key {
	case "Font", "XObject", "ExtGState", "ColorSpace", "Pattern", "Shading", "Properties":
		return true
	}
	return false
}

// runsBy knows the kinds of actions, of notes and of objects that do more than show
// something. A name alone is enough, wherever it stands, but for words that have
// other meanings: Screen is also a way to mix colours.
func runsBy(key, name string) running {
	switch name {
	case "JavaScript":
		return runsScript
	case "Launch":
		return runsProgram
	case "SubmitForm", "ImportData":
		return sendsData
	case "GoToE", "GoToR":
		return opensFiles
	case "EmbeddedFile", "FileAttachment":
		return holdsFiles
	case "RichMedia", "RichMediaExecute", "GoTo3DView", "Rendition", "MediaRendition", "3DStream":
		return holdsMedia
	case "Screen", "Movie", "Sound", "3D":
		if key == "S" || key == "Subtype" || key == "Type" {
			return holdsMedia
		}
	}
	return runsNothing
}

// judgeKey looks at a key and at what follows it.
func (d *pdfDocument) judgeKey(key, follows []byte) running {
	switch string(key) {
	case "OpenAction", "AA":
		return d.plant(opensSites, follows)
	case "JavaScript":
		return d.plant(runsScript, follows)
	case "EmbeddedFiles":
		return d.plant(holdsFiles, follows)
	case "JS":
		if kind, _ := firstOf(follows); kind == pdfText || kind == pdfNumber {
			return runsScript
		}
	case "XFA":
		if kind, _ := firstOf(follows); kind != pdfEnd && kind != pdfName {
			return runsForm
		}
	case "EF": // the rights to a form are listed under this word too
		if kind, list := firstOf(follows); kind == pdfNumber || kind == pdfOpen && !list {
			return holdsFiles
		}
	case "RichMediaContent":
		return holdsMedia
	}
	return runsNothing
}

// firstOf says what a value begins with, and whether it is a list; nothing when it
// is null, or there is nothing in it.
func firstOf(value []byte) (kind pdfKind, list bool) {
	l := pdfLexer{data: value}
	kind, text := l.next()
	if kind == pdfOpen {
		if inside, _ := l.next(); inside == pdfClose {
			return pdfEnd, false
		}
	}
	if string(text) == "null" {
		return pdfEnd, false
	}
	return kind, string(text) == "["
}

// plant notes a list of names, to be looked at when all objects are known.
func (d *pdfDocument) plant(holds running, words []byte) running {
	const most = 10_000 // a form may have as many fields that do something
	if len(d.trees) < most {
		d.trees = append(d.trees, tree{holds, bytes.TrimLeft(words, pdfBlanks)})
		return runsNothing
	}
	d.obscure = true
	return runsNothing
}

// runsAsLink says whether an address is a program itself.
func runsAsLink(address []byte) bool {
	address = bytes.ToLower(bytes.TrimLeft(address, pdfBlanks))
	return bytes.HasPrefix(address, []byte("javascript:")) || bytes.HasPrefix(address, []byte("vbscript:"))
}

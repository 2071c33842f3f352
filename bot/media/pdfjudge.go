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
		if d.runs == runsNothing && d.grows(t.words) {
			d.runs = t.holds
		}
	}
	return d.runs
}

// tree is a list of names in the catalogue: of scripts, or of files. Some programs
// leave an empty one behind.
type tree struct {
	holds running
	words []byte
}

func (d *pdfDocument) grows(words []byte) bool {
	w := pdfWalk{pdfLexer: pdfLexer{data: d.follow(words)}}
	for t, more := w.next(); more; t, more = w.next() {
		if t.kind == pdfText || t.kind == pdfNumber && string(t.text) != "null" {
			return true
		}
	}
	return false
}

// judge looks at one token of an object.
func (d *pdfDocument) judge(w *pdfWalk, t pdfToken) {
	if d.runs != runsNothing {
		return
	}
	switch {
	case t.isKey && holdsNames(string(w.around[len(w.around)-1].outer)):
	case t.isKey:
		d.runs = d.judgeKey(string(t.text), bytes.TrimLeft(w.data[w.at:], pdfBlanks))
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
func (d *pdfDocument) judgeKey(key string, follows []byte) running {
	empty := bytes.HasPrefix(follows, []byte("null")) || len(follows) == 0
	l := pdfLexer{data: follows}
	kind, first := l.next()
	switch key {
	case "JavaScript":
		return d.plant(runsScript, follows)
	case "EmbeddedFiles":
		return d.plant(holdsFiles, follows)
	case "JS":
		if !empty && (kind == pdfText || kind == pdfNumber) {
			return runsScript
		}
	case "XFA":
		if second, _ := l.next(); !empty && (kind == pdfOpen && second != pdfClose || kind == pdfText || kind == pdfNumber) {
			return runsForm
		}
	case "EF": // the rights to a form are listed under this word too
		if second, _ := l.next(); !empty && (kind == pdfOpen && len(first) == 2 && second != pdfClose || kind == pdfNumber) {
			return holdsFiles
		}
	case "RichMediaContent":
		return holdsMedia
	}
	return runsNothing
}

// plant notes a list of names, to be looked at when all objects are known.
func (d *pdfDocument) plant(holds running, words []byte) running {
	const most = 1000
	if len(d.trees) < most {
		d.trees = append(d.trees, tree{holds, words})
		return runsNothing
	}
	return holds
}

// runsAsLink says whether an address is a program itself.
func runsAsLink(address []byte) bool {
	address = bytes.ToLower(bytes.TrimLeft(address, pdfBlanks))
	return bytes.HasPrefix(address, []byte("javascript:")) || bytes.HasPrefix(address, []byte("vbscript:"))
}

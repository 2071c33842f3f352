package cli

import (
	"strings"
	"time"

	"banditore/bot/whatsapp"
)

// usualModules is the side of WhatsApp's codes, to say what a window must hold
// before the first one is there.
const usualModules = 57

// scene is what a pairing shows.
type scene struct {
	number  string // the Comune's
	pair    string // the command, as it is typed again
	how     pairOptions
	code    *whatsapp.QR // nil: none yet, or not as a picture
	link    string       // eight characters; empty: none yet
	until   time.Time    // when the code ends
	notice  string       // what happened last
	trouble bool         // the notice ends with the next code
}

// frame is a whole window of it.
type frame struct {
	lines       []string
	fits        bool // the code is in it, if there is one
	row, column int  // where the clock stands, from 0
}

// layout is how code and words share a window.
type layout struct {
	drawing whatsapp.Drawing
	words   []string // without the clock
	beside  int      // columns of the code, when the words stand beside it; 0: below
}

// draw makes the frame that a window can show.
func (s *scene) draw(w window, now time.Time) frame {
	if s.how.code || s.how.png != "" {
		return s.withoutPicture(w, now)
	}
	l, fits := s.fit(w)
	if !fits {
		columns, lines := s.wants(w)
		return below(nil, w.wrap(s.tooSmall(w, columns, lines)), s.clock(now), w)
	}
	var code []string
	if s.code != nil {
		code = s.code.Draw(l.drawing)
	}
	var f frame
	if l.beside > 0 {
		f = beside(code, l.beside, l.words, s.clock(now), w)
	} else {
		f = below(code, l.words, s.clock(now), w)
	}
	f.fits = true
	return f
}

// words are what stands beside or below a code, in a width.
func (s *scene) words(w window) []string {
	words := w.wrap(s.howTo())
	if s.notice != "" {
		words = append(words, w.wrap(s.notice)...)
	}
	return words
}

// withoutPicture is the frame when the terminal shows no picture.
func (s *scene) withoutPicture(w window, now time.Time) frame {
	words := s.words(w)
	if s.link != "" {
		words = append(words, "", "    "+spaced(s.link), "")
	}
	f := below(nil, words, s.clock(now), w)
	f.fits = true
	return f
}

// fit looks for the layout with the widest quiet zone; three modules are enough
// for every phone and two for most, and the words rather stand below.
func (s *scene) fit(w window) (layout, bool) {
	modules := usualModules
	if s.code != nil {
		modules = s.code.Modules()
	}
	for quiet := whatsapp.QuietZone; quiet >= 2; quiet-- {
		d := s.drawing(w)
		d.Quiet = quiet
		columns, lines := d.Size(modules)
		if columns > w.columns || lines > w.lines {
			continue
		}
		if words := s.words(w); lines+len(words)+s.clockLines(w.columns) <= w.lines {
			return layout{drawing: d, words: words}, true
		}
		aside := w
		aside.columns = w.columns - columns - gap
		if aside.columns < leastColumns {
			continue
		}
		if words := s.words(aside); len(words)+s.clockLines(aside.columns) <= w.lines {
			return layout{drawing: d, words: words, beside: columns}, true
		}
	}
	return layout{}, false
}

const (
	gap          = 2  // columns between a code and the words beside it
	leastColumns = 24 // for words
)

// clockLines is what the clock takes at its longest.
func (s *scene) clockLines(columns int) int { return len(wrap(validWords(99), columns)) }

// drawing is how this window gets the picture drawn, but for the quiet zone.
func (s *scene) drawing(w window) whatsapp.Drawing {
	d := whatsapp.Drawing{Ink: w.ink, Invert: s.how.invert, Quiet: whatsapp.QuietZone}
	switch {
	case !w.utf8:
		d.Cells = whatsapp.Signs
	case s.how.big:
		d.Cells = whatsapp.FullBlocks
	}
	return d
}

// wants is the least window for a code with the words below it.
func (s *scene) wants(w window) (columns, lines int) {
	d := s.drawing(w)
	d.Quiet = 2
	columns, lines = d.Size(usualModules)
	w.columns = max(w.columns, columns)
	return columns, lines + len(s.words(w)) + s.clockLines(w.columns)
}

func below(code, words []string, clock string, w window) frame {
	f := frame{lines: append(append([]string(nil), code...), words...)}
	f.row = len(f.lines)
	f.lines = append(f.lines, w.wrap(clock)...)
	return f
}

func beside(code []string, columns int, words []string, clock string, w window) frame {
	f := frame{row: len(words), column: columns + gap}
	w.columns -= f.column
	words = append(append([]string(nil), words...), w.wrap(clock)...)
	for i := range max(len(code), len(words)) {
		line := strings.Repeat(" ", columns)
		if i < len(code) {
			line = code[i]
		}
		if i < len(words) {
			line += strings.Repeat(" ", gap) + words[i]
		}
		f.lines = append(f.lines, line)
	}
	return f
}

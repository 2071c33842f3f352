// Package citizen understands what a citizen wrote and words the answers. It is pure: no clock, no file, no network, no logging.
//
// The promise of [Read]: a message that is not a clear request never subscribes anybody, the word for leaving is looked for before the
// word for entering, and no text of any length or script makes it crash, hang or return more than three short, single-line fields. It
// reads the plain forms only: the command comes first, after a greeting at most. It never refuses a person over the way a name or
// a Comune is written; without a list of municipalities it may put the boundary between the fields in the wrong place.
//
// The promise of [Texts]: once [NewTexts] has accepted the templates, no answer can fail or be changed by what a citizen calls himself.
// Everything here may happen twice with the same result.
package citizen

import "strings"

// Intent is what a citizen wants.
type Intent int

const (
	// Other is everything that is not one of the commands, questions about the commands included.
	Other Intent = iota
	// Subscribe is a clear request with all three personal details.
	Subscribe
	// Incomplete is a request to subscribe that lacks something or is not clear enough to act on. It changes nothing.
	Incomplete
	// Unsubscribe is the wish to leave.
	Unsubscribe
	// Help is a question or a report about the service itself. It changes nothing.
	Help
)

// String returns the constant's name in lower case, for logs and tests.
func (i Intent) String() string {
	switch i {
	case Subscribe:
		return "subscribe"
	case Incomplete:
		return "incomplete"
	case Unsubscribe:
		return "unsubscribe"
	case Help:
		return "help"
	}
	return "other"
}

// Shade tells apart what has the same intent but wants another answer.
type Shade int

const (
	// Plain is the ordinary case.
	Plain Shade = iota
	// Thanks is an Other that needs no answer: thanks, an emoji, nothing at all.
	Thanks
	// Yes is an Other that agrees to a question of ours.
	Yes
	// No is an Other that declines.
	No
	// MyData is a Help that asks which data are held.
	MyData
)

// MaxField is the most runes a personal detail can have; the rest is cut off.
const MaxField = 60

// Request is what a message means. The personal details are kept as they were written, capitals included, because only the citizen knows
// how the name is spelt; they are NFC, one line, at most [MaxField] runes, without WhatsApp's formatting marks. All three are
// set for Subscribe, those that were understood for Incomplete, none otherwise.
type Request struct {
	Intent     Intent
	GivenName  string
	FamilyName string
	// Comune is the citizen's Comune of residence; nothing checks that it exists.
	Comune string
	// Shade is Plain unless the answer depends on it.
	Shade Shade
}

// Reader reads messages. Safe for concurrent use.
type Reader struct{ home string }

// NewReader returns a reader for the service of the Comune home.
func NewReader(home string) *Reader { return &Reader{home: home} }

// Complete reads text as the details that known lacks. It is false when text is not details: then it changes nothing.
func (*Reader) Complete(known Request, _ string) (Request, bool) { return known, false }

// maxText is how many bytes of a message are read: the command stands at the beginning, and nobody's name is longer.
const maxText = 4096

// Read says what one message means. It is for texts and captions; a message without text is Other.
func (*Reader) Read(text string) Request {
	words, question := split(text)
	words = skipGreeting(words)
	// Leaving comes first: "disattiva" contains "attiva", and keeping somebody who wants to go is the worse mistake.
	if rest, ok := leave(words); ok {
		if question && asks(rest) {
			return Request{}
		}
		return Request{Intent: Unsubscribe}
	}
	rest, ok := enter(words)
	if !ok || question || mentionsLeaving(rest) {
		return Request{}
	}
	if rambles(rest) {
		return Request{Intent: Incomplete}
	}
	r := readPerson(rest)
	r.Intent = Incomplete
	if r.GivenName != "" && r.FamilyName != "" && r.Comune != "" {
		r.Intent = Subscribe
	}
	return r
}

// leave recognises the ways to say goodbye and returns the words after them. One slip of the finger is forgiven here and only here.
func leave(words []word) ([]word, bool) {
	if len(words) == 0 {
		return nil, false
	}
	if joined := foldedAll(words[:min(3, len(words))]); strings.HasPrefix(joined, "disattivanotizi") {
		return words[min(2, len(words)):], true
	}
	if !leaving.has(words[0].folded) && !oneSlip(words[0].folded, "disattiva") {
		return nil, false
	}
	rest := words[1:]
	for len(rest) > 0 && articles.has(rest[0].folded) {
		rest = rest[1:]
	}
	switch {
	case len(trimCourtesy(rest)) == 0:
		return nil, true
	case service.has(rest[0].folded) || oneSlip(rest[0].folded, "notizie"):
		return rest[1:], true
	}
	return nil, false
}

// enter recognises the command to subscribe, to the letter, and returns the words after it. A bare "Attiva" counts: asking is harmless.
func enter(words []word) ([]word, bool) {
	if len(words) == 0 {
		return nil, false
	}
	if glued, ok := strings.CutPrefix(words[0].folded, "attiva"); ok && news.has(glued) {
		return words[1:], true
	}
	if words[0].folded != "attiva" {
		return nil, false
	}
	rest := words[1:]
	if len(rest) > 0 && rest[0].folded == "le" {
		rest = rest[1:]
	}
	if len(rest) > 0 && news.has(rest[0].folded) {
		return rest[1:], true
	}
	return nil, len(trimCourtesy(rest)) == 0
}

// mentionsLeaving keeps a message that names both commands from subscribing: it is a quotation or a change of mind.
func mentionsLeaving(words []word) bool {
	for _, w := range words {
		if leaving.has(w.folded) || strings.Contains(w.folded, "disattiv") || oneSlip(w.folded, "disattiva") {
			return true
		}
	}
	return strings.Contains(foldedAll(words), "disattivanotizi")
}

// rambles tells whether what follows the command is a sentence and not a person.
func rambles(words []word) bool {
	// Four given names, four family names and the longest Comune fit; a story does not.
	if len(words) > 14 {
		return true
	}
	for _, w := range words {
		if sentence.has(w.folded) {
			return true
		}
	}
	return false
}

func asks(words []word) bool { return len(words) > 0 && questions.has(words[0].folded) }

func skipGreeting(words []word) []word {
	for len(words) > 0 && greeting.has(words[0].folded) {
		words = words[1:]
	}
	return words
}

func trimCourtesy(words []word) []word {
	for len(words) > 0 && courtesy.has(words[len(words)-1].folded) {
		words = words[:len(words)-1]
	}
	return words
}

// oneSlip tells whether one letter is missing, added, or changed.
func oneSlip(written, meant string) bool {
	if written == meant {
		return true
	}
	i := 0
	for i < len(written) && i < len(meant) && written[i] == meant[i] {
		i++
	}
	w, m := written[i:], meant[i:]
	return len(w) > 0 && w[1:] == m || len(m) > 0 && w == m[1:] || len(w) > 0 && len(m) > 0 && w[1:] == m[1:]
}

// Package citizen understands what a citizen wrote and words the answers. It is pure: no clock, no file, no network, no logging.
//
// The promise of [Reader.Read]: a message that is not a clear request never subscribes anybody, the wish to leave is looked for before the wish
// to enter, no question, negation, condition or report of a command changes anything, and no text of any length or script makes it crash,
// hang or return more than three short, single-line fields. It never refuses a person over the way a name or a Comune is written; a
// name that no separator divides is divided by a rule that errs now and then.
//
// The promise of [Texts]: once [NewTexts] has accepted the templates, no answer can fail or be changed by what a citizen calls himself.
// Everything here may happen twice with the same result.
package citizen

import (
	_ "embed" // for the list of given names
	"slices"
)

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

// MaxField is the most runes a personal detail can have; the rest is cut off.
const MaxField = 60

// Request is what a message means. The personal details are kept as they were written, capitals included, because only the citizen knows
// how the name is spelt; they are NFC, one line, at most [MaxField] runes, without WhatsApp's formatting marks. All three are
// set for Subscribe, those that were understood for Incomplete, none otherwise.
type Request struct {
	Intent     Intent
	GivenName  string
	FamilyName string
	// Comune is the citizen's Comune of residence: Istat's name when it is recognised, else as written.
	Comune string
	// Shade is Plain unless the answer depends on it.
	Shade Shade
}

// Reader reads messages. Safe for concurrent use.
type Reader struct {
	lexicon map[string]class
	comuni  *comuni
}

// names are common given names.
//
//go:embed names.txt
var names string

// NewReader returns a reader for the service of the Comune home, which helps to settle what a shortened name means; it may be unknown or
// empty. It reads the list of Comuni once, which takes some milliseconds.
func NewReader(home string) *Reader {
	lexicon := classes(names)
	return &Reader{lexicon: lexicon, comuni: newComuni(home, lexicon)}
}

// Read says what one message means. It is for texts and captions; a message without text is Other.
func (r *Reader) Read(text string) Request {
	m := scan(text)
	n := r.prepare(&m)
	return r.read(&m, n)
}

// read looks for leaving first: "disattiva" contains "attiva", and keeping somebody who wants to go is the worse mistake.
func (r *Reader) read(m *message, n note) Request {
	if len(m.words) == 0 {
		if m.forbids || m.asked != 0 {
			return Request{Intent: Help}
		}
		return Request{Shade: shade(m, n)}
	}
	if r.quits(m) {
		return Request{Intent: Unsubscribe}
	}
	if s := question(m.words); s != Plain {
		return Request{Intent: Help, Shade: s}
	}
	if e, ok := r.enter(m.words); ok {
		return r.admit(m, e)
	}
	if s := shade(m, n); s != Plain {
		return Request{Shade: s}
	}
	if speaksOfService(m) {
		return Request{Intent: Help}
	}
	return Request{}
}

// admit decides what becomes of a command to subscribe.
func (r *Reader) admit(m *message, e entry) Request {
	if m.asked != 0 || m.forbids || mentionsLeaving(m.words) || r.rambles(e.details) {
		return Request{Intent: Help}
	}
	unsure := func(w word) bool { return w.mended || len(w.folded) > maxWord }
	initial := func(w word) bool { return len(w.folded) > 1 }
	if e.vague || m.cut || len(e.details) > maxDetails || slices.ContainsFunc(e.details, unsure) || !slices.ContainsFunc(e.details, initial) {
		return Request{Intent: Incomplete}
	}
	d := r.details(e.details)
	d.Intent = Incomplete
	if d.GivenName != "" && d.FamilyName != "" && d.Comune != "" {
		if e.known && !r.known(d.Comune) {
			return Request{Intent: Incomplete}
		}
		d.Intent = Subscribe
	}
	return d
}

// maxWord is how long a word of a name can be; in a longer one anything may be glued together.
const maxWord = 30

// maxDetails is how many words can be a person: four given names, four family names, an address and the longest Comune fit; a story does not.
const maxDetails = 24

// Package citizen understands what a citizen wrote and words the answers. It is pure: no clock, no file, no network, no logging.
//
// The promise of [Reader.Read]: a message that is not a clear request never subscribes anybody, dangers are looked for first, and the wish to leave
// before the wish to enter; no question, negation, condition or report of a command changes anything, unless the question is a polite
// request; what may be a wish to leave is never less than [Leaving]; and no text of any length or script makes it crash, hang or return more
// than three short, single-line fields. It never refuses a person over the way a name or a Comune is written: what it
// doubts is asked about, and labels ("Nome: Salvo Cognome: Mai Comune: Saronno") leave no doubt. A name that no separator divides is divided by
// a rule that errs now and then.
//
// The promise of [Texts]: once [NewTexts] has accepted the templates, no answer can fail or be changed by what a citizen calls himself.
// Everything here may happen twice with the same result.
package citizen

import _ "embed" // for the lists of names

// Intent is what a citizen wants.
type Intent int

const (
	// Other wants something of us that is not understood, or that is not ours to give: a question, a complaint, a command gone wrong.
	Other Intent = iota
	// Remark wants nothing: an opinion, a greeting. It need not be answered every time.
	Remark
	// Thanks needs no answer: thanks, an emoji, nothing at all.
	Thanks
	// Yes agrees to a question of ours, No declines.
	Yes
	No
	// Subscribe is a clear request with all three personal details.
	Subscribe
	// Doubtful is a request with all three, of which something must be confirmed first: see [Doubt].
	Doubtful
	// Incomplete is a request to subscribe that lacks something.
	Incomplete
	// Details is a name, a Comune or both without a request: an answer to a question that nobody has asked, or asked too long ago.
	Details
	// Correct names a new value of a detail by its label, "cognome: Rossi", or says without one that it is wrong: then all three are empty.
	Correct
	// Unsubscribe is the wish to leave, Leaving what may be one: it is to be asked about.
	Unsubscribe
	Leaving
	// OnlyUrgent wants urgent news alone, AllNews all of them; Pause none but urgent ones for a [Span], Resume the end of that.
	OnlyUrgent
	AllNews
	Pause
	Resume
	// Choice wants a part of the news, which nobody can have: it is answered with what there is.
	Choice
	// Help is a question or a report about the service itself.
	Help
	// MyData asks which data are held.
	MyData
	// Emergency speaks of a danger, or calls for help.
	Emergency
)

// String returns the constant's name in lower case, for logs and tests.
func (i Intent) String() string {
	names := [...]string{
		"other", "remark", "thanks", "yes", "no", "subscribe", "doubtful", "incomplete", "details", "correct", "unsubscribe", "leaving",
		"only_urgent", "all_news", "pause", "resume", "choice", "help", "my_data", "emergency",
	}
	if i < 0 || int(i) >= len(names) {
		return "other"
	}
	return names[i]
}

// Doubt is why a registration must be confirmed before it is carried out.
type Doubt int

const (
	// Sure is no doubt.
	Sure Doubt = iota
	// DoubtComune: the Comune is none that we know. It is as written.
	DoubtComune
	// DoubtName: a word of the name may not be meant as one, or given name and family name are not told apart for sure.
	DoubtName
	// DoubtCouple: two people are named, and one telephone is one person's. The details are the first one's.
	DoubtCouple
)

// Tact is what an answer about leaving must be mindful of.
type Tact int

const (
	// NoTact is the ordinary case.
	NoTact Tact = iota
	// Bereaved writes because somebody has died.
	Bereaved
	// NewHolder has the telephone number of somebody else, or never subscribed.
	NewHolder
)

// MaxField is the most runes a personal detail can have; the rest is cut off.
const MaxField = 60

// Request is what a message means. The personal details are kept as they were written, capitals included, because only the citizen knows
// how the name is spelt; they are NFC, one line, at most [MaxField] runes, without WhatsApp's formatting marks. All three are
// set for Subscribe and Doubtful, those that were understood for Incomplete, Details and Correct, none otherwise.
type Request struct {
	Intent     Intent
	GivenName  string
	FamilyName string
	// Comune is the citizen's Comune of residence: Istat's name when it is recognised, else as written.
	Comune string
	// Doubt is Sure unless the Intent is Doubtful.
	Doubt Doubt
	// Tongue is the language that a Leaving or an Emergency was written in; the zero Tongue is Italian.
	Tongue Tongue
	// Tact is NoTact unless the Intent is Leaving.
	Tact Tact
	// Span is how long a Pause is to last.
	Span Span
}

// Asked is which question of ours is open.
type Asked int

const (
	// AskedNothing: none is.
	AskedNothing Asked = iota
	// AskedDetails: which details lack.
	AskedDetails
	// AskedCheck: whether what was understood is right. A yes subscribes.
	AskedCheck
	// AskedLeave: whether they want to leave. A yes cancels.
	AskedLeave
)

// Question is a question of ours that is open, with what is known of who is to answer it.
type Question struct {
	Asked                         Asked
	GivenName, FamilyName, Comune string
}

// Reader reads messages. Safe for concurrent use.
type Reader struct {
	lexicon map[string]class
	comuni  *comuni
	phrases phraseBook
}

// names are common given names, familyNames common family names, nobody's are words that are neither.
var (
	//go:embed names.txt
	names string
	//go:embed surnames.txt
	familyNames string
	//go:embed nobody.txt
	nobody string
)

// NewReader returns a reader for the service of the Comune home, which helps to settle what a shortened name means; it may be unknown or
// empty. It reads the list of Comuni once, which takes some milliseconds.
func NewReader(home string) *Reader {
	lexicon := classes()
	return &Reader{lexicon: lexicon, comuni: newComuni(home, lexicon), phrases: newPhraseBook()}
}

// Read says what one message means to whom nothing was asked. It is for texts and captions; a message without text is Thanks.
func (r *Reader) Read(text string) Request {
	m := scan(text)
	n := r.prepare(&m)
	return r.read(&m, n)
}

// read looks for leaving before entering: "disattiva" contains "attiva", and keeping somebody who wants to go is the worse mistake. Dangers come
// first of all, but for our own words sent back.
func (r *Reader) read(m *message, n note) Request {
	s := r.phrases.read(m.words)
	switch {
	case quotes(m, s):
		return Request{Intent: Help}
	case r.endangered(m, s):
		return Request{Intent: Emergency, Tongue: s.tongue}
	}
	if mode := r.mode(m, s); mode.Intent != Other {
		return mode
	}
	if r.quits(m, s) {
		return Request{Intent: Unsubscribe}
	}
	if e, ok := r.enter(m.words); ok {
		if got := r.admit(m, e); got.Intent != Help {
			return got
		}
		if got := r.mayLeave(m, s); got.Intent != Other {
			return got
		}
		return Request{Intent: Help}
	}
	return r.converse(m, n, s)
}

// converse reads what is neither a command to enter nor one to leave.
func (r *Reader) converse(m *message, n note, s sayings) Request {
	if got, ok := r.correction(m, s); ok {
		return got
	}
	if asksForData(m, s) {
		return Request{Intent: MyData}
	}
	if s.any(tooMuch) && !s.any(quit|mourns) && !anyOf(m.words, alien) && len(m.words) <= maxMode {
		return Request{Intent: Choice}
	}
	if got := r.mayLeave(m, s); got.Intent != Other {
		return got
	}
	if i := smallIntent(m, n, s); i != Other {
		return Request{Intent: i}
	}
	if s.any(asksUs) || len(m.words) == 0 && (m.forbids || m.asked != 0) || speaksOfService(m) {
		return Request{Intent: Help}
	}
	if d, ok := r.tells(m); ok {
		return d
	}
	if unwilling(m, s) {
		return Request{Intent: Leaving, Tongue: s.tongue}
	}
	if wantsSomething(m) {
		return Request{}
	}
	return Request{Intent: Remark}
}

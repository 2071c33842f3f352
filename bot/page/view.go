package page

import "time"

// View is all that the status page shows. Words are Italian, plain text, and never
// about a citizen. Times are shown in their own location. Lists are in the order in
// which they are shown; of a very long one the page shows the beginning and says how
// many more there are.
type View struct {
	Service, Comune string
	Updated         time.Time

	// Level is shown as a colour and in words; Sentence says how things are ("Il
	// servizio è collegato a WhatsApp e funziona."), Advice what to do, and may be
	// empty.
	Level            Level
	Sentence, Advice string

	Problems []Problem // what else is wrong, the worst first

	PhoneSeen time.Time // the Comune's own phone; zero: not known
	Version   string    // of WhatsApp, and how it is known; empty: it is not

	Subscribers, JoinedToday, LeftToday int
	Waiting                             int // messages

	Second  []Draft   // accepted, and still to be thought over
	Leaving []Leaving // going out now
	Queue   []Queued  // waiting for something
	Recent  []Row     // newest first
	Refused []Refusal // newest first
	Days    []Day     // oldest first
}

// Level is how the service is. One that nobody has set is a problem.
type Level int

// The levels: nothing leaves; look after it; all is well.
const (
	Bad Level = iota
	Warning
	Good
)

// Problem is one thing that is wrong, or good to know ([Good]).
type Problem struct {
	Level            Level
	Sentence, Advice string
}

// Draft is an announcement that leaves unless somebody takes it away.
type Draft struct {
	Name, Kind   string // the file as dropped; "ordinario"
	Urgent       bool   // marks the kind
	Recipients   int
	Leaves, Done time.Time // when the first and the last message leave; zero: not known
	Why          string    // it leaves, where Leaves is not known: "quando gli invii riprendono"
	Bubbles      []Bubble  // what a phone shows, in order
	Warnings     []string  // sentences
}

// Bubble is one message. Its text is as sent, with WhatsApp's own marks: *bold*.
type Bubble struct {
	Text       string
	Attachment Attachment // Kind is empty when there is none
}

// Attachment is what a phone shows of a file.
type Attachment struct {
	Kind           string // "image", "video" or "document"
	Name           string
	Pages, Seconds int    // 0: not known
	Thumbnail      []byte // JPEG of a few kB; one that is larger is not shown
}

// Leaving is an announcement on its way.
type Leaving struct {
	Name, Kind       string
	Urgent           bool
	Sent, Recipients int
	Forecast         string // "finisce oggi verso le 11:40"; empty: not known
}

// Queued is an announcement that waits.
type Queued struct {
	Name, Kind string
	Urgent     bool

	Sent, Recipients int
	Why              string // "le ore di invio cominciano alle 8:00"
	Forecast         string // as of [Leaving]
}

// Row is one announcement. The counts are cumulative: Sent includes Delivered,
// which includes Read.
type Row struct {
	Name, Kind string // the file as dropped; "ordinario"
	Urgent     bool   // marks the kind
	State      string // "inviato"
	Note       string // what became of it since: "cancellato dai telefoni: 7.700 su 8.000"; empty: nothing
	Accepted   time.Time

	Recipients, Sent, Delivered, Read, Failed int
}

// Refusal is a file in scartati.
type Refusal struct {
	Name   string
	Reason string // lower case, no full stop
	Advice string // sentences; may be empty
}

// Day is how many subscribers there were at the end of a day, and how many came and
// went on it.
type Day struct {
	Day                       time.Time
	Subscribers, Joined, Left int
}

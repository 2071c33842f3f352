package page

import (
	"time"

	"banditore/store"
)

// View is all that the status page shows. Words are Italian, plain text, and never
// about a citizen. Times are shown where Updated is. Lists are in the order in which
// they are shown; of a very long one the page shows the beginning and says how many
// more there are.
type View struct {
	Service, Comune string
	Updated         time.Time

	// Level is shown as a colour and in words; Sentence says how things are ("Il
	// servizio è collegato a WhatsApp e funziona."), Advice what to do, and may be
	// empty.
	Level            Level
	Sentence, Advice string

	Problems []store.Problem // what else is wrong, the worst first

	PhoneSeen time.Time // the Comune's own phone; zero: not known
	Version   string    // of WhatsApp, and how it is known; empty: it is not

	Subscribers int
	Modes       store.Modes // of the subscribers
	Today       store.Day   // who came and went so far
	Waiting     int         // messages

	Second  []Draft        // accepted, and still to be thought over
	Leaving []Announcement // going out now
	Queue   []Announcement // waiting for something
	Recent  []Announcement // over; newest first
	Refused []Refusal      // newest first
	Days    []Day          // oldest first
}

// Level is how the service is. One that nobody has set is a problem.
type Level int

// The levels: nothing leaves; look after it; all is well.
const (
	Bad Level = iota
	Warning
	Good
)

// LevelOf is how a service is whose worst problem is so severe.
func LevelOf(s store.Severity) Level {
	switch s {
	case store.Warning:
		return Warning
	case store.Notice:
		return Good
	}
	return Bad
}

// Announcement is one of the store's, with what is said of it in Italian. What is
// empty is not shown.
type Announcement struct {
	store.Announcement
	KindWord  string // "ordinario"
	StateWord string // "inviato"; shown of what is over
	Why       string // it waits: "le ore di invio cominciano alle 8:00"
	Forecast  string // "finisce oggi verso le 11:40"
	Note      string // what became of it since: "cancellato dai telefoni: 7.700 su 8.000"
}

// Draft is an announcement that leaves unless somebody takes it away. Its Why is
// shown where Leaves is not known: "quando gli invii riprendono".
type Draft struct {
	Announcement
	Leaves, Done time.Time // when the first and the last message leave; zero: not known
	Bubbles      []Bubble  // what a phone shows, in order
	Warnings     []string  // sentences
}

// Bubble is one message. Its text is as sent, with WhatsApp's own marks: *bold*.
type Bubble struct {
	Text       string
	Attachment store.Attachment // Kind is empty when there is none
}

// Refusal is a file in scartati.
type Refusal struct {
	Name   string
	Reason string // lower case, no full stop
	Advice string // sentences; may be empty
}

// Day is one day of the list; At lies on it, where the page shows its times.
type Day struct {
	store.Day
	At time.Time
}

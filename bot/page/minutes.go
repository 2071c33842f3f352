package page

import (
	"encoding/hex"
	"regexp"
	"time"

	"banditore/store"
)

// Minutes is the record of one announcement for the Comune's files: what was sent,
// when, and how it went at the time AsOf. It holds nothing about a citizen. Times are
// shown where AsOf is; zero: it has not happened.
type Minutes struct {
	store.Announcement
	Number          int // of the record, from 1
	Comune, Service string

	KindWord  string             // "ordinario", "rettifica di festa.txt"
	StateWord string             // "inviato", "ritirato"
	From      time.Time          // before which the file asks not to leave
	Files     []store.Attachment // in the order in which they are sent
	Failures  []Reason           // why Failed did
	Ended     time.Time
	AsOf      time.Time

	// Previous is the SHA-256 of the file of the record before this one; zero: this
	// is the first.
	Previous [32]byte
}

// Reason is why some messages did not go out: Italian words without a full stop.
type Reason struct {
	Text  string
	Count int
}

// the line of verbale.html.tmpl that names the one before
var previous = regexp.MustCompile(`n\. ([0-9]+): <code>([0-9a-f]{64})</code>`)

// PreviousOf reads the hash of the one before out of a page of [RenderMinutes]; zero:
// it names none.
func PreviousOf(html []byte) (hash [32]byte) {
	m := previous.FindAllSubmatch(html, -1)
	if len(m) == 0 {
		return hash
	}
	_, _ = hex.Decode(hash[:], m[len(m)-1][2]) // the chain is at the end; it matches
	return hash
}

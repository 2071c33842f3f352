package page

import "time"

// Minutes is the record of one announcement for the Comune's files: what was sent,
// when, and how it went at the time AsOf. It holds nothing about a citizen. Times are
// shown in their own location; zero: it has not happened.
type Minutes struct {
	Number          int // of the record, from 1
	Comune, Service string

	Name  string // the file as dropped
	Kind  string // "ordinario", "rettifica di festa.txt"
	State string // "inviato", "ritirato il 24/11/2026 alle 10:12"
	Owner string // who owned the file on the server

	Text        string // as sent
	Attachments []Evidence
	Comuni      []string // only these residents; nil: everybody
	Corrects    string   // the file that this one corrects: it went to those of that one

	Accepted, First, Last, Ended time.Time
	NotBefore, Expires           time.Time // as the file asks

	AsOf                          time.Time
	Recipients                    int
	Sent, Delivered, Read, Failed int      // cumulative, as in [Row]
	Reasons                       []Reason // of Failed
	Left, Cancelled, Expired      int
	Open                          int // not known yet
	PartsFailed                   int // further messages, to people who got the first
	Edited, Resent                int // of Sent, of a correction: changed on the phone, a new message

	// Previous is the SHA-256 of the file of the record before this one; zero: this
	// is the first.
	Previous [32]byte
}

// Evidence is an attachment.
type Evidence struct {
	Name, Type    string   // as dropped; "immagine JPEG"
	Size          int64    // as dropped, in bytes; 0: not known
	Dropped, Sent [32]byte // SHA-256 of the file as dropped and as sent
}

// Reason is why some messages did not go out: Italian words without a full stop.
type Reason struct {
	Text  string
	Count int
}

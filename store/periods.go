package store

import "time"

// Periods are for how long the database keeps what no setting decides.
type Periods struct {
	Answers   time.Duration // answers that have left or failed, and the traces of texts
	Stranger  time.Duration // who wrote and is not on the list
	Goodbye   time.Duration // who has left, once the goodbye was taken by WhatsApp
	Patience  time.Duration // who has left, when the goodbye is never taken
	Unmatched time.Duration // the hash of a cancellation that was nobody's on the list
	Purge     time.Duration // the pause between two looks for what is past its time
}

// Kept are the periods as they are.
func Kept() Periods {
	return Periods{
		Answers: rememberHandled, Stranger: forgetStranger, Goodbye: forgetAfterGoodbye, Patience: goodbyePatience,
		Unmatched: rememberUnmatched, Purge: purgeEvery,
	}
}

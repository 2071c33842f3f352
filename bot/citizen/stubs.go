package citizen

import "time"

// Check asks whether what was understood of a Doubtful request is right: a yes subscribes.
func (t *Texts) Check(now time.Time, r Request) string { return t.OptIn(now, r) }

// Dropped answers who does not want to go on with a registration.
func (t *Texts) Dropped(now time.Time) string { return t.NotRegistered(now) }

// AskLeave asks a subscriber whether they want to leave, in the Tongue and with the Tact of r: a yes cancels.
func (t *Texts) AskLeave(now time.Time, r Request) string { return t.Help(now) }

// Stays answers a subscriber who has been asked whether they want to leave and does not.
func (t *Texts) Stays(now time.Time) string { return t.Help(now) }

// Expired answers who writes personal details although no question of ours is open; r is what was understood.
func (t *Texts) Expired(now time.Time, r Request) string { return t.Help(now) }

// Again answers who wants something and was not understood a second time within a day, shorter than Other; Office does the third time.
func (t *Texts) Again(now time.Time) string { return t.Other(now) }

// Office names the telephone number of the office.
func (t *Texts) Office(now time.Time) string { return t.Other(now) }

// Emergency begins with 112, in the Tongue of r.
func (t *Texts) Emergency(now time.Time, r Request) string { return t.Other(now) }

// OnlyUrgent answers a subscriber who gets urgent news alone from now on.
func (t *Texts) OnlyUrgent(now time.Time) string { return t.Help(now) }

// AllNews answers a subscriber who gets all news from now on.
func (t *Texts) AllNews(now time.Time) string { return t.Help(now) }

// Paused answers a subscriber who gets urgent news alone until then.
func (t *Texts) Paused(now, until time.Time) string { return t.Help(now) }

// Choice answers who wants a part of the news: only urgent ones, a pause, or all.
func (t *Texts) Choice(now time.Time) string { return t.Help(now) }

// HowToCorrect answers a subscriber who says that a detail is wrong: r is what the list holds.
func (t *Texts) HowToCorrect(now time.Time, r Request) string { return t.Already(now, r) }

// Corrected answers a subscriber whose details have been changed to r.
func (t *Texts) Corrected(now time.Time, r Request) string { return t.Already(now, r) }

// Privacy is the notice that follows a confirmation; "" when there is a privacy_url, which the confirmation names.
func (t *Texts) Privacy(now time.Time) string { return "" }

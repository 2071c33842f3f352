package citizen

import "time"

// OnlyUrgent answers a subscriber who gets urgent news alone from now on.
func (t *Texts) OnlyUrgent(now time.Time) string { return t.write(kindOnlyUrgent, now, nil) }

// AllNews answers a subscriber who gets all news from now on.
func (t *Texts) AllNews(now time.Time) string { return t.write(kindAllNews, now, nil) }

// Paused answers a subscriber who gets urgent news alone until then.
func (t *Texts) Paused(now, until time.Time) string {
	return t.write(kindPaused, now, fields{"Until": day(t.local(until))})
}

// Choice answers who wants a part of the news: only urgent ones, a pause, or all.
func (t *Texts) Choice(now time.Time) string { return t.write(kindChoice, now, nil) }

// Help answers who asks how the service works.
func (t *Texts) Help(now time.Time) string { return t.write(kindHelp, now, nil) }

// MyData answers who asks what we hold on them. h is as it was before this answer, which is counted among those in it; so is the request. Exact
// words that are too long for an answer are shown in part, and it says so.
func (t *Texts) MyData(now time.Time, h Held) string {
	h.Answers++
	h.Handled = max(h.Handled, 1)
	more := t.kept()
	more["Held"] = t.HeldText(now, h.brief())
	return t.write(kindMyData, now, more)
}

// Emergency begins with 112, in the Tongue of r; Italian, which is in the configuration, follows every other.
func (t *Texts) Emergency(now time.Time, r Request) string {
	italian := t.write(kindEmergency, now, nil)
	if p, ok := translationFor(r.Tongue); ok {
		return p.danger + "\n\n" + italian
	}
	return italian
}

// Other answers everything else.
func (t *Texts) Other(now time.Time) string { return t.write(kindOther, now, nil) }

// Again answers who wants something and was not understood a second time within a day, shorter than Other; Office does the third time.
func (t *Texts) Again(now time.Time) string { return t.write(kindAgain, now, nil) }

// Office names where a person answers: the telephone number of the office, if the configuration does as check wants.
func (t *Texts) Office(now time.Time) string { return t.write(kindOffice, now, nil) }

// Call answers a call, which nobody takes.
func (t *Texts) Call(now time.Time) string { return t.write(kindCall, now, nil) }

// Unreadable answers a message that could not be decrypted.
func (t *Texts) Unreadable(now time.Time) string { return t.write(kindUnreadable, now, nil) }

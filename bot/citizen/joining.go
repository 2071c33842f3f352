package citizen

import "time"

// Confirmation answers a citizen who is now a subscriber. late is when they wrote, if the answer comes a day or more after it, and else zero.
func (t *Texts) Confirmation(now time.Time, r Request, late time.Time) string {
	more := details(r)
	more["Late"] = ""
	if !late.IsZero() {
		more["Late"] = t.lateDay(late, now)
	}
	return t.write(kindConfirmation, now, more)
}

// Privacy is the notice that follows a confirmation; "" when there is a privacy_url, which the confirmation names.
func (t *Texts) Privacy(now time.Time) string {
	if t.service.PrivacyURL != "" {
		return ""
	}
	return t.write(kindPrivacy, now, t.kept())
}

// Already answers a subscriber who subscribes again, with the details they have from now on.
func (t *Texts) Already(now time.Time, r Request) string {
	return t.write(kindAlready, now, details(r))
}

// Incomplete asks for the personal details that r lacks, and shows those that it has.
func (t *Texts) Incomplete(now time.Time, r Request) string {
	return t.write(kindIncomplete, now, details(r))
}

// OptIn asks whether the citizen with these details wants to be registered.
func (t *Texts) OptIn(now time.Time, r Request) string { return t.write(kindOptIn, now, details(r)) }

// Check asks whether what was understood of a Doubtful request is right: a yes subscribes.
func (t *Texts) Check(now time.Time, r Request) string {
	more := details(r)
	more["Unknown"], more["Couple"] = "", ""
	switch r.Doubt {
	case DoubtComune:
		more["Unknown"] = more["Residence"]
	case DoubtCouple:
		more["Couple"] = filledIn
	}
	return t.write(kindCheck, now, more)
}

// Dropped answers who does not want to go on with a registration.
func (t *Texts) Dropped(now time.Time) string { return t.write(kindDropped, now, nil) }

// Expired answers who writes personal details although no question of ours is open; r is what was understood.
func (t *Texts) Expired(now time.Time, r Request) string {
	return t.write(kindExpired, now, details(r))
}

// HowToCorrect answers a subscriber who says that a detail is wrong: r is what the list holds.
func (t *Texts) HowToCorrect(now time.Time, r Request) string {
	return t.write(kindHowToCorrect, now, details(r))
}

// Corrected answers a subscriber whose details have been changed to r.
func (t *Texts) Corrected(now time.Time, r Request) string {
	return t.write(kindCorrected, now, details(r))
}

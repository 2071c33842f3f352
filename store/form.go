package store

// Form says how a message of an announcement appears on the phone.
type Form string

// The forms.
const (
	News       Form = "news"       // as a new message
	Edit       Form = "edit"       // it changes the one before
	Correction Form = "correction" // as a new message that says that it corrects another
	Revoke     Form = "revoke"     // it deletes the one before
)

// turn puts first what is possible for a short time only.
func (f Form) turn() int {
	switch f {
	case Edit:
		return 0
	case Correction:
		return 1
	}
	return 2
}

// isRevoked tells that what an edit is to change is deleted, or about to be.
const isRevoked = `EXISTS (SELECT 1 FROM deliveries r
	WHERE r.subscriber = deliveries.subscriber AND r.form = 'revoke' AND r.target = deliveries.target)`

// formed is what a delivery is beside its text.
const formed = `form, part, target,
		coalesce((SELECT o.messages FROM announcements o JOIN deliveries t ON t.announcement = o.id WHERE t.message_id = deliveries.target AND deliveries.form = 'edit'),
			(SELECT o.messages FROM announcements o WHERE o.id = deliveries.announcement)),
		coalesce((SELECT x.announcement FROM attachments x WHERE x.announcement = deliveries.announcement
			AND (form = 'news' OR form = 'edit' OR form = 'correction' AND x.inherited = 0) LIMIT 1), 0)`

func (o *Outgoing) formed() []any {
	return []any{&o.Form, &o.Part, &o.Target, &o.Messages, &o.Attachments}
}

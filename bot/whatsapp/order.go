package whatsapp

import (
	"cmp"
	"sync"
	"time"
)

// orderLimit is how long the texts of somebody wait for an earlier one that OnText does not take. If it never does, only
// that one is to be the victim.
const orderLimit = 10 * time.Minute

// order keeps the texts of a person in their order when one of them has to come again: what follows it on the same
// connection is refused, and comes again after it. Else "Attiva", "Disattiva" could end as "Disattiva", "Attiva".
type order struct {
	mu      sync.Mutex
	late    map[string]lateText // by person
	unknown bool                // texts could not even be decrypted on this connection: any text may be after one of the same person
}

type lateText struct {
	id    string
	since time.Time
}

func personOf(text Text) string { return cmp.Or(text.From.LID, text.From.Number) }

// overtakes tells whether a text must not be handed over before another.
func (o *order) overtakes(text Text) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	first, late := o.late[personOf(text)]
	return o.unknown || late && first.id != text.ID && time.Since(first.since) < orderLimit
}

// note says how a text went that was handed over.
func (o *order) note(text Text, taken bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	person := personOf(text)
	first, late := o.late[person]
	switch {
	case taken && first.id == text.ID:
		delete(o.late, person)
	case !taken && !late && len(o.late) < undeliveredLimit:
		if o.late == nil {
			o.late = make(map[string]lateText)
		}
		o.late[person] = lateText{text.ID, time.Now()}
	}
}

// lose says that a text of somebody was left to come again.
func (o *order) lose() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.unknown = true
}

// lost tells whether something on this connection was left to come again.
func (o *order) lost() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.unknown
}

// renew says that the connection has ended: whatever was lost on it comes again, in its order.
func (o *order) renew() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.unknown = false
	for person, first := range o.late {
		if time.Since(first.since) > 2*orderLimit {
			delete(o.late, person)
		}
	}
}

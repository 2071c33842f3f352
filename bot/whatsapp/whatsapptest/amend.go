package whatsapptest

import (
	"fmt"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
)

// How long after a message a phone still takes an edit and a deletion of it, by the server's clock. Real phones offer them
// for 15 minutes and for 60 hours; the margin is for what was on its way.
const (
	editWindow   = 15 * time.Minute
	deleteWindow = 60 * time.Hour
	lateMargin   = time.Minute
)

// amendment is an edit or a deletion by a real client, on its way to what a phone shows.
type amendment struct {
	id   string
	from string // the author's number in E.164
	to   string // the recipient's, on a phone of the author's own account; else empty
	word *waE2E.ProtocolMessage
	at   time.Time // when it was first there, though it could not be read then
	read time.Time // when what was read was there: later, after a retry

	recall func() // tells the phone's history
}

// amendmentIn returns the edit or the deletion that a message is, or nil.
func amendmentIn(content *waE2E.Message) *waE2E.ProtocolMessage {
	word := unwrapLayers(content).GetProtocolMessage()
	if word != nil && (word.GetType() == waE2E.ProtocolMessage_REVOKE || word.GetType() == waE2E.ProtocolMessage_MESSAGE_EDIT) {
		return word
	}
	return nil
}

func (a *amendment) deletes() bool { return a.word.GetType() == waE2E.ProtocolMessage_REVOKE }

// target is the key of the message that is to change, as in [Phone.seen].
func (a *amendment) target() string { return a.from + " " + a.word.GetKey().GetID() }

// amend takes an edit or a deletion, once, and sends the receipt. It is not listed among the messages.
func (p *Phone) amend(d *delivery, content *waE2E.Message, word *waE2E.ProtocolMessage) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	defer p.confirmLocked(d)
	a := &amendment{id: d.id, from: "+" + d.from.acct.number, word: word, read: d.at}
	if to := p.s.findLocked(d.to); to != nil && d.from.acct == p.acct {
		a.to = "+" + to.number
	}
	key := a.from + " " + d.id
	a.at = p.arrivedLocked(key, d.at)
	if place := p.seen[key]; place != 0 {
		p.repeats++
		if place > 0 {
			p.s.offendLocked(BadEdit, "message %s: an edit or a deletion under the ID of a message", d.id)
		}
		return
	}
	p.noteLocked(key, -1)
	if fault := p.checkKeyLocked(d, a); fault != "" {
		p.s.offendLocked(BadEdit, "message %s: %s", d.id, fault)
		return
	}
	a.recall = func() { p.recallLocked(d, content, "") }
	p.amendLocked(a)
}

// checkKeyLocked says what is wrong with the name of the message that is to change.
func (p *Phone) checkKeyLocked(d *delivery, a *amendment) string {
	key := a.word.GetKey()
	remote, err := types.ParseJID(key.GetRemoteJID())
	switch {
	case key.GetID() == "":
		return "no message is named"
	case !key.GetFromMe() || key.GetParticipant() != "":
		return "a message of somebody else's"
	case err != nil || remote.IsEmpty():
		return "no chat is named"
	case remote == d.to.ToNonAD():
		return ""
	case d.count == 0 || p.s.findLocked(remote) == nil || p.s.findLocked(remote) != p.s.findLocked(d.to):
		return "a message in another chat" // a phone may ask again under its other address
	}
	return ""
}

// amendLocked changes what the phone shows, or keeps the amendment until that comes. What no phone would carry out is an
// offence and changes nothing.
func (p *Phone) amendLocked(a *amendment) {
	message := p.foundLocked(a)
	if _, missed := p.missed[a.target()]; message == nil && (missed || p.id != 0) {
		// A device that was linked later, or that the author did not know, never gets the message; the main phone judges.
		if p.orphans == nil {
			p.orphans = map[string][]*amendment{}
		}
		p.orphans[a.target()] = append(p.orphans[a.target()], a)
		return
	}
	if message == nil {
		p.s.offendLocked(BadEdit, "message %s: a message that this phone never got", a.id)
		return
	}
	if kind, fault := a.check(message); fault != "" {
		p.s.offendLocked(kind, "message %s: %s", a.id, fault)
		return
	}
	a.carryOut(message)
	a.recall()
	p.changedLocked()
}

// foundLocked is the message to change, or nil: a phone knows each by its author and ID.
func (p *Phone) foundLocked(a *amendment) *Message {
	place, list := p.seen[a.target()], p.shown
	if a.to != "" {
		list = p.copies
	}
	if place < 1 || place > len(list) || list[place-1].To != a.to {
		return nil
	}
	return &list[place-1]
}

// check says why a phone ignores the amendment of a message; "" when it does not.
func (a *amendment) check(m *Message) (kind OffenceKind, fault string) {
	window := editWindow
	if a.deletes() {
		window = deleteWindow
	}
	if age := a.at.Sub(m.At); age > window+lateMargin {
		return LateEdit, fmt.Sprintf("%v after the message", age.Round(time.Second))
	}
	if a.deletes() {
		return "", ""
	}
	made := time.UnixMilli(a.word.GetTimestampMS())
	switch {
	case m.Deleted && !a.at.Before(m.deletedAt):
		return BadEdit, "the edit of a message that was taken back"
	case a.word.GetEditedMessage() == nil || a.word.GetTimestampMS() <= 0:
		return BadEdit, "an edit without content or time"
	case made.Before(m.At.Add(-lateMargin)) || made.After(a.read.Add(lateMargin)):
		return BadEdit, "an edit from before the message, or from the future"
	}
	return a.checkContent(m)
}

// checkContent says why what an edit puts in a message's place cannot be there; "" when it can.
func (a *amendment) checkContent(m *Message) (kind OffenceKind, fault string) {
	content := unwrapLayers(a.word.GetEditedMessage())
	shown, kindOf := readWords(content), "text"
	c, file := claimsOf(content)
	if file {
		kindOf = c.kind
	}
	switch {
	case kindOf != m.Kind:
		return BadEdit, fmt.Sprintf("an edit that turns a message of kind %s into another", m.Kind)
	case file && formOf(content) != m.form:
		return BadEdit, "an edit that changes more than the caption"
	case !file && (shown.Kind != "text" || shown.Text == ""):
		return BadEdit, "an edit without words"
	}
	return "", ""
}

// carryOut does to a message what a phone does. Of several edits the author's last one counts, in whatever order they come;
// what is gone stays gone.
func (a *amendment) carryOut(m *Message) {
	if m.Deleted {
		return
	}
	if a.deletes() {
		*m = Message{ID: m.ID, From: m.From, FromLID: m.FromLID, To: m.To, Kind: m.Kind, At: m.At, Edited: m.Edited, Deleted: true, deletedAt: a.at}
		return
	}
	if a.word.GetTimestampMS() < m.editedAt {
		return
	}
	words := unwrapLayers(a.word.GetEditedMessage())
	m.Text, m.Edited, m.editedAt = readWords(words).Text, true, a.word.GetTimestampMS()
	if c, file := claimsOf(words); file {
		m.Text = c.caption
	}
}

// adoptLocked carries out what came before the message that it changes.
func (p *Phone) adoptLocked(key string) {
	waiting := p.orphans[key]
	delete(p.orphans, key)
	for _, a := range waiting {
		p.amendLocked(a)
	}
}

// noteLocked remembers where a message is.
func (p *Phone) noteLocked(key string, place int) {
	if p.seen == nil {
		p.seen = map[string]int{}
	}
	p.seen[key] = place
}

// missLocked remembers that a message came and could not be read.
func (p *Phone) missLocked(d *delivery) {
	if p.missed == nil {
		p.missed = map[string]time.Time{}
	}
	key := "+" + d.from.acct.number + " " + d.id
	if _, before := p.missed[key]; !before {
		p.missed[key] = d.at
	}
}

// arrivedLocked is when a message was first there, though it could not be read then.
func (p *Phone) arrivedLocked(key string, at time.Time) time.Time {
	if first, missed := p.missed[key]; missed {
		delete(p.missed, key)
		return first
	}
	return at
}

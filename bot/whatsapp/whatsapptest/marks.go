package whatsapptest

import (
	"maps"
	"slices"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// MarkedRead returns the IDs of the messages that linked devices of this phone's account have marked as read, in order:
// with blue ticks for the author (a receipt of type read) or without (read-self).
func (p *Phone) MarkedRead() []string {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return slices.Clone(p.acct.phone.marked)
}

// BlueTicks returns the IDs of the messages of this phone that somebody has read and let it know, in order.
func (p *Phone) BlueTicks() []string {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return slices.Clone(p.ticks)
}

// SetPrivacy sets what an account's owner chooses on the phone: a category (readreceipts, last, profile, ...) and who may
// see it (all, contacts, none). All is the default. With readreceipts at none the server keeps read receipts to itself,
// and real clients send read-self instead.
func (p *Phone) SetPrivacy(category, value string) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.acct.setPrivacyLocked(category, value)
}

func (a *account) setPrivacyLocked(category, value string) {
	if a.privacy == nil {
		a.privacy = map[string]string{}
	}
	a.privacy[category] = value
}

func privacyCategories() []string {
	return []string{"readreceipts", "profile", "status", "online", "last", "groupadd", "calladd", "messages"}
}

func (c *conn) answerPrivacy(*waBinary.Node) answer {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	var categories []waBinary.Node
	for _, name := range privacyCategories() {
		value := "all"
		if chosen, ok := c.device.acct.privacy[name]; ok {
			value = chosen
		}
		categories = append(categories, waBinary.Node{Tag: "category", Attrs: waBinary.Attrs{"name": name, "value": value}})
	}
	return result(waBinary.Node{Tag: "privacy", Content: categories})
}

func (c *conn) takePrivacy(query *waBinary.Node) answer {
	list := query.GetChildByTag("privacy")
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	for _, category := range list.GetChildren() {
		name := attrString(&category, "name")
		if !slices.Contains(privacyCategories(), name) {
			c.s.offendLocked(Malformed, "a privacy setting of category %q", name)
			return refusal(400, "bad-request")
		}
		c.device.acct.setPrivacyLocked(name, attrString(&category, "value"))
	}
	return result()
}

// markReadLocked takes a client's word that it has read messages of an account: it is for the account's own devices, and
// perhaps for the author's.
func (s *Server) markReadLocked(reader *linked, author types.JID, ids []string, ack waBinary.Attrs) {
	own := reader.acct
	for _, id := range ids {
		if !s.wroteLocked(s.findLocked(author), own, id) {
			s.offendLocked(Malformed, "%s is marked as read, which the account never wrote", id)
		}
		if !slices.Contains(own.phone.marked, id) {
			own.phone.marked = append(own.phone.marked, id)
		}
	}
	own.phone.changedLocked()
	for _, l := range own.linkedDevices() {
		for _, id := range ids {
			if l != reader {
				s.postLocked(l, waBinary.Node{Tag: "receipt", Attrs: waBinary.Attrs{
					"from": reader.jid(author.Server), "recipient": author, "id": id, "type": ack["type"], "t": time.Now().Unix(),
				}})
			}
		}
	}
	if ack["type"] == "read" && own.privacy["readreceipts"] != "none" {
		s.passReceiptLocked(reader, author, ids, maps.Clone(ack))
	}
}

// wroteLocked reports whether an account has written a message to another. What a real client wrote is believed.
func (s *Server) wroteLocked(author, reader *account, id string) bool {
	if _, kept := reader.phone.chats.find(id); kept || len(author.linkedDevices()) > 0 {
		return true
	}
	for _, d := range author.order() {
		if _, ok := d.phone.written[id]; ok {
			return true
		}
	}
	return false
}

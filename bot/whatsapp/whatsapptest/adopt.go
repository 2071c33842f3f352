package whatsapptest

import (
	"maps"
	"slices"
)

// A Link is a linked client as its phone and the server know it when nothing is under
// way between them. With a copy of the client's files it lets another server begin where
// this one was, where linking anew would prove nothing ([Phone.Adopt]).
type Link struct {
	client  linked
	account account
	hand    handset
	stanzas int // how many IDs the server has given
	ids     int // and the phone
}

// Link returns the link of the phone's only client. Without one, or while something waits
// for it, the test is wrong and Link panics.
func (p *Phone) Link() *Link {
	p.hand.mu.Lock()
	defer p.hand.mu.Unlock()
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	list := p.acct.linkedDevices()
	if len(list) != 1 || len(list[0].pending)+len(list[0].deferred) > 0 || p.s.unsettledLocked() != "" {
		panic("whatsapptest: not one link at rest")
	}
	l := &Link{stanzas: p.s.counter, ids: p.counter}
	l.become(list[0], p.acct, &p.hand)
	return l
}

// Adopt gives this phone, which has just been made with the number of the link's, the link
// too. The server holds its client to the same keys as the one that it was made on.
func (p *Phone) Adopt(l *Link) {
	p.hand.mu.Lock()
	defer p.hand.mu.Unlock()
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if p.acct.number != l.account.number || p.acct.links > 0 {
		panic("whatsapptest: not the phone of this link")
	}
	var own Link // nothing that two servers share
	own.become(&l.client, &l.account, &l.hand)
	a, client := p.acct, &own.client
	a.highest, a.links, a.sync = own.account.highest, own.account.links, own.account.sync
	a.tokens, a.privacy, a.wrote = own.account.tokens, own.account.privacy, own.account.wrote
	p.hand.generation, p.hand.first, p.hand.next = own.hand.generation, own.hand.first, own.hand.next
	p.hand.used, p.hand.sessions = own.hand.used, own.hand.sessions
	p.counter, p.s.counter = l.ids, max(p.s.counter, l.stanzas)
	client.acct = a
	a.devices[client.id] = &device{acct: a, id: client.id, keyIndex: client.keyIndex, linked: client}
}

// become copies what lasts of a link, and nothing of a connection.
func (l *Link) become(client *linked, a *account, h *handset) {
	l.client = linked{
		id: client.id, keyIndex: client.keyIndex, noise: client.noise, identity: client.identity, registration: client.registration,
		adv: client.adv, keys: client.keys, greeted: client.greeted, asked: maps.Clone(client.asked), tokens: maps.Clone(client.tokens),
		pairTime: client.pairTime,
	}
	l.client.keys.oneTime, l.client.keys.spent = slices.Clone(client.keys.oneTime), maps.Clone(client.keys.spent)
	l.account = account{
		number: a.number, highest: a.highest, links: a.links, tokens: maps.Clone(a.tokens), privacy: maps.Clone(a.privacy), wrote: maps.Clone(a.wrote),
	}
	l.account.sync.patches = make(map[string][][]byte, len(a.sync.patches))
	for name, patches := range a.sync.patches {
		l.account.sync.patches[name] = slices.Clone(patches)
	}
	l.hand.generation, l.hand.first, l.hand.next = h.generation, h.first, h.next
	l.hand.used, l.hand.sessions = slices.Clone(h.used), maps.Clone(h.sessions)
}

package whatsapptest

import (
	"maps"
	"slices"

	"go.mau.fi/whatsmeow/types"
)

// Reinstall sets the phone up again: a new identity, new prekeys and no sessions. Whoever it
// has talked with is notified. What arrives in an old session cannot be decrypted and is asked
// for again.
func (p *Phone) Reinstall() {
	p.hand.reinstall()
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	for _, giver := range slices.Sorted(maps.Keys(p.acct.tokens)) {
		p.s.identityChangedLocked(p, p.s.accounts[giver])
	}
}

// ChangeLID gives the account another hidden identity, as happens now and then by itself; the number and the keys stay.
// Nobody is told until the person writes, which opens new sessions. The old one is stale from then on: the server takes a
// message to it, tells the sender so (refresh_lid in the ack), and delivers it to nobody; to go on is an offence. An
// account with real clients cannot change, and the attempt panics.
func (p *Phone) ChangeLID() {
	p.s.mu.Lock()
	if len(p.acct.linkedDevices()) > 0 {
		p.s.mu.Unlock()
		panic("whatsapptest: the account has linked devices, which would not know their LID")
	}
	a := p.acct
	p.s.retireLocked(a)
	a.moves++
	a.lid = lidFor(a.number + "/" + number(a.moves))
	p.s.lids[a.lid] = a
	var handsets []*Phone
	for _, d := range a.order() {
		handsets = append(handsets, d.phone)
	}
	p.s.mu.Unlock()
	for _, handset := range handsets {
		handset.ForgetSessions()
	}
}

// Recycle gives a number to another person, on another handset, with another LID and other keys. The old account is gone,
// its phone off; what it wrote so far stays in other people's chats. It panics for a number without an account.
func (s *Server) Recycle(number string) *Phone {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.mustFindLocked(number)
	s.retireLocked(old)
	old.gone = true
	for _, d := range old.order() {
		if d.phone != nil {
			d.phone.offline = true
			continue
		}
		d.linked.gone, d.linked.pending = true, nil
		if c := d.linked.conn; c != nil {
			c.finish(streamError("401", "device_removed"))
		}
	}
	for _, other := range s.accounts {
		delete(other.tokens, old.number)
		delete(other.wrote, old.number)
	}
	return s.openAccountLocked(old.number, old.owners+1)
}

// retireLocked makes an account's LID stale.
func (s *Server) retireLocked(a *account) {
	if s.stale == nil {
		s.stale = map[string]map[string]bool{}
	}
	s.stale[a.lid] = map[string]bool{}
	delete(s.lids, a.lid)
}

// refuseStaleLocked deals with a message to a LID that is not in use any more, and reports whether it was one.
func (c *conn) refuseStaleLocked(m *sent) bool {
	told, stale := c.s.stale[m.to.User]
	if !stale || m.to.Server != types.HiddenUserServer {
		return false
	}
	if told[c.device.acct.number] {
		c.s.offendLocked(StaleAddress, "message %s to a LID that the server said to refresh", m.id)
	}
	told[c.device.acct.number] = true
	c.ackLocked(m, map[string]any{"refresh_lid": "true"})
	return true
}

// PassNumber moves the account to another number, as people do who keep their phone: the LID and the keys stay, and nobody is
// told. The old number is given to another person, with another LID and other keys, whose phone is returned. It panics when
// the new number is somebody's, and for an account with real clients.
func (p *Phone) PassNumber(to string) *Phone {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	a, old := p.acct, p.acct.number
	if len(a.linkedDevices()) > 0 || p.s.accounts[digits(to)] != nil {
		panic("whatsapptest: the number is taken, or the account has linked devices")
	}
	a.number = digits(to)
	p.s.accounts[a.number] = a
	return p.s.openAccountLocked(old, a.owners+1)
}

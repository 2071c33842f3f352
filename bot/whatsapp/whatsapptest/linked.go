package whatsapptest

import (
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waAdv"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
)

// linked is a real client that was paired with an account: what the server knows about it.
// Guarded by the server's lock, except what never changes after the pairing.
type linked struct {
	acct         *account
	id           uint16
	keyIndex     uint32
	noise        [32]byte
	identity     [32]byte
	registration uint32
	adv          *waAdv.ADVSignedDeviceIdentity // complete, both signatures

	keys     prekeys
	greeted  bool  // the phone has sent the app state key and the first history
	gone     bool  // unlinked; logins are refused
	conn     *conn // nil while it is away
	pending  []*pending
	deferred []func()          // what phones could not encrypt yet, for want of keys
	asked    map[retryKey]int  // the retries that it was asked for and may answer
	tokens   map[string][]byte // the trust tokens it got, by the giver's number
	withheld []waBinary.Node   // acks that a staller keeps back
	pairTime int64
}

// retryKey names a message that a device could not decrypt.
type retryKey struct {
	id     string
	number string // of the device's account
	device uint16
}

// jid is the device's own address in a space.
func (l *linked) jid(space string) types.JID { return l.acct.jid(space, l.id) }

// linkedDevices lists the real clients of an account.
func (a *account) linkedDevices() []*linked {
	var list []*linked
	for _, d := range a.order() {
		if d.linked != nil {
			list = append(list, d.linked)
		}
	}
	return list
}

// forgetLocked removes a linked device from its account; its next login is refused. The
// identity is the main phone's.
func (s *Server) forgetLocked(l *linked, identity *keys.KeyPair) {
	d := l.acct.devices[l.id]
	if d == nil {
		return
	}
	l.gone = true
	l.pending = nil
	delete(l.acct.devices, l.id)
	s.announceLocked(d, "remove", identity)
	s.changedLocked()
}

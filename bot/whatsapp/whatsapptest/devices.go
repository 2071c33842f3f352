package whatsapptest

import (
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
)

// announceLocked tells the account's own clients, and those that it has talked with, that a
// device was added or removed. The identity is the main phone's.
func (s *Server) announceLocked(d *device, change string, identity *keys.KeyPair) {
	a := d.acct
	jids := deviceJIDs(types.DefaultUserServer, a)
	list := make([]waBinary.Node, len(jids))
	for i, jid := range jids {
		list[i] = waBinary.Node{Tag: "device", Attrs: waBinary.Attrs{"jid": jid}}
	}
	own := waBinary.Node{Tag: "devices", Attrs: waBinary.Attrs{"dhash": participantHash(jids)}, Content: list}
	changed := waBinary.Node{Tag: change, Attrs: waBinary.Attrs{
		"device_hash": participantHash(jids), "device_lid_hash": participantHash(deviceJIDs(types.HiddenUserServer, a)),
	}, Content: []waBinary.Node{
		{Tag: "device", Attrs: waBinary.Attrs{
			"jid": a.jid(types.DefaultUserServer, d.id), "lid": a.jid(types.HiddenUserServer, d.id), "key-index": d.keyIndex,
		}},
		a.indexList(identity, a.indexes()),
	}}
	from := a.jid(types.DefaultUserServer, 0)
	for _, other := range s.accounts {
		for _, l := range other.linkedDevices() {
			switch {
			case other == a && l.keys.uploaded: // a new link asks for the list by itself
				s.notifyLocked(l, "account_sync", from, nil, own)
			case other != a && (a.tokens[other.number] != nil || other.wrote[a.number]):
				s.notifyLocked(l, "devices", from, waBinary.Attrs{"lid": a.jid(types.HiddenUserServer, 0)}, changed)
			}
		}
	}
}

package whatsapptest

import (
	"crypto/sha1"
	"encoding/binary"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// lowPrekeys is the number of one-time keys below which the server asks a client for more.
const lowPrekeys = 5

type prekey struct {
	id     uint32
	public [32]byte
}

type signedKey struct {
	prekey
	signature []byte
}

// prekeys are the keys that a real client has uploaded.
type prekeys struct {
	signed   signedKey
	uploaded bool
	oneTime  []prekey
	spent    map[uint32]bool // handed out; a client that died in an upload offers such keys again
	lowSaid  bool            // the client has been asked for more
}

// bundle is what somebody needs to open a session with a device.
type bundle struct {
	registration uint32
	identity     [32]byte
	signed       signedKey
	oneTime      *prekey
	adv          []byte // of a linked device, serialised
}

func threeBytes(b []byte) uint32 { return uint32(b[0])<<16 | uint32(b[1])<<8 | uint32(b[2]) }

// readPrekey reads <key> or <skey>.
func readPrekey(node waBinary.Node) (prekey, bool) {
	id, value := contentBytes(node.GetChildByTag("id")), contentBytes(node.GetChildByTag("value"))
	if len(id) != 3 || len(value) != 32 {
		return prekey{}, false
	}
	return prekey{id: threeBytes(id), public: [32]byte(value)}, true
}

func (k prekey) node(tag string) waBinary.Node {
	return waBinary.Node{Tag: tag, Content: []waBinary.Node{
		{Tag: "id", Content: binary.BigEndian.AppendUint32(nil, k.id)[1:]},
		{Tag: "value", Content: k.public[:]},
	}}
}

func (k signedKey) node() waBinary.Node {
	node := k.prekey.node("skey")
	node.Content = append(node.GetChildren(), waBinary.Node{Tag: "signature", Content: k.signature})
	return node
}

// nodes are the bundle's parts as they stand in an answer; a retry receipt groups the same
// parts differently.
func (b *bundle) nodes() []waBinary.Node {
	list := []waBinary.Node{
		{Tag: "type", Content: []byte(signedKeyPrefix)},
		{Tag: "identity", Content: b.identity[:]},
	}
	if b.oneTime != nil {
		list = append(list, b.oneTime.node("key"))
	}
	list = append(list, b.signed.node())
	if b.adv != nil {
		list = append(list, waBinary.Node{Tag: "device-identity", Content: b.adv})
	}
	return list
}

func (b *bundle) registrationNode() waBinary.Node {
	return waBinary.Node{Tag: "registration", Content: binary.BigEndian.AppendUint32(nil, b.registration)}
}

func (c *conn) answerPrekeyCount(*waBinary.Node) answer {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return result(waBinary.Node{Tag: "count", Attrs: waBinary.Attrs{"value": len(c.device.keys.oneTime)}})
}

// takePrekeys stores an upload, if the signed prekey is signed by the registered identity.
func (c *conn) takePrekeys(query *waBinary.Node) answer {
	s, l := c.s, c.device
	signed, ok := readPrekey(query.GetChildByTag("skey"))
	signature := contentBytes(query.GetChildByTag("skey", "signature"))
	if !ok || !verify(l.identity, signature, []byte(signedKeyPrefix), signed.public[:]) {
		s.offend(BadSignature, "the signed prekey of an upload")
		return refusal(406, "not-acceptable")
	}
	if string(contentBytes(query.GetChildByTag("identity"))) != string(l.identity[:]) {
		s.offend(BadIdentity, "an upload of prekeys under another identity")
		return refusal(406, "not-acceptable")
	}
	list := query.GetChildByTag("list")
	fresh := make([]prekey, 0, len(list.GetChildren()))
	for _, child := range list.GetChildren() {
		key, ok := readPrekey(child)
		if !ok {
			s.offend(Malformed, "a prekey of an upload")
			return refusal(400, "bad-request")
		}
		fresh = append(fresh, key)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	l.keys.store(signedKey{signed, signature}, fresh)
	waiting := l.deferred
	l.deferred = nil
	for _, task := range waiting {
		s.enqueueLocked(task)
	}
	return result()
}

// store adds uploaded keys. A key that is there stays, and one that was handed out is never
// handed out again.
func (k *prekeys) store(signed signedKey, fresh []prekey) {
	k.signed, k.uploaded, k.lowSaid = signed, true, false
	known := map[uint32]bool{}
	for _, key := range k.oneTime {
		known[key.id] = true
	}
	for _, key := range fresh {
		if !known[key.id] && !k.spent[key.id] {
			k.oneTime = append(k.oneTime, key)
		}
	}
}

// takeSignedPrekey replaces the signed prekey.
func (c *conn) takeSignedPrekey(query *waBinary.Node) answer {
	signed, ok := readPrekey(query.GetChildByTag("rotate", "skey"))
	signature := contentBytes(query.GetChildByTag("rotate", "skey", "signature"))
	if !ok || !verify(c.device.identity, signature, []byte(signedKeyPrefix), signed.public[:]) {
		c.s.offend(BadSignature, "a new signed prekey")
		return refusal(406, "not-acceptable")
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.device.keys.signed = signedKey{signed, signature}
	return result()
}

// handOutLocked gives away the keys of a linked device for one new session, or nil while it
// has uploaded none. Each one-time key goes to one session; when few are left the client is
// asked for more, and when none is left sessions start without.
func (s *Server) handOutLocked(l *linked) *bundle {
	if !l.keys.uploaded {
		return nil
	}
	b := &bundle{registration: l.registration, identity: l.identity, signed: l.keys.signed}
	if len(l.keys.oneTime) > 0 {
		key := l.keys.oneTime[0]
		l.keys.oneTime = l.keys.oneTime[1:]
		if l.keys.spent == nil {
			l.keys.spent = map[uint32]bool{}
		}
		l.keys.spent[key.id] = true
		b.oneTime = &key
	}
	if left := len(l.keys.oneTime); left < lowPrekeys && !l.keys.lowSaid {
		l.keys.lowSaid = true
		s.notifyLocked(l, "encrypt", types.ServerJID, nil, waBinary.Node{Tag: "count", Attrs: waBinary.Attrs{"value": left}})
	}
	return b
}

// answerBundles hands out keys of other devices to a client.
func (c *conn) answerBundles(query *waBinary.Node) answer {
	var list []waBinary.Node
	wanted := query.GetChildByTag("key")
	for _, asked := range wanted.GetChildren() {
		jid := attrJID(&asked, "jid")
		user := waBinary.Node{Tag: "user", Attrs: waBinary.Attrs{"jid": jid}}
		if b := c.s.bundleFor(jid); b != nil {
			user.Content = append([]waBinary.Node{b.registrationNode()}, b.nodes()...)
		} else {
			user.Content = []waBinary.Node{{Tag: "error", Attrs: waBinary.Attrs{"code": "406", "text": "not-acceptable"}}}
		}
		list = append(list, user)
	}
	return result(waBinary.Node{Tag: "list", Content: list})
}

// bundleFor makes a bundle for the device at an address, or nil if there is no such device or
// it has no keys.
func (s *Server) bundleFor(jid types.JID) *bundle {
	s.mu.Lock()
	s.stats.KeysAsked[nameOf(jid)]++
	acct := s.findLocked(jid)
	var phone *Phone
	if acct != nil && !acct.gone {
		if d := acct.devices[jid.Device]; d != nil && d.linked != nil {
			defer s.mu.Unlock()
			return s.handOutLocked(d.linked)
		} else if d != nil && !d.phone.noKeys {
			phone = d.phone
		}
	}
	if phone == nil {
		s.mu.Unlock()
		return nil
	}
	s.stats.Bundles++
	s.stats.Prekeys++
	s.mu.Unlock()
	return phone.hand.bundle(phone.adv)
}

// answerDigest tells a client what the server has of its keys; error 404 makes it upload.
func (c *conn) answerDigest(*waBinary.Node) answer {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	l := c.device
	if !l.keys.uploaded {
		return refusal(404, "item-not-found")
	}
	b := bundle{registration: l.registration, identity: l.identity, signed: l.keys.signed}
	digest := sha1.New()
	digest.Write(l.identity[:])
	digest.Write(l.keys.signed.public[:])
	digest.Write(l.keys.signed.signature)
	ids := make([]waBinary.Node, len(l.keys.oneTime))
	for i, key := range l.keys.oneTime {
		digest.Write(key.public[:])
		ids[i] = waBinary.Node{Tag: "id", Content: binary.BigEndian.AppendUint32(nil, key.id)[1:]}
	}
	parts := append([]waBinary.Node{b.registrationNode()}, b.nodes()...)
	parts = append(parts, waBinary.Node{Tag: "list", Content: ids}, waBinary.Node{Tag: "hash", Content: digest.Sum(nil)})
	return result(waBinary.Node{Tag: "digest", Content: parts})
}

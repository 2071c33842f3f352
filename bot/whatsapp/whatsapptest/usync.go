package whatsapptest

import (
	"fmt"
	"strings"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waAdv"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
	"google.golang.org/protobuf/proto"
)

// answerUsync tells a client about accounts, one <user> for each that exists. Every address
// asked for is counted, since a program must not ask about strangers.
func (c *conn) answerUsync(query *waBinary.Node) answer {
	usync := query.GetChildByTag("usync")
	protocols := usync.GetChildByTag("query")
	asked := usync.GetChildByTag("list")
	var users []waBinary.Node
	for _, user := range asked.GetChildren() {
		if found, ok := c.s.describe(&user, &protocols); ok {
			users = append(users, found)
		}
	}
	attrs := waBinary.Attrs{}
	for _, key := range []string{"sid", "mode", "context", "last", "index"} {
		attrs[key] = usync.Attrs[key]
	}
	return result(waBinary.Node{Tag: "usync", Attrs: attrs, Content: []waBinary.Node{
		{Tag: "result"}, {Tag: "list", Content: users},
	}})
}

// describe makes one <user> of the answer.
func (s *Server) describe(asked, protocols *waBinary.Node) (waBinary.Node, bool) {
	jid, contact := attrJID(asked, "jid"), contentBytes(asked.GetChildByTag("contact"))
	if jid.User == "" && contact != nil {
		text, _, _ := strings.Cut(string(contact), "@")
		jid = types.NewJID(digits(text), types.DefaultUserServer)
	}
	var owner *Phone
	s.mu.Lock()
	s.stats.Asked[nameOf(jid)]++
	acct := s.findLocked(jid)
	known := acct != nil && !acct.gone
	if known {
		owner = acct.phone
	}
	s.mu.Unlock()
	wanted := protocols.GetChildByTag("contact")
	attrs := waBinary.Attrs{"jid": jid}
	if known && attrString(&wanted, "addressing_mode") == "lid" {
		attrs["jid"], attrs["pn_jid"] = acct.jid(types.HiddenUserServer, 0), acct.jid(types.DefaultUserServer, 0)
	}
	if !known {
		out := waBinary.Node{Tag: "contact", Attrs: waBinary.Attrs{"type": "out"}, Content: contact}
		return waBinary.Node{Tag: "user", Attrs: attrs, Content: []waBinary.Node{out}}, contact != nil
	}
	var children []waBinary.Node
	for _, protocol := range protocols.GetChildren() {
		if protocol.Tag == "lid" && jid.Server == types.HiddenUserServer {
			continue // who asks by LID knows it
		}
		if child, ok := s.describeProtocol(protocol.Tag, acct, owner, contact); ok {
			children = append(children, child)
		}
	}
	return waBinary.Node{Tag: "user", Attrs: attrs, Content: children}, true
}

// nameOf names an address for the counters: a number in E.164, or a LID's digits.
func nameOf(jid types.JID) string {
	if jid.Server == types.HiddenUserServer {
		return jid.User
	}
	return "+" + jid.User
}

func (s *Server) describeProtocol(tag string, acct *account, owner *Phone, contact []byte) (waBinary.Node, bool) {
	switch tag {
	case "devices":
		return s.deviceList(acct, owner), true
	case "lid":
		return waBinary.Node{Tag: "lid", Attrs: waBinary.Attrs{"val": acct.jid(types.HiddenUserServer, 0)}}, true
	case "contact":
		return waBinary.Node{Tag: "contact", Attrs: waBinary.Attrs{"type": "in"}, Content: contact}, true
	case "status":
		return waBinary.Node{Tag: "status", Attrs: waBinary.Attrs{"t": "0"}}, true
	case "disappearing_mode":
		return waBinary.Node{Tag: tag, Attrs: waBinary.Attrs{"duration": "0", "t": "0"}}, true
	case "picture", "business":
	default:
		s.offend(UnknownQuery, "usync protocol %s", tag)
	}
	return waBinary.Node{}, false
}

// deviceList names all devices of an account, the asking one included, and the phone's signed
// list of the links.
func (s *Server) deviceList(acct *account, owner *Phone) waBinary.Node {
	identity := owner.hand.identityKey()
	s.mu.Lock()
	defer s.mu.Unlock()
	var devices []waBinary.Node
	indexes := acct.indexes()
	for _, d := range acct.order() {
		attrs := waBinary.Attrs{"id": number(d.id)}
		if d.keyIndex > 0 {
			attrs["key-index"] = d.keyIndex
		}
		devices = append(devices, waBinary.Node{Tag: "device", Attrs: attrs})
	}
	hash := participantHash(deviceJIDs(types.HiddenUserServer, acct))
	children := []waBinary.Node{{Tag: "device-list", Attrs: waBinary.Attrs{"hash": hash}, Content: devices}}
	if len(indexes) > 0 {
		children = append(children, acct.indexList(identity, indexes))
	}
	return waBinary.Node{Tag: "devices", Content: children}
}

// indexes lists the key indexes of the links.
func (a *account) indexes() []uint32 {
	var list []uint32
	for _, d := range a.order() {
		if d.keyIndex > 0 {
			list = append(list, d.keyIndex)
		}
	}
	return list
}

// indexList is the phone's signed list of the links that are valid.
func (a *account) indexList(identity *keys.KeyPair, indexes []uint32) waBinary.Node {
	now := time.Now()
	details, err := proto.Marshal(&waAdv.ADVKeyIndexList{
		RawID: proto.Uint32(1), Timestamp: proto.Uint64(uint64(now.Unix())), CurrentIndex: proto.Uint32(a.links), ValidIndexes: indexes,
	})
	if err != nil {
		panic(fmt.Errorf("whatsapptest: %w", err)) // a message of four numbers always marshals
	}
	list, err := proto.Marshal(&waAdv.ADVSignedKeyIndexList{
		Details: details, AccountSignature: sign(identity, []byte(keyIndexPrefix), details), AccountSignatureKey: identity.Pub[:],
	})
	if err != nil {
		panic(fmt.Errorf("whatsapptest: %w", err))
	}
	return waBinary.Node{Tag: "key-index-list", Attrs: waBinary.Attrs{"ts": now.Unix()}, Content: list}
}

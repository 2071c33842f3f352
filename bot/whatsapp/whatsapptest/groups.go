package whatsapptest

import (
	"context"
	"fmt"

	"go.mau.fi/libsignal/groups"
	"go.mau.fi/libsignal/groups/state/record"
	"go.mau.fi/libsignal/protocol"
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// Place is where a message arrives that is not for the recipient alone.
type Place string

// The places of [Phone.WriteIn].
const (
	Group         Place = "group"          // a group that both are in
	Status        Place = "status"         // the sender's status
	BroadcastList Place = "broadcast list" // a list of the sender's: phones show it in the private chat
	Channel       Place = "channel"        // a channel that the recipient follows
)

// jid is the one address of a place: there is one of each kind, and everybody is in it.
func (w Place) jid() types.JID {
	switch w {
	case Group:
		return types.NewJID("120363000000000001", types.GroupServer)
	case Status:
		return types.StatusBroadcastJID
	case BroadcastList:
		return types.NewJID("1700000000", types.BroadcastServer)
	case Channel:
		return types.NewJID("120363000000000002", types.NewsletterServer)
	}
	panic("whatsapptest: an unknown place")
}

// WriteIn writes to a place, of which the linked devices of one account get to know: in a group and a status under a
// sender key that travels along, to a broadcast list as to a person, in a channel without any encryption. The account's
// own phone keeps it in its history and does not list it among its messages. It returns the message's ID.
func (p *Phone) WriteIn(where Place, to string, content *waE2E.Message) (id string) {
	where.jid() // complains before anything is written
	return p.leave(text{content: content, place: where}, to)
}

// sendIn posts a message in a place to a real client; count is that of a retry, and keys are those that came with it.
func (p *Phone) sendIn(l *linked, t text, count int, keys *bundle) {
	if t.place == Channel {
		p.publish(l, t)
		return
	}
	first, second := t.message(), (*waBinary.Node)(nil)
	if t.place != BroadcastList && count == 0 {
		first, second = p.underSenderKey(t)
	}
	p.encrypt(l, first, keys, func() { p.sendIn(l, t, count, keys) }, func(enc waBinary.Node) waBinary.Node {
		attrs := messageAttrs(p.acct, p.id, p.space(), t.id, t.at)
		attrs["participant"], attrs["from"] = attrs["from"], t.place.jid()
		dress(attrs, enc.Attrs, t.content, count)
		p.addressLocked(attrs, l, t.to)
		for _, other := range []string{"pn", "lid"} {
			if jid, there := attrs["sender_"+other]; there {
				attrs["participant_"+other] = jid
				delete(attrs, "sender_"+other)
			}
		}
		node := waBinary.Node{Tag: "message", Attrs: attrs, Content: []waBinary.Node{enc}}
		if second != nil {
			delete(enc.Attrs, "mediatype")
			node.Content = []waBinary.Node{enc, *second}
		}
		return node
	})
}

// publish posts a message of a channel.
func (p *Phone) publish(l *linked, t text) {
	content, err := proto.Marshal(t.content)
	if err != nil {
		panic(fmt.Errorf("whatsapptest: %w", err))
	}
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	attrs := waBinary.Attrs{"from": t.place.jid(), "id": t.id, "t": t.at.Unix(), "type": stanzaType(t.content), "server_id": p.counter + 100}
	p.s.postLocked(l, waBinary.Node{Tag: "message", Attrs: attrs, Content: []waBinary.Node{{Tag: "plaintext", Content: content}}})
}

// underSenderKey encrypts a message once for all who are in a place. The key is new each time, as after somebody has left
// a group, and travels in front of it.
func (p *Phone) underSenderKey(t text) (key *waE2E.Message, payload *waBinary.Node) {
	place := t.place.jid().String()
	name := protocol.NewSenderKeyName(place, protocol.NewSignalAddress(p.hand.name, 0))
	keep := &oneSenderKey{}
	builder := groups.NewGroupSessionBuilder(keep, store.SignalProtobufSerializer)
	created, err := builder.Create(p.s.ctx, name)
	if err != nil {
		panic(fmt.Errorf("whatsapptest: a sender key: %w", err)) // nothing but memory is involved
	}
	plain, err := proto.Marshal(t.message())
	if err != nil {
		panic(fmt.Errorf("whatsapptest: %w", err))
	}
	sealed, err := groups.NewGroupCipher(builder, name, keep).Encrypt(p.s.ctx, pad(plain))
	if err != nil {
		panic(fmt.Errorf("whatsapptest: a sender key: %w", err))
	}
	attrs := waBinary.Attrs{"v": "2", "type": "skmsg"}
	dress(waBinary.Attrs{}, attrs, t.content, 0)
	return &waE2E.Message{SenderKeyDistributionMessage: &waE2E.SenderKeyDistributionMessage{
		GroupID: &place, AxolotlSenderKeyDistributionMessage: created.Serialize(),
	}}, &waBinary.Node{Tag: "enc", Attrs: attrs, Content: sealed.SignedSerialize()}
}

// oneSenderKey is a store for one sender key.
type oneSenderKey struct{ key *record.SenderKey }

// StoreSenderKey keeps the key.
func (o *oneSenderKey) StoreSenderKey(_ context.Context, _ *protocol.SenderKeyName, key *record.SenderKey) error {
	o.key = key
	return nil
}

// LoadSenderKey returns the key, or nil.
func (o *oneSenderKey) LoadSenderKey(context.Context, *protocol.SenderKeyName) (*record.SenderKey, error) {
	return o.key, nil
}

// isPlace reports whether an address is a place where several people read.
func isPlace(jid types.JID) bool {
	return jid.Server == types.GroupServer || jid.Server == types.BroadcastServer || jid.Server == types.NewsletterServer
}

package whatsapptest

import (
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// welcome is what a main phone sends to a newly linked client after its first login: the app
// state key, and its history. They also open the session between the two.
func (p *Phone) welcome(l *linked) {
	p.shareKey(l)
	p.sendHistory(l)
}

// ShareKey sends the app state key to every linked device once more, as a phone does now and then.
func (p *Phone) ShareKey() {
	p.s.mu.Lock()
	linked := p.acct.linkedDevices()
	p.s.mu.Unlock()
	for _, l := range linked {
		p.shareKey(l)
	}
}

func (p *Phone) shareKey(l *linked) {
	keyData := &waE2E.AppStateSyncKeyData{
		KeyData:     p.acct.syncKey().Priv[:],
		Fingerprint: &waE2E.AppStateSyncKeyFingerprint{RawID: proto.Uint32(1), CurrentIndex: proto.Uint32(0)},
		Timestamp:   proto.Int64(time.Now().UnixMilli()),
	}
	p.sendPeer(l, &waE2E.ProtocolMessage{
		Type: waE2E.ProtocolMessage_APP_STATE_SYNC_KEY_SHARE.Enum(),
		AppStateSyncKeyShare: &waE2E.AppStateSyncKeyShare{Keys: []*waE2E.AppStateSyncKey{{
			KeyID: &waE2E.AppStateSyncKeyId{KeyID: []byte(syncKeyID)}, KeyData: keyData,
		}}},
	})
}

// sendPeer sends a message between the phone and its linked client, which is about no chat.
func (p *Phone) sendPeer(l *linked, content *waE2E.ProtocolMessage) {
	p.s.mu.Lock()
	id := p.s.newIDLocked()
	send := func(l *linked, count int, keys *bundle) { p.encryptPeer(l, id, content, count, keys) }
	p.keepLocked(id, send)
	p.s.mu.Unlock()
	send(l, 0, nil)
}

func (p *Phone) encryptPeer(l *linked, id string, content *waE2E.ProtocolMessage, count int, keys *bundle) {
	again := func() { p.encryptPeer(l, id, content, count, keys) }
	p.encrypt(l, &waE2E.Message{ProtocolMessage: content}, keys, again, func(enc waBinary.Node) waBinary.Node {
		attrs := messageAttrs(p.acct, p.id, types.DefaultUserServer, id, time.Now())
		attrs["category"], attrs["type"] = "peer", "peer_msg"
		if count > 0 {
			enc.Attrs["count"] = count
		}
		return waBinary.Node{Tag: "message", Attrs: attrs, Content: []waBinary.Node{enc}}
	})
}

package whatsapptest

import (
	"testing"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// TestOfflineQueueStanzas looks at what a client gets after <active/>: the preview, what
// waited, marked, and the end.
func TestOfflineQueueStanzas(t *testing.T) {
	t.Parallel()
	s := NewServer()
	defer s.Close()
	acct := s.NewPhone("+393343679575").acct
	l := &linked{acct: acct, id: 1, greeted: true}
	citizen := types.NewJID("123456789012345", types.HiddenUserServer)
	stanza := func(tag, id, kind string) waBinary.Node {
		return waBinary.Node{Tag: tag, Attrs: waBinary.Attrs{"from": citizen, "id": id, "type": kind}}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.postLocked(l, stanza("message", "A", "text"))
	s.postLocked(l, stanza("receipt", "B", ""))
	s.postLocked(l, stanza("receipt", "B", "read"))
	s.postLocked(l, stanza("call", "C", ""))
	c := &conn{s: s, device: l, filled: make(chan struct{}, 1)}
	l.conn = c
	s.activateLocked(c)
	s.activateLocked(c) // a second <active/> changes nothing

	var tags []string
	for _, out := range c.queue {
		tags = append(tags, out.node.Tag)
		if marked := out.node.Attrs["offline"] == "1"; marked != (out.node.Tag != "ib") {
			t.Errorf("%s: marked as offline: %v", out.node.Tag, marked)
		}
	}
	if len(tags) != 6 || tags[0] != "ib" || tags[1] != "message" || tags[5] != "ib" {
		t.Fatalf("got %v, want the four stanzas between two ib", tags)
	}
	preview := c.queue[0].node.GetChildByTag("offline_preview")
	if preview.Attrs["count"] != 4 || preview.Attrs["message"] != 1 || preview.Attrs["receipt"] != 2 || preview.Attrs["call"] != 1 {
		t.Errorf("got preview %v, want 4: 1 message, 2 receipts and 1 call", preview.Attrs)
	}
	if l.pending[0].node.Attrs["offline"] != nil {
		t.Error("the stanza that is kept was marked too")
	}
}

// TestAckMatches acknowledges one of two receipts that share a message's ID.
func TestAckMatches(t *testing.T) {
	t.Parallel()
	s := NewServer()
	defer s.Close()
	l := &linked{acct: s.NewPhone("+393343679575").acct, id: 1}
	citizen := types.NewJID("123456789012345", types.HiddenUserServer)
	c := &conn{s: s, device: l, filled: make(chan struct{}, 1)}
	s.mu.Lock()
	for _, kind := range []string{"", "read"} {
		s.postLocked(l, waBinary.Node{Tag: "receipt", Attrs: waBinary.Attrs{"from": citizen, "id": "B", "type": kind}})
	}
	s.mu.Unlock()
	ack := func(attrs waBinary.Attrs) int {
		c.handleAck(&waBinary.Node{Tag: "ack", Attrs: attrs})
		return len(l.pending)
	}
	other := types.JID{User: citizen.User, Server: citizen.Server, Device: 2}
	for name, attrs := range map[string]waBinary.Attrs{
		"class":  {"class": "message", "id": "B", "to": citizen, "type": "read"},
		"id":     {"class": "receipt", "id": "A", "to": citizen, "type": "read"},
		"person": {"class": "receipt", "id": "B", "to": types.NewJID("1", types.HiddenUserServer), "type": "read"},
		"device": {"class": "receipt", "id": "B", "to": other, "type": "read"},
		"type":   {"class": "receipt", "id": "B", "to": citizen, "type": "played"},
	} {
		if left := ack(attrs); left != 2 {
			t.Fatalf("an ack of another %s removed a receipt", name)
		}
	}
	if left := ack(waBinary.Attrs{"class": "receipt", "id": "B", "to": citizen, "type": "read"}); left != 1 || l.pending[0].kind != "" {
		t.Errorf("got %d left, want the delivery receipt", left)
	}
}

// TestPeerReceipts keeps a message between own devices until the one receipt that takes it.
func TestPeerReceipts(t *testing.T) {
	t.Parallel()
	s := NewServer()
	defer s.Close()
	acct := s.NewPhone("+393343679575").acct
	l := &linked{acct: acct, id: 1, asked: map[retryKey]int{}}
	acct.devices[1] = &device{acct: acct, id: 1, linked: l}
	c := &conn{s: s, device: l, filled: make(chan struct{}, 1)}
	own := acct.jid(types.DefaultUserServer, 0)
	s.mu.Lock()
	s.postLocked(l, waBinary.Node{Tag: "message", Attrs: waBinary.Attrs{"from": own, "id": "A", "type": "peer_msg", "category": "peer"}})
	s.mu.Unlock()
	for _, kind := range []string{"hist_sync", "", "inactive", "sender"} {
		c.handleReceipt(&waBinary.Node{Tag: "receipt", Attrs: waBinary.Attrs{"id": "A", "to": own, "type": kind}})
		if len(l.pending) != 1 {
			t.Fatalf("a receipt of type %q took a peer message", kind)
		}
	}
	c.handleReceipt(&waBinary.Node{Tag: "receipt", Attrs: waBinary.Attrs{"id": "A", "to": own, "type": "peer_msg"}})
	if len(l.pending) != 0 {
		t.Error("the peer message is kept after its receipt")
	}
}

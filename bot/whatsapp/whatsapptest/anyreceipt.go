package whatsapptest

import (
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// AnyReceipt is a receipt as somebody's own program might send it, true or not.
type AnyReceipt struct {
	Kind     string   // "" is delivered; a retry is one by Retry
	IDs      []string // the first one, and a list of the others; of a retry: the receipt's own, and last the message's
	ByNumber bool     // else it comes from the LID
	Retry    int      // which time it asks; 0: it does not
	Keys     bool     // it shows the device's keys

	Place       string // a group, a list or "status@broadcast" in which it is said; empty: in no place
	Participant string // what else the receipt claims, though it names no place
	Recipient   string
}

// SendReceipt sends a receipt from this device to the account with that number. The server cannot know which messages there
// are: it passes the receipt on to the account's linked devices, and itself stamps who sent it.
func (p *Phone) SendReceipt(number string, r AnyReceipt) {
	p.hand.mu.Lock()
	keys := p.hand.bundleLocked(p.adv)
	p.hand.mu.Unlock()
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	author := p.s.accounts[digits(number)]
	if author == nil || len(r.IDs) == 0 {
		return
	}
	node := waBinary.Node{Tag: "receipt", Attrs: r.stampedLocked(p), Content: r.content(keys)}
	for _, l := range author.linkedDevices() {
		if r.Retry > 0 {
			p.s.postRetryLocked(l, node, retryKey{r.IDs[len(r.IDs)-1], p.acct.number, p.id})
			continue
		}
		p.s.postLocked(l, node)
	}
}

func (r AnyReceipt) stampedLocked(p *Phone) waBinary.Attrs {
	space, kind := types.HiddenUserServer, r.Kind
	if r.ByNumber {
		space = types.DefaultUserServer
	}
	attrs := waBinary.Attrs{"from": p.acct.jid(space, p.id), "id": r.IDs[0], "t": time.Now().Unix()}
	for claim, value := range map[string]string{"participant": r.Participant, "recipient": r.Recipient} {
		if jid, err := types.ParseJID(value); err == nil && value != "" {
			attrs[claim] = jid
		}
	}
	if place, err := types.ParseJID(r.Place); err == nil && r.Place != "" {
		attrs["participant"], attrs["from"] = attrs["from"], place
	}
	if r.Retry > 0 {
		kind = "retry"
	}
	if kind != "" {
		attrs["type"] = kind
	}
	return attrs
}

func (r AnyReceipt) content(keys *bundle) any {
	if r.Retry > 0 {
		retry := waBinary.Attrs{"count": r.Retry, "id": r.IDs[len(r.IDs)-1], "t": time.Now().Unix(), "v": 1}
		nodes := []waBinary.Node{{Tag: "retry", Attrs: retry}}
		if r.Keys {
			nodes = append(nodes, keys.registrationNode(), waBinary.Node{Tag: "keys", Content: keys.nodes()})
		}
		return nodes
	}
	var items []waBinary.Node
	for _, id := range r.IDs[1:] {
		items = append(items, waBinary.Node{Tag: "item", Attrs: waBinary.Attrs{"id": id}})
	}
	if items == nil {
		return nil
	}
	return []waBinary.Node{{Tag: "list", Content: items}}
}

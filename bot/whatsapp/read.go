package whatsapp

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// MarkRead marks messages of one chat as read on the Comune's own phone, and on it alone: the citizen sees no blue ticks.
// One stanza leaves and nothing is waited for; nil says that it left, and an error that it may not have.
func (c *Client) MarkRead(ctx context.Context, chat Address, ids ...string) error {
	to := chat.lidJID()
	if to.IsEmpty() {
		to = chat.numberJID()
	}
	switch {
	case to.IsEmpty():
		return errNoAccount
	case len(ids) == 0:
		return nil
	}
	l := c.current()
	if l == nil || c.State().State != StateConnected || !c.enter() {
		return errNotLinked
	}
	defer c.hands.Done()
	//lint:ignore SA1019 the library's MarkRead asks for the account's privacy settings and obeys them
	return clean(l.lib.DangerousInternals().SendNode(ctx, readSelf(to, ids, time.Now())))
}

// readSelf is the receipt that the library sends for an account whose settings show no blue ticks: it stays among our own
// devices.
func readSelf(chat types.JID, ids []string, now time.Time) binary.Node {
	node := binary.Node{Tag: "receipt", Attrs: binary.Attrs{
		"id": ids[0], "type": string(types.ReceiptTypeReadSelf), "to": chat, "t": now.Unix(),
	}}
	if len(ids) == 1 {
		return node
	}
	items := make([]binary.Node, len(ids)-1)
	for i, id := range ids[1:] {
		items[i] = binary.Node{Tag: "item", Attrs: binary.Attrs{"id": id}}
	}
	node.Content = []binary.Node{{Tag: "list", Content: items}}
	return node
}

// Link names the present link: another name with every pairing, empty while unpaired. Nobody can be told from it.
func (c *Client) Link() string {
	if l := c.current(); l != nil {
		return l.name
	}
	return ""
}

// linkName is a hash of the public key that the link's device was paired with.
func linkName(identity [32]byte) string {
	sum := sha256.Sum256(identity[:])
	return hex.EncodeToString(sum[:8])
}

package whatsapp

import (
	"context"
	"database/sql/driver"
	"fmt"
	"io"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
)

// recentMessages is how many messages the library remembers, the last ones it has sent, with their words.
const recentMessages = 256

// Shed has the library forget the messages it has sent, whose words it keeps for phones that could not read them: Resend knows
// them too. And it closes the connection to session.db, whose caches hold rows, waits meanwhile, and lets another be made. ctx
// bounds the wait for who is at work.
func (c *Client) Shed(ctx context.Context, meanwhile func()) error {
	if !c.enter() {
		return ErrClosed
	}
	defer c.hands.Done()
	if l := c.current(); l != nil {
		//lint:ignore SA1019 nothing else in the library replaces what it remembers
		internals := l.lib.DangerousInternals()
		for i := range recentMessages { // it remembers so many, and no more
			_ = internals.AddRecentMessage(ctx, types.EmptyJID, fmt.Sprintf("cleared-%d", i), &waE2E.Message{}, nil)
		}
	}
	conn, err := c.db.Conn(ctx) // there is one
	if err != nil {
		return faultOf(c.path, err)
	}
	defer conn.Close()
	_ = conn.Raw(func(connection any) error {
		if closer, ok := connection.(io.Closer); ok {
			err = closer.Close()
		}
		meanwhile()
		return driver.ErrBadConn
	})
	return faultOf(c.path, err)
}

// forgetDevices has the library forget which devices these identities have, as if WhatsApp had said that their lists are old.
func forgetDevices(ctx context.Context, lib *whatsmeow.Client, identities []types.JID) {
	for _, jid := range identities {
		//lint:ignore SA1019 nothing else in the library drops a list
		lib.DangerousInternals().HandleDeviceNotification(ctx, &binary.Node{
			Tag: "notification", Attrs: binary.Attrs{"from": jid}, Content: []binary.Node{{Tag: "update", Attrs: binary.Attrs{"device_hash": "2:"}}},
		})
	}
}

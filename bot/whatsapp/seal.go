package whatsapp

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mau.fi/whatsmeow"
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// sealed is a message that is ready for the wire.
type sealed struct {
	node    *waBinary.Node
	devices []types.JID // that it is for, our own too
	token   bool        // that person is to get a new privacy token from us
}

// reaches tells whether the library could encrypt it for at least one device of that person; it only logs that it could not.
func (s *sealed) reaches(person types.JID) bool {
	participants := s.node.GetChildByTag("participants")
	for _, device := range participants.GetChildren() {
		if jid, ok := device.Attrs["jid"].(types.JID); ok && jid.User == person.User {
			return true
		}
	}
	return false
}

// seal makes the stanza that SendMessage would make, without sending it: the library prepares it, and what SendMessage
// itself adds is added here. TestG2_WaveIsLikeSend holds the two against each other. It must be called within together, for
// somebody with whose devices we have sessions: then the library asks nobody.
func (a *attempt) seal(ctx context.Context, to, number types.JID) (*sealed, error) {
	//lint:ignore SA1019 SendMessage waits for each acknowledgement, and nothing else in the library makes a stanza
	inside := a.link.lib.DangerousInternals()
	if a.message.MessageContextInfo == nil {
		a.message.MessageContextInfo = new(waE2E.MessageContextInfo)
	}
	a.message.MessageContextInfo.MessageSecret = make([]byte, 32)
	rand.Read(a.message.MessageContextInfo.MessageSecret) // never fails
	plain, copied, err := plaintexts(to, a.message)
	if err != nil {
		return nil, err
	}
	if err := inside.AddRecentMessage(ctx, to, a.id, a.message, nil); err != nil {
		return nil, err
	}
	own := a.link.lib.Store.GetLID()
	timings := new(whatsmeow.MessageDebugTimings)
	node, devices, err := preparing(inside.PrepareMessageNode)(ctx, to, a.id, a.message, []types.JID{to, own.ToNonAD()}, plain, copied, timings)
	if err != nil {
		return nil, err
	}
	if !number.IsEmpty() {
		node.Attrs["peer_recipient_pn"] = number
	}
	content := append(node.GetChildren(), inside.GetMessageReportingToken(plain, a.message, own, to, a.id))
	token, err := inside.EnsureTCToken(ctx, to)
	if err != nil {
		return nil, err
	}
	if len(token) > 0 {
		content = append(content, waBinary.Node{Tag: "tctoken", Content: token})
	} else if token := inside.GenerateCsToken(ctx, to); len(token) > 0 {
		content = append(content, waBinary.Node{Tag: "cstoken", Content: token})
	}
	node.Content = content
	return &sealed{node: node, devices: devices, token: tokenIsOld(inside.GetTCTokenSenderTS(to), time.Now())}, nil
}

// preparing leaves out the last parameter, whose type the library does not export: nothing of it concerns us.
func preparing[P any](prepare func(context.Context, types.JID, types.MessageID, *waE2E.Message, []types.JID, []byte, []byte,
	*whatsmeow.MessageDebugTimings, P) (*waBinary.Node, []types.JID, error),
) func(context.Context, types.JID, types.MessageID, *waE2E.Message, []types.JID, []byte, []byte, *whatsmeow.MessageDebugTimings) (*waBinary.Node, []types.JID, error) {
	return func(ctx context.Context, to types.JID, id types.MessageID, m *waE2E.Message, who []types.JID, plain, copied []byte, t *whatsmeow.MessageDebugTimings) (*waBinary.Node, []types.JID, error) {
		var none P
		return prepare(ctx, to, id, m, who, plain, copied, t, none)
	}
}

// plaintexts are a message as its recipient gets it, and as our own phone gets its copy.
func plaintexts(to types.JID, message *waE2E.Message) (plain, copied []byte, err error) {
	if plain, err = proto.Marshal(message); err != nil {
		return nil, nil, err
	}
	copied, err = proto.Marshal(&waE2E.Message{
		DeviceSentMessage:  &waE2E.DeviceSentMessage{DestinationJID: proto.String(to.String()), Message: message},
		MessageContextInfo: message.MessageContextInfo,
	})
	return plain, copied, err
}

// phashOf is what client and server compare, to see that they mean the same devices: over their names in order.
func phashOf(devices []types.JID) string {
	names := make([]string, len(devices))
	for i, device := range devices {
		names[i] = device.ADString()
	}
	slices.Sort(names)
	hash := sha256.Sum256([]byte(strings.Join(names, "")))
	return fmt.Sprintf("2:%s", base64.RawStdEncoding.EncodeToString(hash[:6]))
}

// tokenIsOld tells whether the last privacy token that somebody got from us is of another week, as the library and the
// official clients count: weeks since 1970, none being old.
func tokenIsOld(given, now time.Time) bool {
	const week = 7 * 24 * 60 * 60
	return given.IsZero() || now.Unix()/week > given.Unix()/week
}

package whatsapp

import (
	"context"
	"fmt"
	"slices"

	"go.mau.fi/whatsmeow/types"
)

// Sender is whoever a stanza comes from, with all the identities that we know of them: their phones may speak under the
// number or the LID, whichever the message went to, and late ones under a LID that has been replaced.
type Sender struct{ Numbers, LIDs []string }

// Is tells whether a message to that address is this person's. A number proves nothing once both LIDs are known: numbers
// are given to new owners.
func (s Sender) Is(a Address) bool {
	if a.LID != "" && len(s.LIDs) > 0 {
		return slices.Contains(s.LIDs, a.LID)
	}
	return a.Number != "" && slices.Contains(s.Numbers, a.Number)
}

// senderOf finds the identities of a person under which the server has stamped a stanza, of whatever device. What the
// stanza itself claims of further ones is not asked.
func (c *Client) senderOf(ctx context.Context, jid types.JID) (s Sender, err error) {
	jid = deviceOwner(jid)
	if _, _, err := c.staleLID(ctx, jid); err != nil {
		return s, err
	}
	if err := c.people.known(ctx, jid); err != nil {
		return s, fmt.Errorf("look up a sender: %w", err)
	}
	for _, each := range append(c.identities(ctx, []Address{addressOf(jid)}), jid) {
		switch a := addressOf(each); {
		case a.LID != "" && !slices.Contains(s.LIDs, a.LID):
			s.LIDs = append(s.LIDs, a.LID)
		case a.Number != "" && !slices.Contains(s.Numbers, a.Number):
			s.Numbers = append(s.Numbers, a.Number)
		}
	}
	return s, nil
}

// known looks a person up, only to tell whether the library's map can be read.
func (p *people) known(ctx context.Context, jid types.JID) (err error) {
	if jid.Server == types.HiddenUserServer {
		_, err = p.GetPNForLID(ctx, jid)
	} else {
		_, err = p.GetLIDForPN(ctx, jid)
	}
	return err
}

// deviceOwner is the person behind a device, also one that a company hosts.
func deviceOwner(jid types.JID) types.JID {
	switch jid.Server {
	case types.HostedServer:
		return types.NewJID(jid.User, types.DefaultUserServer)
	case types.HostedLIDServer:
		return types.NewJID(jid.User, types.HiddenUserServer)
	}
	return jid.ToNonAD()
}

// isPerson tells whether somebody speaks for themselves in their own chat with us: not in a group, a list, a status or a
// channel, and no machine of WhatsApp's.
func isPerson(source types.MessageSource) bool {
	from, chat := deviceOwner(source.Sender), deviceOwner(source.Chat)
	return isUser(from) && isUser(chat) && !source.IsGroup && (source.IsFromMe || chat == from)
}

func isUser(jid types.JID) bool {
	server := jid.Server == types.DefaultUserServer || jid.Server == types.HiddenUserServer
	return server && isDigits(jid.User) && !jid.IsBot()
}

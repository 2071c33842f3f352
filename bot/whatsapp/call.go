package whatsapp

import (
	"hash/maphash"
	"slices"
	"time"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

// rememberedCalls is how many calls are known when they are offered again.
const rememberedCalls = 64

// called rejects a private call, so that it rings no longer on the Comune's phone either, and tells of it once. Calls to
// groups are left to that phone. WhatsApp takes our acknowledgement whatever we answer.
func (c *Client) called(l *link, call types.BasicCallMeta) bool {
	// Who calls is what the server says; "creator" and the number beside it stand in the part that the caller's phone wrote.
	from := call.From.ToNonAD()
	private := (from.Server == types.DefaultUserServer || from.Server == types.HiddenUserServer) && isDigits(from.User)
	if !private || !call.GroupJID.IsEmpty() || c.isOwn(l, from) || call.CallID == "" || len(call.CallID) > longestID {
		return true
	}
	if c.options.OnText == nil {
		return false // a command that only pairs answers nobody
	}
	if err := l.lib.RejectCall(c.stopping, from, call.CallID); err != nil {
		c.log.Warn("a call could not be rejected", "error", clean(err))
	}
	if !c.isNewCall(from, call.CallID) {
		return true
	}
	if from.Server == types.DefaultUserServer {
		c.people.doubts.raise(from, true, time.Now())
	}
	return c.deliver(l, Text{ID: call.CallID, From: c.people.address(c.life, from), Kind: KindCall, At: call.Timestamp}, false)
}

// noticed treats a notice of a call, without the call itself, like a call. Those of several people are for their phones.
func (c *Client) noticed(l *link, notice *events.CallOfferNotice) bool {
	if notice.Type == "group" {
		return true
	}
	return c.called(l, notice.BasicCallMeta)
}

// isNewCall tells whether somebody's call has not been told of. Its ID was chosen by the caller's phone, and says nothing
// of anybody else's; what is remembered of both tells nobody.
func (c *Client) isNewCall(from types.JID, id string) bool {
	type call struct {
		from types.JID
		id   string
	}
	key := maphash.Comparable(c.callSeed, call{from, id})
	c.mu.Lock()
	defer c.mu.Unlock()
	if slices.Contains(c.calls, key) {
		return false
	}
	if len(c.calls) >= rememberedCalls {
		c.calls = slices.Delete(c.calls, 0, 1)
	}
	c.calls = append(c.calls, key)
	return true
}

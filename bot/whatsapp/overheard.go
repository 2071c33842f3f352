package whatsapp

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
	waLog "go.mau.fi/whatsmeow/util/log"
)

// The library drops some of what WhatsApp says. But handleFrame, in its client.go, gives every stanza to the logger of
// what comes in, as the one argument of a Debugf, before anybody handles it. So that logger is an ear: it looks at the
// stanza, without formatting or writing it. TestOverheard… fail when a newer library gives it no stanza any more, and the
// log says so after each login.
const incomingModule = "Recv"

// ear is a logger of the library whose part for what comes in tells of each stanza.
type ear struct {
	waLog.Logger
	heard func(*binary.Node)
}

// Sub implements the library's logger.
func (e ear) Sub(module string) waLog.Logger {
	sub := e.Logger.Sub(module)
	if module != incomingModule {
		return sub
	}
	return incoming{sub, e.heard}
}

// incoming is the logger of what comes in.
type incoming struct {
	waLog.Logger
	heard func(*binary.Node)
}

// Debugf implements the library's logger.
func (in incoming) Debugf(format string, args ...any) {
	if len(args) == 1 {
		if node, ok := args[0].(*binary.Node); ok && node != nil {
			in.heard(node)
		}
	}
	in.Logger.Debugf(format, args...)
}

// overhear looks at a stanza that has just come in. It runs on the goroutine that reads the line, so it must be quick and
// must not panic; the stanza is the library's.
func (c *Client) overhear(node *binary.Node) {
	c.hears.Store(true)
	_ = c.guarded(func() error {
		c.overhearLine(node)
		switch node.Tag {
		case "message":
			c.overhearNumber(node, true)
		case "ack":
			c.overhearAck(node)
		case "receipt":
			c.overhearReceipt(node)
		case "notification":
			c.overhearNotification(node)
		}
		return nil
	})
}

// checkHearing must be called some time after a login.
func (c *Client) checkHearing() {
	if !c.hears.Load() {
		c.log.Error("the library shows us no stanzas any more: stale addresses, limits and unknown notifications go unnoticed")
	}
}

// overhearAck finds the acknowledgement that says: the LID this message went to is not that person's any more.
func (c *Client) overhearAck(node *binary.Node) {
	attrs := node.AttrGetter()
	if attrs.OptionalString("class") != "message" || attrs.OptionalString("refresh_lid") != "true" {
		return
	}
	c.mu.Lock()
	hand := c.inHand[attrs.OptionalString("id")]
	c.mu.Unlock()
	if hand != nil {
		hand.moved.Store(true) // it waits for this acknowledgement, and sees to the rest
		return
	}
	c.noteMoved(attrs.OptionalJIDOrEmpty("from").ToNonAD())
}

// noteMoved notes a stale LID that no message in hand has told of.
func (c *Client) noteMoved(lid types.JID) {
	if lid.Server != types.HiddenUserServer || !isDigits(lid.User) || !c.enter() {
		return
	}
	go func() { // the database may be slow, and the line must be read
		defer c.hands.Done()
		if err := c.noteStale(c.life, lid, types.EmptyJID, false); err != nil {
			c.log.Warn("a stale address could not be noted", "error", clean(err))
		}
	}()
}

func (c *Client) overhearNotification(node *binary.Node) {
	kind := node.AttrGetter().OptionalString("type")
	if kind == "privacy_token" {
		c.overhearNumber(node, false)
	}
	if kind != "mex" {
		if !isKnown(kind) {
			c.countUnknown(kind)
		}
		return
	}
	for _, update := range node.GetChildrenByTag("update") {
		c.overhearUpdate(&update)
	}
}

// longestUpdate is more than any word of this kind that concerns us.
const longestUpdate = 16 << 10

// overhearUpdate reads a word that names its operation and holds JSON.
func (c *Client) overhearUpdate(update *binary.Node) {
	operation := update.AttrGetter().OptionalString("op_name")
	content, _ := update.Content.([]byte)
	if len(content) > longestUpdate {
		content = nil
	}
	switch {
	case operation == "MessageCappingInfoNotification":
		if word, ok := readCapping(content); ok {
			c.tellCapping(word)
			return
		}
		c.countUnknown("mex/" + operation + "/unread")
	case operation == "LidChangeNotification":
		if lid, ok := readLIDChange(content); ok {
			c.noteMoved(lid)
		}
	case operation == "NotificationUserReachoutTimelockUpdate", strings.HasPrefix(operation, "NotificationNewsletter"):
	default:
		c.countUnknown("mex/" + operation)
	}
}

// readLIDChange reads the word that somebody's LID has been replaced. Which one is theirs now we ask ourselves.
func readLIDChange(content []byte) (old types.JID, ok bool) {
	var word struct {
		Data struct {
			Change struct {
				Old string `json:"old"`
			} `json:"xwa2_notify_lid_change"`
		} `json:"data"`
	}
	if json.Unmarshal(content, &word) != nil {
		return types.EmptyJID, false
	}
	jid, err := types.ParseJID(word.Data.Change.Old)
	return jid.ToNonAD(), err == nil && jid.Server == types.HiddenUserServer
}

// readCapping reads the word about the chats that we begin. A state that nobody has heard of is not understood.
func readCapping(content []byte) (Capping, bool) {
	var word struct {
		Data struct {
			Info struct {
				State string  `json:"capping_status"`
				Used  loosely `json:"used_quota"`
				Quota loosely `json:"total_quota"`
				Ends  loosely `json:"cycle_end_timestamp"`
			} `json:"xwa2_notify_new_chat_messages_capping_info_update"`
		} `json:"data"`
	}
	if json.Unmarshal(content, &word) != nil {
		return Capping{}, false
	}
	info := word.Data.Info
	capping := Capping{State: CappingState(info.State), Used: info.Used.count(), Quota: info.Quota.count()}
	if info.Ends > 0 && info.Ends < farFuture {
		capping.Ends = time.Unix(int64(info.Ends), 0)
	}
	switch capping.State {
	case CappingNone, CappingFirst, CappingSecond, CappingFull:
		return capping, true
	}
	return Capping{}, false
}

// loosely is a number that may come as a text, or as null.
type loosely int64

// UnmarshalJSON implements json.Unmarshaler; what is no number counts as zero.
func (n *loosely) UnmarshalJSON(text []byte) error {
	value, _ := strconv.ParseInt(string(bytes.Trim(text, `"`)), 10, 64)
	*n = loosely(value)
	return nil
}

// count is a number of chats.
func (n loosely) count() int { return int(max(-1, min(n, 1_000_000))) }

// tellCapping passes a word on, from a goroutine of its own; one that a newer has overtaken is left out.
func (c *Client) tellCapping(word Capping) {
	c.log.Warn("whatsapp counts the chats that we begin", "state", word.State, "used", word.Used, "quota", word.Quota, "until", word.Ends)
	if c.options.OnCapping == nil || !c.enter() {
		return
	}
	turn := c.cappings.Add(1)
	go func() {
		defer c.hands.Done()
		c.reporting.Lock()
		defer c.reporting.Unlock()
		if turn == c.cappings.Load() {
			_ = c.guarded(func() error { c.options.OnCapping(word); return nil })
		}
	}()
}

package whatsapp

import (
	"context"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"time"
)

// unknownFact is where the counts are remembered.
const unknownFact = "unknown_notifications"

const (
	unknownPause = time.Minute // between two writings of the counts
	unknownKinds = 40          // kinds that are told apart; the rest is one
	unknownRest  = "other"
)

// readableKind is what a kind looks like that may be shown. It comes from outside.
var readableKind = regexp.MustCompile(`^[A-Za-z0-9_:./-]{1,60}$`)

// isKnown tells whether the library knows this type of notification, or says itself that it knows what it leaves out:
// the cases of handleNotification in its notification.go, and the comment before its default. Read them again with every
// new version.
func isKnown(kind string) bool {
	return slices.Contains([]string{
		"encrypt", "server_sync", "account_sync", "devices", "fbid:devices", "w:gp2", "picture", "mediaretry", "privacy_token",
		"link_code_companion_reg", "newsletter", "mex", "status", "passkey_prologue_request", "crsc_continuation", "companion_reg_refresh",
		"business", "disappearing_mode", "server", "pay", "psa",
	}, kind)
}

// unknowns counts the notifications that nobody here understands, by kind and without content. A count that rises is how
// the next change of WhatsApp's is noticed.
type unknowns struct {
	counts map[string]int
	wrote  time.Time
	timer  *time.Timer // the counts are to be written; nil: they have been
}

// Unknown reads from the session.db in dir how many notifications came that the library does not know, by their type, also
// while a daemon runs there. Like [PairedNumber] it creates nothing.
func Unknown(ctx context.Context, dir string) (map[string]int, error) {
	counts := map[string]int{}
	_, err := fact(ctx, dir, unknownFact, &counts)
	return counts, err
}

// loadUnknown takes up the counts of the process before, if they can be read.
func (c *Client) loadUnknown(ctx context.Context) {
	c.unknown.counts = map[string]int{}
	var text []byte
	err := c.db.QueryRowContext(ctx, `SELECT value FROM banditore_facts WHERE name = ?`, unknownFact).Scan(&text)
	if err == nil && (json.Unmarshal(text, &c.unknown.counts) != nil || c.unknown.counts == nil) {
		c.unknown.counts = map[string]int{}
	}
}

func (c *Client) countUnknown(kind string) {
	if !readableKind.MatchString(kind) || digitRun.MatchString(kind) {
		kind = unknownRest
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	counts := c.unknown.counts
	if _, counted := counts[kind]; !counted && len(counts) >= unknownKinds {
		kind = unknownRest
	}
	if counts[kind]++; counts[kind] == 1 {
		c.log.Warn("a notification of an unknown type came", "type", kind)
	}
	if c.unknown.timer == nil && !c.closed {
		c.unknown.timer = time.AfterFunc(max(0, unknownPause-time.Since(c.unknown.wrote)), c.writeUnknown)
	}
}

// writeUnknown is the timer's.
func (c *Client) writeUnknown() {
	if !c.enter() {
		return
	}
	defer c.hands.Done()
	c.saveUnknown()
}

func (c *Client) saveUnknown() {
	c.mu.Lock()
	counts := maps.Clone(c.unknown.counts)
	c.unknown.timer, c.unknown.wrote = nil, time.Now()
	c.mu.Unlock()
	if err := c.remember(context.WithoutCancel(c.life), unknownFact, counts); err != nil {
		c.log.Warn("unknown notifications could not be counted", "error", clean(err))
	}
}

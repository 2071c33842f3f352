package whatsapp

import (
	"context"
	"encoding/json"
	"time"

	"go.mau.fi/whatsmeow/binary"
)

// Line is what is known of the connection's health.
type Line struct {
	// Breaks: three sessions in a row ended alike, so the fourth will too. Zero once a session has lived for ten minutes.
	Breaks bool
	Lived  time.Duration // the last session
	Pause  time.Duration // between the login of that session and the next
	Stanza string        // after which each of them ended, by tag and type; empty when it was not the same
}

// loginsFact is the name under which session.db keeps what the next process must know of the logins of this one.
const loginsFact = "logins"

// keptLogins is what is kept.
type keptLogins struct {
	Times []int64 // in milliseconds
	Brief int     // as in rows
}

// kept is what the next process must know.
func (g *logins) kept() keptLogins {
	g.mu.Lock()
	defer g.mu.Unlock()
	kept := keptLogins{Brief: g.rows.brief}
	for i := range len(g.earlier) + len(g.times) {
		kept.Times = append(kept.Times, g.at(i).UnixMilli())
	}
	return kept
}

// takeUp goes on where the process before ended. A low floor is forgotten: a start is no broken line.
func (g *logins) takeUp(kept keptLogins, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, t := range kept.Times {
		if at := time.UnixMilli(t); !at.After(now) && now.Sub(at) < loginsMemory {
			g.earlier = append(g.earlier, at)
		}
	}
	g.earlier = g.earlier[max(0, len(g.earlier)-loginsOfAll):]
	if len(g.earlier) > 0 && doubled(kept.Brief) >= floorKept {
		g.rows.brief = kept.Brief
	}
}

func (c *Client) loadLogins(ctx context.Context) {
	var text []byte
	var kept keptLogins
	err := c.db.QueryRowContext(ctx, `SELECT value FROM banditore_facts WHERE name = ?`, loginsFact).Scan(&text)
	if err == nil && json.Unmarshal(text, &kept) == nil {
		c.logins.takeUp(kept, time.Now())
	}
}

// keepLogins must be followed by c.hands.Done, as c.enter says.
func (c *Client) keepLogins() {
	defer c.hands.Done()
	if err := c.remember(context.WithoutCancel(c.life), loginsFact, c.logins.kept()); err != nil {
		c.log.Warn("the logins could not be noted", "error", clean(err))
	}
}

// lineStands is told by the wire of each connection that WhatsApp takes.
func (c *Client) lineStands() {
	c.logins.begin(time.Now())
	c.endHeard.Store(false)
	if !c.enter() {
		return
	}
	go c.keepLogins() // the database may be slow, and the library waits
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopTimer(&c.unheardTimer)
	c.stopTimer(&c.calmTimer)
	c.calmTimer = time.AfterFunc(calmSession, c.lineIsCalm)
}

// lineIsCalm is the timer's.
func (c *Client) lineIsCalm() {
	if !c.logins.settled(time.Now()) || !c.enter() {
		return
	}
	c.tellLine(Line{})
	c.keepLogins()
}

// lineEnded is told by the wire, whose lock is held, of the end of each connection.
func (c *Client) lineEnded(ours bool) {
	c.watchEnd()
	c.lineJudged(c.logins.end(ours, time.Now()))
}

// lineJudged says what the end of a connection makes of the line; nothing when that is nothing.
func (c *Client) lineJudged(line Line) {
	if line == (Line{}) {
		return
	}
	c.log.Info("the line has broken", "lived", line.Lived.Round(time.Second), "next_login_after", line.Pause)
	if !line.Breaks {
		return
	}
	c.log.Warn("the line breaks after each login, in the same way", "lived", line.Lived.Round(time.Second), "stanza", line.Stanza, "pause", line.Pause)
	if c.enter() {
		go func() {
			defer c.hands.Done()
			c.tellLine(line)
		}()
	}
}

func (c *Client) tellLine(line Line) {
	if c.options.OnLine != nil {
		c.reporting.Lock()
		defer c.reporting.Unlock()
		_ = c.guarded(func() error { c.options.OnLine(line); return nil })
	}
}

// overhearLine notes the kind of a stanza that somebody sent, for the case that the line breaks at it.
func (c *Client) overhearLine(node *binary.Node) {
	switch node.Tag {
	case "failure":
		c.logins.refuse()
		return
	case "message", "receipt", "notification", "call", "presence", "chatstate", "ib":
	default: // answers to our own questions, and the words of the login
		c.logins.hear("", time.Now())
		return
	}
	stanza := node.Tag
	if kind := node.AttrGetter().OptionalString("type"); kind != "" && readableKind.MatchString(kind) && !digitRun.MatchString(kind) {
		stanza += "/" + kind
	}
	c.lineJudged(c.logins.hear(stanza, time.Now()))
}

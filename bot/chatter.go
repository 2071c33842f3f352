package bot

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"time"

	"banditore/bot/loop"
	"banditore/store"
)

// chatter counts the answers each person was given within an hour, so that two
// machines cannot talk to one another for ever. It is kept in memory: a count
// that outlived an erasure on disk would be a trace, and one that did not would
// let a machine start anew with every goodbye. Nobody can be told from what is
// kept even there: people are known by a hash whose key ends with the process.
type chatter struct {
	limit int
	key   [sha256.Size]byte

	mu    sync.Mutex // guards hours
	hours map[[sha256.Size]byte]hour
}

// hour is one person's: it begins with his first answer.
type hour struct {
	until time.Time
	n     int
}

// chatterLimit is the most people that are remembered; the hours of some are
// given up beyond it. It fits the first day of a city in a few megabytes.
const chatterLimit = 50_000

func newChatter(limit int) *chatter {
	c := &chatter{limit: limit, hours: make(map[[sha256.Size]byte]hour)}
	rand.Read(c.key[:]) // never fails
	return c
}

// silentUntil is when the person may be given an answer again; zero: now.
func (c *chatter) silentUntil(p store.Person, now time.Time) (until time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, name := range c.names(p) {
		if h, ok := c.hours[name]; ok && h.n >= c.limit && h.until.After(now) {
			until = loop.Latest(until, h.until)
		}
	}
	return until
}

// answered notes n more answers to the person.
func (c *chatter) answered(p store.Person, n int, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, name := range c.names(p) {
		h := c.hours[name]
		if !h.until.After(now) {
			c.makeRoom(now)
			h = hour{until: now.Add(time.Hour)}
		}
		h.n += n
		c.hours[name] = h
	}
}

// makeRoom must be called with c.mu held.
func (c *chatter) makeRoom(now time.Time) {
	if len(c.hours) < chatterLimit {
		return
	}
	for name, h := range c.hours {
		if !h.until.After(now) {
			delete(c.hours, name)
		}
	}
	for name := range c.hours {
		if len(c.hours) < chatterLimit {
			return
		}
		delete(c.hours, name)
	}
}

// names are the hashes of a person's identities.
func (c *chatter) names(p store.Person) (list [][sha256.Size]byte) {
	for _, identity := range []string{string(p.Number), string(p.LID)} {
		if identity == "" {
			continue
		}
		h := hmac.New(sha256.New, c.key[:])
		h.Write([]byte(identity))
		list = append(list, [sha256.Size]byte(h.Sum(nil)))
	}
	return list
}

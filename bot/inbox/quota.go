package inbox

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"time"

	"banditore/bot/loop"
	"banditore/store"
)

// quota counts the answers each person was given within an hour, so that two
// machines cannot talk to one another for ever. It is kept in memory: on disk a
// count that outlived an erasure would be a trace, and one that did not would let a
// machine begin anew after every goodbye. Not even from memory can anybody be told:
// people are known by a hash, and its key ends with the process.
type quota struct {
	limit int // answers within an hour
	key   [sha256.Size]byte

	mu    sync.Mutex // guards hours
	hours map[[sha256.Size]byte]hour
}

// hour is one person's; it begins with the first answer.
type hour struct {
	until time.Time
	n     int // answers in it
}

// quotaPeople is how many identities are remembered at most. Beyond it the hours of
// some are given up: a few megabytes are enough for the first day of a city.
const quotaPeople = 50_000

func newQuota(limit int) *quota {
	q := &quota{limit: limit, hours: make(map[[sha256.Size]byte]hour)}
	rand.Read(q.key[:]) // never fails
	return q
}

// silentUntil is when the person may be given an answer again; zero: now.
func (q *quota) silentUntil(p store.Person, now time.Time) time.Time { return q.over(p, now, q.limit) }

// inDanger is how many times the limit somebody may call for help within an hour. A
// person does not; two machines that send one another's words back would.
const inDanger = 5

// exhausted tells whether not even a call for help is answered in this hour.
func (q *quota) exhausted(p store.Person, now time.Time) bool {
	return !q.over(p, now, inDanger*q.limit).IsZero()
}

// over is when the hour ends in which a person has had so many answers; zero: they
// have not.
func (q *quota) over(p store.Person, now time.Time, answers int) (until time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, name := range q.names(p) {
		if h, ok := q.hours[name]; ok && h.n >= answers && h.until.After(now) {
			until = loop.Latest(until, h.until)
		}
	}
	return until
}

// answered notes n more answers to the person.
func (q *quota) answered(p store.Person, n int, now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, name := range q.names(p) {
		h := q.hours[name]
		if !h.until.After(now) {
			q.makeRoom(now)
			h = hour{until: now.Add(time.Hour)}
		}
		h.n += n
		q.hours[name] = h
	}
}

// makeRoom must be called with q.mu held.
func (q *quota) makeRoom(now time.Time) {
	if len(q.hours) < quotaPeople {
		return
	}
	for name, h := range q.hours {
		if !h.until.After(now) {
			delete(q.hours, name)
		}
	}
	for name := range q.hours {
		if len(q.hours) < quotaPeople {
			return
		}
		delete(q.hours, name)
	}
}

// names are the hashes of a person's number and LID.
func (q *quota) names(p store.Person) (list [][sha256.Size]byte) {
	for _, identity := range []string{string(p.Number), string(p.LID)} {
		if identity == "" {
			continue
		}
		h := hmac.New(sha256.New, q.key[:])
		h.Write([]byte(identity))
		list = append(list, [sha256.Size]byte(h.Sum(nil)))
	}
	return list
}

package whatsapp

import (
	"fmt"
	"sync"
	"time"
)

// The floor between logins: whoever connects (the library after a broken line, we after a refusal, a person's Prove) passes
// logins, so a line that breaks after each login does not look like an attack. How long the next login waits, counted from
// the one before, depends on how long sessions last: see floor. The loginLimits hold in any pattern.
const (
	calmSession  = 10 * time.Minute // a session that lives so long ends every row
	briefSession = time.Minute      // one that does not live so long makes the floor higher
	floorFirst   = 2 * time.Second  // after one brief session; it doubles with each further one
	floorLimit   = 10 * time.Minute
	uneasyRow    = 5 // sessions in a row that were neither brief nor calm, or ended by us, from which on uneasyFloor holds
	uneasyFloor  = 90 * time.Second
	floorKept    = time.Minute // a floor as high as this is taken up by the next process
)

// loginLimit is how many logins there may be within any stretch of time.
type loginLimit struct {
	logins int
	within time.Duration
}

// loginLimits are those of one process. How often it may be started is for the service's unit to say; loginsOfAll holds
// for all processes together.
func loginLimits() []loginLimit {
	return []loginLimit{{6, time.Minute}, {15, 10 * time.Minute}, {70, time.Hour}}
}

const (
	loginsOfAll  = 120 // in an hour, however often the process is started
	loginsMemory = time.Hour
)

// likeSession is by how much, beside a tenth, the lives of sessions may differ that end for the same reason; and how soon
// after a stanza the line must break for it to be suspected.
const likeSession = 2 * time.Second

// ending is a session that has ended before it was calm.
type ending struct {
	lived time.Duration
	last  string // the stanza after which the line broke; empty: none, or one that says nothing
}

// logins knows the connections of this Client that were made, and decides when the next may be. A login is counted when the
// websocket stands, whether WhatsApp lets us in or not.
type logins struct {
	mu       sync.Mutex
	times    []time.Time // of this process, the oldest first, within loginsMemory
	earlier  []time.Time // of the processes before
	rows     rows
	former   rows     // before the last session ended, as formerly
	recent   []ending // the last ones in a row that were not calm, at most three
	formerly []ending
	began    time.Time // of the session that stands; zero: none
	heard    string    // its last stanza
	heardAt  time.Time
	ended    time.Time // the one before, if that is the last of recent and what it heard last is not known
	refused  bool      // WhatsApp has answered its login with a failure
}

// rows are how many sessions ended badly in a row, until one was calm.
type rows struct {
	brief   int // or like the two before
	uneasy  int // others that were not calm
	refused int // logins that WhatsApp had no time for; any other session ends this row
}

// tooSoonError says that the floor between logins forbids to connect now.
type tooSoonError struct{ left time.Duration }

// Error says how long.
func (e *tooSoonError) Error() string {
	return fmt.Sprintf("the next login may be made in %v", e.left.Round(time.Second))
}

// left is how long no login may be made.
func (g *logins) left(now time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := len(g.earlier) + len(g.times)
	if all == 0 {
		return 0
	}
	left := g.at(all - 1).Add(g.rows.floor()).Sub(now)
	for _, limit := range loginLimits() {
		if n := len(g.times); n >= limit.logins {
			left = max(left, g.times[n-limit.logins].Add(limit.within).Sub(now))
		}
	}
	if all >= loginsOfAll {
		left = max(left, g.at(all-loginsOfAll).Add(loginsMemory).Sub(now))
	}
	return max(0, left)
}

// at is the nth login of all that are remembered.
func (g *logins) at(n int) time.Time {
	if n < len(g.earlier) {
		return g.earlier[n]
	}
	return g.times[n-len(g.earlier)]
}

// floor is the least time between the last login and the next.
func (r rows) floor() time.Duration {
	least := min(doubled(r.refused), knock(r.refused))
	if r.uneasy >= uneasyRow {
		least = max(least, uneasyFloor)
	}
	return max(least, doubled(r.brief))
}

// doubled is the floor after n brief sessions in a row.
func doubled(n int) time.Duration {
	if n <= 0 {
		return 0
	}
	pause := floorFirst
	for range n - 1 {
		if pause = 2 * pause; pause >= floorLimit {
			return floorLimit
		}
	}
	return pause
}

// begin counts a login.
func (g *logins) begin(now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.times, g.earlier = within(append(g.times, now), now), within(g.earlier, now)
	g.began, g.heard, g.heardAt, g.ended, g.refused = now, "", time.Time{}, time.Time{}, false
}

// within leaves out what is no longer counted.
func within(times []time.Time, now time.Time) []time.Time {
	for len(times) > 0 && now.Sub(times[0]) >= loginsMemory {
		times = times[1:]
	}
	return times
}

// hear notes what came in last. A line may break faster than what came over it is read: then it tells if that stanza makes
// the line a suspect after all.
func (g *logins) hear(stanza string, now time.Time) Line {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.heard, g.heardAt = stanza, now
	if stanza == "" || g.ended.IsZero() || now.Sub(g.ended) > likeSession {
		return Line{}
	}
	g.ended = time.Time{}
	last := &g.recent[len(g.recent)-1]
	before, _ := suspect(g.recent)
	last.last = stanza
	line := Line{Lived: last.lived}
	if line.Breaks, line.Stanza = suspect(g.recent); !line.Breaks {
		return Line{}
	}
	if !before && last.lived >= briefSession {
		g.rows.uneasy-- // as which it was counted
		g.rows.brief++
	}
	line.Pause = g.rows.floor()
	return line
}

// refuse notes that WhatsApp answers the login with a failure.
func (g *logins) refuse() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.refused = true
}

// end notes that the session is over, by our own wish or not, and tells what that makes of the line.
func (g *logins) end(ours bool, now time.Time) Line {
	g.mu.Lock()
	defer g.mu.Unlock()
	lived := now.Sub(g.began)
	if g.began.IsZero() || g.settleLocked(now) {
		g.began = time.Time{}
		return Line{}
	}
	g.began = time.Time{}
	g.former, g.formerly = g.rows, g.recent
	switch {
	case ours:
		g.rows.uneasy++
		return Line{}
	case g.refused:
		g.rows.refused++
		return Line{}
	}
	g.rows.refused = 0
	last := ending{lived: lived}
	if now.Sub(g.heardAt) <= likeSession {
		last.last = g.heard
	}
	if last.last == "" {
		g.ended = now
	}
	g.recent = append(g.recent, last)
	g.recent = g.recent[max(0, len(g.recent)-inARow):]
	line := Line{Lived: lived}
	line.Breaks, line.Stanza = suspect(g.recent)
	if line.Breaks || lived < briefSession {
		g.rows.brief++
	} else {
		g.rows.uneasy++
	}
	line.Pause = g.rows.floor()
	return line
}

// settled ends every row when the present session has become calm, and tells whether it has.
func (g *logins) settled(now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return !g.began.IsZero() && g.settleLocked(now)
}

func (g *logins) settleLocked(now time.Time) bool {
	if now.Sub(g.began) < calmSession {
		return false
	}
	g.rows, g.former, g.recent, g.formerly = rows{}, rows{}, nil, nil
	return true
}

// pardon takes the present session, or the last one if none stands, out of the rows: WhatsApp has refused us, and how long we
// wait then is for nextConnection to say.
func (g *logins) pardon() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.began.IsZero() {
		g.rows, g.recent = g.former, g.formerly
	}
	g.began, g.ended = time.Time{}, time.Time{}
}

// inARow is how many sessions that end alike are no accident.
const inARow = 3

// suspect tells whether the last sessions ended alike: all brief, after the same life, or each right after the same stanza.
// Of those that are alike otherwise the stanza is named also when one of them was not heard: the library may drop what
// came over a line that has broken.
func suspect(recent []ending) (breaks bool, stanza string) {
	if len(recent) < inARow {
		return false, ""
	}
	shortest, longest, heard := recent[0].lived, recent[0].lived, 0
	for _, s := range recent {
		shortest, longest = min(shortest, s.lived), max(longest, s.lived)
		switch {
		case s.last == "":
			continue
		case heard > 0 && s.last != stanza:
			heard = -inARow // one accuses the other
		}
		stanza = s.last
		heard++
	}
	if alike := longest-shortest <= likeSession+longest/10; !alike && longest >= briefSession && heard < inARow {
		return false, ""
	}
	if heard < inARow-1 {
		return true, ""
	}
	return true, stanza
}

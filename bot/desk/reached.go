package desk

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"time"

	"banditore/bot/config"
	"banditore/bot/loop"
	"banditore/bot/pace"
	"banditore/store"
)

// Foretold is when the messages of an announcement leave, and how fast.
type Foretold struct {
	pace.Span
	PerMinute int // messages that leave in a minute, at the pace really reached; 0: not known yet
}

// Ends says in Italian when the last person gets it, and how fast messages leave;
// empty: nobody knows.
func (f Foretold) Ends(now time.Time) string {
	if f.Last.IsZero() {
		return ""
	}
	words := "finisce " + moment(f.Last, now)
	if f.PerMinute > 1 {
		words += " con l'ultimo destinatario, al ritmo di " + roughly(f.PerMinute) + " messaggi al minuto"
	}
	if f.Expired > 0 {
		words += ", ma " + late(f.Span)
	}
	return words
}

// roughly gives the two digits of a number that matter.
func roughly(n int) string {
	unit := 1
	for n/unit >= 100 {
		unit *= 10
	}
	if n = (n + unit/2) / unit * unit; n >= 1000 {
		return fmt.Sprintf("%d.%03d", n/1000, n%1000)
	}
	return strconv.Itoa(n)
}

const (
	// onePlainly and oneInAWave are how long a message takes of which nobody knows it yet:
	// a guess that is put right within seconds of sending.
	onePlainly = 200 * time.Millisecond
	oneInAWave = 20 * time.Millisecond

	// believed is how many moments a measurement must hold.
	believed = 3
	// calm is how long a silence means nothing, stalled from when on a longer one
	// means no more.
	calm    = 5 * time.Second
	stalled = 10 * time.Minute
)

// speed is what is known of how fast messages leave.
type speed struct {
	policy           pace.Policy // as configured, or slower
	ordinary, urgent bool        // measured, not guessed
	last             time.Time   // when the last message of an announcement left
}

// perMinute is how many messages of a priority leave in a minute.
func (s speed) perMinute(k store.Priority) int {
	every, known := s.policy.Every, s.ordinary
	if k == store.Urgent {
		every, known = s.policy.UrgentEvery, s.urgent
	}
	if !known || every <= 0 {
		return 0
	}
	return int((time.Minute + every/2) / every)
}

// reached slows a policy down to how fast messages have left of late. What has left is
// known of each kind apart: urgent announcements may leave in waves. A pause that
// nothing explains, while something is due, counts too: loads are what waits.
func reached(ctx context.Context, cfg config.Config, db *store.Store, policy pace.Policy, s pace.State, connected time.Time, loads []pace.Load, now time.Time) (speed, error) {
	ordinary, urgent, last, err := db.Reached(ctx)
	if err != nil {
		return speed{}, err
	}
	s.LastAnnouncement = last
	guess := onePlainly
	if policy.UrgentEvery == 0 && cfg.Sending.Window > 1 {
		guess = oneInAWave
	}
	v := speed{policy: policy, last: last}
	silence := func(r store.Reached, k store.Priority) time.Duration {
		if last.After(r.To) || connected.After(r.To) {
			return 0 // others had their turn; it has not had one yet
		}
		since := policy.Next(loop.Latest(r.To.Add(calm), waitsSince(loads, k)), s, k).Add(calm)
		return min(max(0, now.Sub(since)), stalled)
	}
	v.policy.Every, v.ordinary = each(ordinary, policy.Every, onePlainly, silence(ordinary, store.Ordinary))
	v.policy.UrgentEvery, v.urgent = each(urgent, policy.UrgentEvery, guess, silence(urgent, store.Urgent))
	return v, nil
}

// each is the time from one message to the next, and whether it is known: never less
// than the pace. Averages tell nothing where there is a pace worth its name, for they
// count nights.
func each(r store.Reached, every, guess, silence time.Duration) (_ time.Duration, known bool) {
	if r.Moments >= believed {
		return max(every, (r.To.Sub(r.From)+silence)/time.Duration(r.Messages)), true
	}
	if every < guess {
		guess = cmp.Or(r.Average, guess)
	}
	return max(every, guess), false
}

// waitsSince is since when something of a kind may leave; zero: nothing waits.
func waitsSince(loads []pace.Load, k store.Priority) (since time.Time) {
	for _, l := range loads {
		if l.Waiting > 0 && (l.Priority == store.Urgent) == (k == store.Urgent) && (since.IsZero() || l.NotBefore.Before(since)) {
			since = l.NotBefore
		}
	}
	return since
}

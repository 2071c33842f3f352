package outbox

import "time"

// MaxAttempts is how often one message is tried before it counts as failed.
// With [Backoff] the last attempt is made about half a day after the first.
const MaxAttempts = 9

// Backoff is the pause before the next attempt after the given number of
// attempts: 10s, 30s, 2m, 10m, 30m, 1h, 3h, then 6h. The first pauses are
// short because a lost answer is usually repaired by the next connection; the
// later ones are long because WhatsApp takes insistence for abuse.
func Backoff(attempts int) time.Duration {
	table := [...]time.Duration{
		10 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute,
		30 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour,
	}
	return table[max(1, min(attempts, len(table)))-1]
}

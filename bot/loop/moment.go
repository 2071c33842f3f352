package loop

import "time"

// Earliest is the first of the given times, the zero ones left out; zero when all
// are.
func Earliest(times ...time.Time) time.Time {
	var first time.Time
	for _, t := range times {
		if first.IsZero() || (!t.IsZero() && t.Before(first)) {
			first = t
		}
	}
	return first
}

// Latest is the later of two times.
func Latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Later is the moment at which something due at due may happen, when nothing may
// before opens. The zero time stays zero: nothing is due.
func Later(due, opens time.Time) time.Time {
	if due.IsZero() || due.After(opens) {
		return due
	}
	return opens
}

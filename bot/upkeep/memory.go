package upkeep

import (
	"context"
	"time"

	"banditore/bot/loop"
)

const (
	// memorySettles is between an erasure and the clearing of the memory: others may
	// leave meanwhile, and what was on its way is over.
	memorySettles = time.Minute
	// memoryPause is the least time between two clearings, so that what was erased is
	// gone from the memory within an hour.
	memoryPause = 50 * time.Minute
	// clearTrouble is the pause after a clearing that failed, because somebody used a
	// database for too long.
	clearTrouble = time.Minute
)

// noteErased notes that the process may still remember somebody who was erased at now.
func (u *Upkeep) noteErased(now time.Time) {
	u.erased = now
	if u.remembers.IsZero() {
		u.remembers = now
	}
}

// nextClearing is when the memory is to be cleared; zero: there is nothing to clear.
func (u *Upkeep) nextClearing() time.Time {
	if u.remembers.IsZero() || u.clearMemory == nil {
		return time.Time{}
	}
	return loop.Latest(u.remembers.Add(memorySettles), u.cleared.Add(memoryPause))
}

// clear takes out of the process's memory who has been erased from its files.
func (u *Upkeep) clear(ctx context.Context, now time.Time) {
	if next := u.nextClearing(); next.IsZero() || next.After(now) {
		return
	}
	if err := u.clearMemory(ctx); err != nil {
		u.log.Warn("memory not cleared; it will be tried again", "error", err)
		u.cleared = now.Add(clearTrouble - memoryPause)
		return
	}
	u.remembers, u.cleared = time.Time{}, now
	u.log.Info("memory cleared of what has been erased")
}

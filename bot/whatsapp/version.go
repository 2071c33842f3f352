package whatsapp

import (
	"context"
	"time"
)

// Version is by which version of WhatsApp Web we introduce ourselves, and what is known of it.
type Version struct {
	Number   string    // as 2.3000.1047769893
	Found    time.Time // when WhatsApp's page told it; zero: it is the library's own
	Library  time.Time // when the library was made, from its module version; zero: not known
	LookedUp time.Time // the last look-up; zero: there was none
	Trouble  Cause     // why the last look-up failed; empty when it did not
}

// Age is how old the library is at now; beyond LibraryLimit WhatsApp may refuse it at any time.
func (v Version) Age(now time.Time) time.Duration {
	if v.Library.IsZero() {
		return 0
	}
	return now.Sub(v.Library)
}

// LibraryLimit is the age of the library at which the program should be updated: versions were refused after about 77 days.
const LibraryLimit = 60 * 24 * time.Hour

// VersionOf reads from the session.db in dir by which version the last process introduced itself, also while a daemon runs
// there. Like [PairedNumber] it creates nothing; without a session.db it tells of the library alone.
func VersionOf(ctx context.Context, dir string) (Version, error) {
	var v Version
	_, err := fact(ctx, dir, "version", &v)
	return v, err
}

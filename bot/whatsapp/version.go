package whatsapp

import (
	"context"
	"runtime/debug"
	"strings"
	"time"

	"go.mau.fi/whatsmeow/store"
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
	var kept Version
	_, err := fact(ctx, dir, versionFact, &kept)
	return kept.beside(ownVersion()), err
}

// versionFact is the name under which session.db keeps the Version, since WhatsApp's page may be silent at the next start.
const versionFact = "version"

// ownVersion is the library's.
func ownVersion() Version {
	v := Version{Number: store.GetWAVersion().String()}
	if info, ok := debug.ReadBuildInfo(); ok {
		v.Library = libraryMade(info.Deps)
	}
	return v
}

// beside is what was kept, unless the library has become newer since.
func (v Version) beside(own Version) Version {
	v.Library = own.Library
	kept, err := store.ParseVersion(v.Number)
	if library, _ := store.ParseVersion(own.Number); err != nil || !library.LessThan(kept) {
		v.Number, v.Found = own.Number, time.Time{}
	}
	return v
}

// libraryMade finds the day of the library in the pseudo-version of its module, v0.0.0-20060102150405-abcdefabcdef. Test
// binaries carry no module versions, and a fork without one tells no day.
func libraryMade(modules []*debug.Module) time.Time {
	for _, module := range modules {
		if module.Path != "go.mau.fi/whatsmeow" {
			continue
		}
		if module.Replace != nil {
			module = module.Replace
		}
		parts := strings.Split(module.Version, "-")
		if len(parts) < 3 {
			return time.Time{}
		}
		day := parts[len(parts)-2]
		made, _ := time.Parse("20060102150405", day[strings.LastIndexByte(day, '.')+1:])
		return made
	}
	return time.Time{}
}

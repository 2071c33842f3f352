package datadir

import (
	"slices"
	"strconv"
	"strings"
)

// The files of a data directory. Beside a database lie the logs of SQLite.
const (
	Database    = "store.db"           // the list, the announcements, and what waits to leave
	Staging     = "store.db.restoring" // a backup that is made ready
	Session     = "session.db"         // the linked device's keys
	Parked      = "session.db.parked"  // those of a link that must not be used
	Lock        = "banditore.lock"
	SessionLock = "session.lock"
	Forgotten   = "forgotten" // who has left, by hash
	AuditLog    = "audit.log" // who looked at people's data
)

// fresh ends the name of a file that will take the place of the one without it.
const fresh = ".new"

// probePrefix begins the name of the file that [CheckWritable] tries to write.
const probePrefix = ".writable-"

// ours tells whether banditore makes files of that name.
func ours(name string) bool {
	if strings.HasPrefix(name, probePrefix) {
		return true
	}
	if number, old := strings.CutPrefix(name, AuditLog+"."); old {
		_, err := strconv.Atoi(number)
		return err == nil
	}
	name = strings.TrimSuffix(name, fresh)
	for _, log := range logs() {
		name = strings.TrimSuffix(name, log)
	}
	return slices.Contains([]string{Database, Staging, Session, Parked, Lock, SessionLock, Forgotten, AuditLog}, name)
}

// logs are what SQLite adds to the name of a database for the files beside it.
func logs() []string { return []string{"-wal", "-shm", "-journal"} }

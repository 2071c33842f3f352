package cli

import (
	"fmt"
	"io/fs"
	"net"
	"os"
	"strings"
	"time"
)

// journalSocket is where the system's journal takes entries: NAME=value lines, one
// datagram each (systemd's "native protocol"). The journal itself adds who sent one,
// and who they logged in as, and belongs to root.
const journalSocket = "/run/systemd/journal/socket"

// journalPatience is how long a command waits for a journal that takes nothing.
const journalPatience = time.Second

// hasJournal tells whether the system has a journal.
func hasJournal() bool {
	info, err := os.Stat(journalSocket)
	return err == nil && info.Mode()&fs.ModeSocket != 0
}

// toJournal writes a notice about access to people's data. No value may have a line's
// end in it.
func toJournal(message string, fields ...string) error {
	conn, err := net.DialTimeout("unixgram", journalSocket, journalPatience)
	if err != nil {
		return fmt.Errorf("reach the journal: %w", err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(journalPatience)); err != nil {
		return err
	}
	entry := append([]string{"MESSAGE=" + message, "PRIORITY=5", "SYSLOG_FACILITY=10", "SYSLOG_IDENTIFIER=banditore"}, fields...)
	if _, err := conn.Write([]byte(strings.Join(entry, "\n") + "\n")); err != nil {
		return fmt.Errorf("write to the journal: %w", err)
	}
	return nil
}

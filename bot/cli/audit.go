package cli

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"time"

	"banditore/bot/config"
	"banditore/store/datadir"
)

// auditFile lies in the data directory. After a leak it says what may be out, and
// since when: who looked at the list or at a person, and how many people it was
// about, but never whom.
const auditFile = datadir.AuditLog

// audit notes that a command is about to show or change people's data. It comes
// before the data: what cannot be noted is not done.
func audit(cfg config.Config, command string, people int) error {
	line := time.Now().In(cfg.Sending.Location).Format(time.RFC3339) + " user=" + strconv.Quote(whoami())
	if sudo := os.Getenv("SUDO_USER"); sudo != "" {
		line += " sudo_user=" + strconv.Quote(sudo[:min(len(sudo), 64)])
	}
	line += fmt.Sprintf(" command=%q people=%d", command, people)
	if err := datadir.AppendLines(filepath.Join(cfg.DataDir, auditFile), line); err != nil {
		return fmt.Errorf("nothing done, because it cannot be noted: %w", err)
	}
	return nil
}

// whoami is the name of the operating system's user, or the number where they have
// none. It changes with the process: root goes on as somebody else.
func whoami() string {
	id := strconv.Itoa(os.Getuid())
	if u, err := user.LookupId(id); err == nil && u.Username != "" {
		return u.Username
	}
	return id
}

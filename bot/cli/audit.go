package cli

import (
	"context"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"banditore/bot/config"
	"banditore/store/datadir"
)

// auditLog is the log in the data directory. After a leak it says what may be out,
// and since when: who looked at the list or at a person, and how many people it was
// about, but never whom. It is begun anew each year, and beyond a megabyte, some
// 5,000 lines; there are at most nine files before it. Each goes so long after its
// last line that no line, of a year at most before that, gets older than auditYears.
func auditLog(cfg config.Config) datadir.Log {
	return datadir.Log{Path: filepath.Join(cfg.DataDir, datadir.AuditLog), Size: 1 << 20, Old: 9, Keep: (auditYears - 1) * 365 * 24 * time.Hour}
}

// auditYears is how old a line of the audit gets at most: as long as a breach can be
// fined (article 28 of law 689/1981).
const auditYears = 5

// ageAudit removes what is too old of the audit, now and each day until the end of
// ctx: on a server where nobody looks at people's data no command does.
func (a *App) ageAudit(ctx context.Context, cfg config.Config) {
	daily := time.NewTicker(24 * time.Hour)
	defer daily.Stop()
	for {
		if err := auditLog(cfg).Prune(time.Now()); err != nil {
			a.logger(cfg).Warn("old files of the audit stay", "error", err)
		}
		select {
		case <-daily.C:
		case <-ctx.Done():
			return
		}
	}
}

// audit notes that a command is about to show or change people's data. It comes
// before the data: what cannot be noted is not done. The service's user can write
// over the log, so the system's journal, where there is one, gets a copy.
func (a *App) audit(cfg config.Config, command string, people int) error {
	now := time.Now()
	entry := fmt.Sprintf("%s command=%q people=%d", who(), command, people)
	if err := auditLog(cfg).Append(now, now.In(cfg.Sending.Location).Format(time.RFC3339)+" "+entry); err != nil {
		return fmt.Errorf("nothing done, because it cannot be noted: %w", err)
	}
	if !hasJournal() {
		return nil // `check` says so
	}
	if err := toJournal("people's data: "+entry, "BANDITORE_COMMAND="+command, "BANDITORE_PEOPLE="+strconv.Itoa(people)); err != nil {
		a.say("The journal of the system has no copy of the line in audit.log: %v.", err)
	}
	return nil
}

// checkJournal says how far the audit can be trusted. Without a journal it is no
// mistake of the installation.
func checkJournal() string {
	if hasJournal() {
		return "audit.log, and a copy in the system's journal (journalctl -t banditore)"
	}
	return "audit.log alone, which the service's user can change: there is no journal of systemd here to keep a copy"
}

// who names whom the process belongs to, who logged in, which stays through su and
// sudo, and whom sudo names, which is only as true as the environment.
func who() string {
	text := "user=" + strconv.Quote(whoami())
	if login := loginUser(); login != "" {
		text += " login_user=" + strconv.Quote(login)
	}
	if sudo := os.Getenv("SUDO_USER"); sudo != "" {
		text += " sudo_user=" + strconv.Quote(sudo[:min(len(sudo), 64)])
	}
	return text
}

// loginUser is whom the person at the terminal logged in as. It is empty when nobody
// did, as for a timer, or the system does not keep it.
func loginUser() string {
	text, err := os.ReadFile("/proc/self/loginuid")
	id := strings.TrimSpace(string(text))
	if n, parseErr := strconv.ParseUint(id, 10, 32); err != nil || parseErr != nil || n == 1<<32-1 {
		return ""
	}
	return userName(id)
}

// whoami is the name of the operating system's user, or the number where they have
// none. It changes with the process: root goes on as somebody else.
func whoami() string { return userName(strconv.Itoa(os.Getuid())) }

func userName(id string) string {
	if u, err := user.LookupId(id); err == nil && u.Username != "" {
		return u.Username
	}
	return id
}

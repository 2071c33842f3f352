package cli

import (
	"log/slog"
	"strings"
	"sync/atomic"
	"unicode"

	"banditore/bot/config"
)

// logger writes the daemon's log to standard error, as journald expects it.
func (a *App) logger(cfg config.Config) *slog.Logger {
	o := &slog.HandlerOptions{Level: undisturbed{cfg.Log.Level, &a.talking}}
	if cfg.Log.Format == "json" {
		return slog.New(slog.NewJSONHandler(lines{a.Stderr, plainJSON}, o))
	}
	return slog.New(slog.NewTextHandler(lines{a.Stderr, plainText}, o))
}

// undisturbed is a level of the log that keeps it out of a conversation, unless
// somebody looks for a fault: the library calls errors what belongs to every
// pairing.
type undisturbed struct {
	level   slog.Level
	talking *atomic.Bool
}

// Level implements [slog.Leveler].
func (u undisturbed) Level() slog.Level {
	if u.talking.Load() && u.level > slog.LevelDebug {
		return slog.LevelError + 1
	}
	return u.level
}

// printable keeps control characters, which a file name or a name may hold,
// from reaching a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '_'
		}
		return r
	}, s)
}

// printableLines is printable for a text of several lines.
func printableLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = printable(line)
	}
	return strings.Join(lines, "\n")
}

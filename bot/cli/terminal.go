package cli

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
	"golang.org/x/term"

	"banditore/bot/whatsapp"
)

// usualColumns is how wide lines are where the window does not say.
const usualColumns = 80

// window is what the terminal in front of a person can show, as far as it says.
type window struct {
	columns, lines int          // 0: not known
	redraw         bool         // what was written can be written over
	ink            whatsapp.Ink // how colours are set
	utf8           bool         // more than ASCII is understood
}

// window looks at the terminal as it is now: people resize it.
func (a *App) window() window {
	w := window{utf8: speaksUTF8(os.Getenv)}
	if !a.Terminal {
		return w
	}
	w.columns, w.lines = size(a.Stdout)
	w.ink = inkOf(os.Getenv)
	kind := os.Getenv("TERM")
	w.redraw = w.columns > 0 && w.lines > 0 && kind != "" && kind != "dumb" && isTerminal(a.Stderr)
	return w
}

// size asks the terminal, then the environment, which a shell keeps up to date
// where it was told to.
func size(stdout io.Writer) (columns, lines int) {
	if f, ok := stdout.(*os.File); ok {
		if columns, lines, err := term.GetSize(int(f.Fd())); err == nil && columns > 0 && lines > 0 {
			return columns, lines
		}
	}
	columns, _ = strconv.Atoi(os.Getenv("COLUMNS"))
	lines, _ = strconv.Atoi(os.Getenv("LINES"))
	return max(columns, 0), max(lines, 0)
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// inkOf chooses the surest colours that the terminal understands.
func inkOf(getenv func(string) string) whatsapp.Ink {
	kind := getenv("TERM")
	switch {
	case getenv("NO_COLOR") != "", kind == "", kind == "dumb":
		return whatsapp.NoInk
	case strings.Contains(kind, "256color"), strings.Contains(kind, "direct"), getenv("COLORTERM") != "":
		return whatsapp.ExactInk
	case kind == "linux", strings.HasPrefix(kind, "vt"), kind == "ansi":
		return whatsapp.EightInk
	}
	return whatsapp.BrightInk
}

// speaksUTF8 reads the locale as setlocale(3) does. Where none is set the
// terminal is taken for one of today.
func speaksUTF8(getenv func(string) string) bool {
	for _, key := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := getenv(key); locale != "" {
			_, charset, _ := strings.Cut(strings.ToLower(locale), ".")
			charset, _, _ = strings.Cut(charset, "@")
			return charset == "utf-8" || charset == "utf8"
		}
	}
	return true
}

// lines prepares words for the window: wrapped, and without what it does not
// understand. Where nobody measured it is not wrapped: a program reads.
func (w window) wrap(text string) []string {
	if !w.utf8 {
		text = ascii.Replace(text)
	}
	return wrap(text, w.columns)
}

// ascii writes Italian without accents, as typewriters did.
var ascii = strings.NewReplacer("à", "a'", "è", "e'", "é", "e'", "ì", "i'", "ò", "o'", "ù", "u'", "À", "A'", "È", "E'", "É", "E'", "Ì", "I'", "Ò", "O'", "Ù", "U'",
	"→", ">", "…", "...", "«", `"`, "»", `"`, "’", "'", "×", "x", "–", "-", "−", "-", "·", "-", "\u00a0", " ")

// say writes words for people to standard error, each line broken between words
// where the window ends.
func (a *App) say(format string, args ...any) {
	w := a.window()
	if w.columns == 0 && a.Terminal {
		w.columns = usualColumns
	}
	fmt.Fprintln(a.Stderr, strings.Join(w.wrap(shownLines(fmt.Sprintf(format, args...))), "\n"))
}

// inJournal tells whether what is written to the stream ends in the system's log,
// where a code must not be: systemd.exec(5) names the log in JOURNAL_STREAM.
func inJournal(stream any) bool {
	f, ok := stream.(*os.File)
	if !ok {
		return false
	}
	if peer, err := unix.Getpeername(int(f.Fd())); err == nil {
		if socket, ok := peer.(*unix.SockaddrUnix); ok && strings.HasPrefix(socket.Name, "/run/systemd/journal/") {
			return true
		}
	}
	var s unix.Stat_t
	if unix.Fstat(int(f.Fd()), &s) != nil {
		return false
	}
	return os.Getenv("JOURNAL_STREAM") == fmt.Sprintf("%d:%d", s.Dev, s.Ino)
}

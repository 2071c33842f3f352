package cli_test

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"banditore/bot/cli"
)

var secondsLeft = regexp.MustCompile(`vale ancora (\d+) s`)

// The code is always in the same place, the clock runs, a resize draws it anew
// or says why not, and Ctrl-C ends it all with an Italian word.
func TestPairOnATerminal(t *testing.T) {
	t.Parallel()
	p := openPlace(t)
	quietLog(p)
	c := p.console(80, 40, "pair")
	screen := c.await("vale ancora")
	if lines := strings.Split(screen, "\n"); len(lines) > 40 || !strings.Contains(lines[0], "█████") {
		t.Errorf("the code is not at the top:\n%s", screen)
	}
	first := secondsLeft.FindString(screen)
	c.awaitThat("another second", func(s string) bool {
		now := secondsLeft.FindString(s)
		return now != "" && now != first && strings.Contains(s, "█████")
	})
	if n := c.scrolled(); n != 0 {
		t.Errorf("%d lines have left the window", n)
	}
	c.resize(80, 24)
	screen = c.await("La finestra è di 80 colonne e 24 righe")
	if strings.Contains(screen, "█") || !strings.Contains(screen, "--png FILE") || !strings.Contains(screen, "--code") {
		t.Errorf("too small, it shows\n%s", screen)
	}
	c.resize(110, 30)
	c.awaitThat("the code beside its words", func(s string) bool {
		return strings.Contains(s, "█████") && strings.Contains(unbroken(lettersOf(s)), "poi inquadra il codice")
	})
	c.press("\x03")
	screen = c.await("Interrotto: nessun telefono è stato collegato")
	if c.code() != cli.ExitNotPaired || strings.Contains(screen, "█") || strings.Contains(c.said(), "context") {
		t.Errorf("exit code %d\n%s", c.cmd.ProcessState.ExitCode(), screen)
	}
	if strings.Contains(c.said(), "2@") {
		t.Error("the code is on the terminal in letters")
	}
}

func (c *console) scrolled() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rolled
}

// lettersOf leaves out the picture.
func lettersOf(s string) string {
	return strings.NewReplacer("█", "", "▀", "", "▄", "").Replace(s)
}

func quietLog(p *place) {
	p.write("config.yaml", strings.Replace(settings, "level: debug", "level: info", 1))
}

// Where there is no room it is said before anything is asked of WhatsApp.
func TestNoRoomIsSaidFirst(t *testing.T) {
	t.Parallel()
	p := &place{t: t, dir: t.TempDir(), address: nowhere}
	quietLog(p)
	c := p.console(80, 24, "pair")
	c.await("La finestra è di 80 colonne e 24 righe: il codice ne chiede 61 e 3")
	c.press("\x03")
	if c.code() != cli.ExitNotPaired {
		t.Errorf("exit code %d", c.cmd.ProcessState.ExitCode())
	}
}

// The picture is whole whenever it is there, changes with the code, and goes.
func TestPairByPicture(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	quietLog(p)
	file := filepath.Join(p.dir, "codice.png")
	c := p.console(80, 24, "pair", "--png", "codice.png")
	c.await("vale ancora")
	info, err := os.Lstat(file)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	if screen := c.screen(); strings.Contains(screen, "█") || !strings.Contains(screen, "codice.png") {
		t.Errorf("the terminal shows\n%s", screen)
	}
	if c.press("\x03"); c.code() != cli.ExitNotPaired {
		t.Errorf("exit code %d", c.cmd.ProcessState.ExitCode())
	}
	names, err := filepath.Glob(filepath.Join(p.dir, "*"))
	if hidden, _ := filepath.Glob(filepath.Join(p.dir, ".*")); err != nil || len(hidden) > 0 {
		t.Errorf("left behind: %q, %v", hidden, err)
	}
	if strings.Contains(fmt.Sprint(names), "png") {
		t.Errorf("left behind: %q", names)
	}
}

// Nobody's file is written over, and no link is followed.
func TestPictureOverwritesNothing(t *testing.T) {
	t.Parallel()
	p := &place{t: t, dir: t.TempDir(), address: nowhere}
	quietLog(p)
	p.write("mio.png", "una vacanza")
	if err := os.Symlink("altrove.png", filepath.Join(p.dir, "link.png")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"mio.png", "link.png", "nessuna/cartella.png"} {
		_, stderr, code := p.run("pair", "--png", name)
		if code != cli.ExitFailure || !strings.Contains(stderr, name) {
			t.Errorf("%s: exit code %d, says %q", name, code, stderr)
		}
	}
	if err := os.MkdirAll(filepath.Join(p.dir, "spool", "urgenti"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := p.run("pair", "--png", "spool/urgenti/codice.png"); code != cli.ExitUsage || !strings.Contains(stderr, "del servizio") {
		t.Errorf("in the spool: exit code %d, says %q", code, stderr)
	}
	if left, err := os.ReadFile(filepath.Join(p.dir, "mio.png")); string(left) != "una vacanza" {
		t.Errorf("the file holds %q, %v", left, err)
	}
	if _, err := os.Lstat(filepath.Join(p.dir, "altrove.png")); err == nil {
		t.Error("a link was followed")
	}
}

// The window is closed, as at the end of a connection by ssh.
func TestHangUpRemovesThePicture(t *testing.T) {
	t.Parallel()
	// A program started by one that nohup started is deaf to this signal, and rightly so. One that we listen for is not
	// handed down as ignored.
	heard := make(chan os.Signal, 1)
	signal.Notify(heard, syscall.SIGHUP)
	defer signal.Stop(heard)
	p := newPlace(t)
	quietLog(p)
	c := p.console(80, 24, "pair", "--png", "codice.png")
	c.await("vale ancora")
	c.master.Close()
	select {
	case <-c.done:
	case <-time.After(time.Minute):
		t.Fatal("it goes on without a terminal")
	}
	if _, err := os.Lstat(filepath.Join(p.dir, "codice.png")); err == nil {
		t.Error("the picture was left behind")
	}
}

// The journal is no place for a code.
func TestNoCodeInTheJournal(t *testing.T) {
	t.Parallel()
	p := &place{t: t, dir: t.TempDir(), address: nowhere}
	quietLog(p)
	for _, stream := range []string{"stdout", "stderr"} {
		stdout, stderr, code := p.journaled(stream, "pair")
		if code != cli.ExitNotPaired || stdout != "" || !strings.Contains(stderr, "registro") {
			t.Errorf("%s: exit code %d, says %q and %q", stream, code, stdout, stderr)
		}
	}
}

// The service shows the code by itself where a person sits, and goes on.
func TestRunPairsOnATerminal(t *testing.T) {
	t.Parallel()
	needProgram(t, "zbarimg")
	p := newPlace(t)
	quietLog(p)
	c := p.console(80, 40, "run")
	screen := c.await("vale ancora")
	if strings.Contains(screen, "level=") {
		t.Errorf("the log comes between:\n%s", screen)
	}
	p.linkByCamera(func() []byte { return c.photograph() })
	c.await("Il servizio parte ora da solo")
	p.citizens(1)
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := c.code(); code != 0 {
		t.Errorf("exit code %d\n%s", code, c.screen())
	}
}

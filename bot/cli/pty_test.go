package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/sys/unix"
)

// console is a terminal that a test looks at and types on. It obeys what pairing
// sends, and fails the test at anything else.
type console struct {
	t      *testing.T
	master *os.File
	cmd    *exec.Cmd
	done   chan struct{} // closed when the process has ended

	mu      sync.Mutex
	cells   [][]rune
	x, y    int
	rolled  int // lines that have left at the top
	raw     strings.Builder
	escape  []rune
	shown   chan struct{} // closed and replaced at every change
	partial []byte
	light   bool // the background
}

// console runs `banditore args…` on a terminal of that size.
func (p *place) console(columns, lines int, args ...string) *console {
	t := p.t.(*testing.T)
	t.Helper()
	master, slave := openPTY(t)
	c := &console{t: t, master: master, done: make(chan struct{}), shown: make(chan struct{})}
	c.resize(columns, lines)
	c.cmd = exec.Command(os.Args[0], args...)
	c.cmd.Dir = p.dir
	c.cmd.Env = append(append(os.Environ(), serverKey+"="+p.address, "TERM=xterm", "LC_ALL=C.UTF-8", "NO_COLOR="), p.env...)
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = slave, slave, slave
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	slave.Close()
	read := make(chan struct{})
	go func() {
		defer close(read)
		c.read()
	}()
	go func() {
		c.cmd.Wait()
		<-read
		close(c.done)
	}()
	t.Cleanup(func() {
		c.cmd.Process.Kill()
		<-c.done
		master.Close()
	})
	return c
}

func openPTY(t *testing.T) (master, slave *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	var n int
	err = control(master, func(fd int) (err error) {
		if err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err == nil {
			n, err = unix.IoctlGetInt(fd, unix.TIOCGPTN)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slave, err = os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return master, slave
}

// control does something to a terminal. It is not done by its Fd, after which reads
// block, and a Close waits for the next output: the program behind it would not notice
// that its window is gone.
func control(terminal *os.File, do func(fd int) error) error {
	raw, err := terminal.SyscallConn()
	if err != nil {
		return err
	}
	if e := raw.Control(func(fd uintptr) { err = do(int(fd)) }); e != nil {
		return e
	}
	return err
}

// resize is what a person does with the window.
func (c *console) resize(columns, lines int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	cells := make([][]rune, lines)
	for i := range cells {
		cells[i] = []rune(strings.Repeat(" ", columns))
		if i < len(c.cells) {
			copy(cells[i], c.cells[i])
		}
	}
	c.cells, c.y = cells, min(c.y, lines-1)
	size := &unix.Winsize{Row: uint16(lines), Col: uint16(columns)}
	if err := control(c.master, func(fd int) error { return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, size) }); err != nil {
		c.t.Fatal(err)
	}
}

// lineMode tells whether the terminal is as a shell wants it.
func (c *console) lineMode() bool {
	var state *unix.Termios
	err := control(c.master, func(fd int) (err error) { state, err = unix.IoctlGetTermios(fd, unix.TCGETS); return err })
	if err != nil {
		c.t.Fatal(err)
	}
	return state.Lflag&unix.ICANON != 0 && state.Lflag&unix.ECHO != 0
}

// press types.
func (c *console) press(keys string) {
	c.t.Helper()
	if _, err := c.master.WriteString(keys); err != nil {
		c.t.Error(err)
	}
}

func (c *console) read() {
	buffer := make([]byte, 4096)
	for {
		n, err := c.master.Read(buffer)
		c.take(buffer[:n])
		if err != nil {
			return
		}
	}
}

// take shows what has been written. A character may come in two pieces, and one of which a Ctrl-C has thrown away the end
// is no character.
func (c *console) take(written []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.partial = append(c.partial, written...)
	for utf8.FullRune(c.partial) {
		r, size := utf8.DecodeRune(c.partial)
		c.partial = c.partial[size:]
		c.raw.WriteRune(r)
		c.put(r)
	}
	close(c.shown)
	c.shown = make(chan struct{})
}

func (c *console) put(r rune) {
	switch {
	case r == '^': // the echo of a Ctrl-C, wherever it comes between
		c.escape = nil
	case r == '\x1b': // also within a sequence of which the end was thrown away
		c.escape = []rune{r}
	case len(c.escape) > 0:
		c.escape = append(c.escape, r)
		if len(c.escape) > 2 && r >= '@' {
			c.obey(string(c.escape[2:len(c.escape)-1]), r)
			c.escape = nil
		}
	case r == '\r':
		c.x = 0
	case r == '\n':
		c.down()
	case r == '\a', r == '\b':
	default:
		if c.x == len(c.cells[c.y]) {
			c.x = 0
			c.down()
		}
		c.cells[c.y][c.x] = c.drawn(r)
		c.x++
	}
}

// drawn is a sign as it looks: light on light is light, whatever it is.
func (c *console) drawn(r rune) rune {
	if c.light {
		return '█'
	}
	return r
}

func (c *console) down() {
	if c.y < len(c.cells)-1 {
		c.y++
		return
	}
	blank := []rune(strings.Repeat(" ", len(c.cells[0])))
	c.cells = append(c.cells[1:], blank)
	c.rolled++
}

func (c *console) obey(args string, what rune) {
	switch what {
	case 'm':
		switch args {
		case "0":
			c.light = false
		case "97;107":
			c.light = true
		case "97;40":
			c.light = false
		default:
			c.t.Errorf("unknown colours %q", args)
		}
	case 'H':
		row, column, _ := strings.Cut(args, ";")
		y, _ := strconv.Atoi(row)
		x, _ := strconv.Atoi(column)
		c.y, c.x = max(y, 1)-1, max(x, 1)-1
		if c.y >= len(c.cells) || c.x >= len(c.cells[0]) {
			c.t.Errorf("the cursor was sent out of the window, to %s", args)
			c.y, c.x = 0, 0
		}
	case 'K':
		c.blank(c.y, c.x)
	case 'J':
		c.blank(c.y, c.x)
		for y := c.y + 1; y < len(c.cells); y++ {
			c.blank(y, 0)
		}
	default:
		c.t.Errorf("unknown sequence %q%c", args, what)
	}
}

func (c *console) blank(y, from int) {
	for x := from; x < len(c.cells[y]); x++ {
		c.cells[y][x] = ' '
	}
}

// A terminal throws away what it has not yet shown when somebody types Ctrl-C: the last words come after half a character,
// or half a sequence, and are shown all the same.
func TestWordsAfterACtrlC(t *testing.T) {
	t.Parallel()
	for _, cut := range []string{"", "\xe2", "\xe2\x96", "\x1b", "\x1b[", "\x1b[97;1", "\x1b[97;40"} {
		for _, echo := range []string{"", "^C"} {
			c := &console{t: t, cells: [][]rune{[]rune("          "), []rune("          ")}, shown: make(chan struct{})}
			for _, written := range []string{"\x1b[97;107m█ ", cut, echo, "\x1b[0m\x1b[H\x1b[J\xc3", "\xa8 finita"} {
				c.take([]byte(written))
			}
			if got := c.screen(); got != "è finita" {
				t.Errorf("after %q and %q the screen shows %q", cut, echo, got)
			}
		}
	}
}

// screen is what is to be seen now.
func (c *console) screen() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var lines []string
	for _, line := range c.cells {
		lines = append(lines, strings.TrimRight(string(line), " "))
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// photograph is the screen as a picture, eight pixels to half a character.
func (c *console) photograph() []byte {
	const unit = 8
	lines := strings.Split(c.screen(), "\n")
	picture := image.NewGray(image.Rect(0, 0, 90*unit, 90*unit))
	for y, line := range lines {
		for x, r := range []rune(line) {
			for half, lit := range [2]bool{r == '█' || r == '▀', r == '█' || r == '▄'} {
				if lit {
					draw.Draw(picture, image.Rect(x*unit, (2*y+half)*unit, (x+1)*unit, (2*y+half+1)*unit), image.White, image.Point{}, draw.Src)
				}
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		c.t.Fatal(err)
	}
	return out.Bytes()
}

// said is all that was ever written.
func (c *console) said() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.raw.String()
}

// await waits until the screen shows the words, wherever its lines break.
func (c *console) await(words string) string {
	c.t.Helper()
	return c.awaitThat(words, func(screen string) bool { return strings.Contains(unbroken(screen), words) })
}

func (c *console) awaitThat(what string, is func(screen string) bool) string {
	c.t.Helper()
	patience := time.After(40 * time.Second)
	for {
		c.mu.Lock()
		shown := c.shown
		c.mu.Unlock()
		screen := c.screen()
		if is(screen) {
			return screen
		}
		select {
		case <-shown:
		case <-c.done:
			if screen := c.screen(); is(screen) {
				return screen
			}
			c.t.Fatalf("it ended without %q:\n%s", what, c.screen())
		case <-patience:
			c.t.Fatalf("%q never came:\n%s", what, c.screen())
		}
	}
}

// code waits for the end and returns the exit code.
func (c *console) code() int {
	c.t.Helper()
	select {
	case <-c.done:
	case <-time.After(40 * time.Second):
		c.t.Fatalf("it does not end:\n%s", c.screen())
	}
	return c.cmd.ProcessState.ExitCode()
}

func unbroken(s string) string { return strings.Join(strings.Fields(s), " ") }

// journaled runs a command, one of whose streams the environment names as the
// system's log.
func (p *place) journaled(stream string, args ...string) (stdout, stderr string, code int) {
	t := p.t.(*testing.T)
	t.Helper()
	out, errs := filepath.Join(t.TempDir(), "out"), filepath.Join(t.TempDir(), "err")
	files := map[string]*os.File{}
	for name, path := range map[string]string{"stdout": out, "stderr": errs} {
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		files[name] = f
	}
	var s unix.Stat_t
	if err := unix.Fstat(int(files[stream].Fd()), &s); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = p.dir, files["stdout"], files["stderr"]
	cmd.Env = append(os.Environ(), serverKey+"="+p.address, fmt.Sprintf("JOURNAL_STREAM=%d:%d", s.Dev, s.Ino))
	_ = cmd.Run()
	said, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	talk, err := os.ReadFile(errs)
	if err != nil {
		t.Fatal(err)
	}
	return string(said), string(talk), cmd.ProcessState.ExitCode()
}

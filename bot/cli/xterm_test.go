package cli_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The code as it is shown is read off the screen by a program that knows nothing
// of ours, and the phone that gets what was read is linked: in a real terminal,
// dark and light.
func TestACameraReadsTheCode(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"Xvfb", "xterm", "import", "convert", "zbarimg", "tmux"} {
		needProgram(t, program)
	}
	needFile(t, "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf") // X's own fonts lack half blocks
	dark, light := []string{"-bg", "black", "-fg", "white"}, []string{"-bg", "white", "-fg", "black"}
	for _, test := range []struct {
		name, size, kind string
		env              []string
		look             []string
		args             []string
		blur             string // of the camera, in pixels; with it lines between signs are lost
	}{
		{name: "dark", size: "80x40", kind: "xterm", look: dark},
		{name: "light", size: "80x40", kind: "xterm", look: light},
		{name: "dark, 256 colours", size: "80x40", kind: "xterm-256color", look: dark},
		{name: "light, 256 colours", size: "80x40", kind: "xterm-256color", look: light},
		{name: "amber", size: "80x40", kind: "xterm-256color", look: []string{"-bg", "#fdf6e3", "-fg", "#b58900"}},
		{name: "text console", size: "80x40", kind: "linux", look: light},
		{name: "narrow", size: "61x40", kind: "xterm", look: light},
		{name: "wide and low", size: "110x30", kind: "xterm", look: light},
		{name: "big", size: "140x70", kind: "xterm", look: light, args: []string{"--big"}},
		{name: "no UTF-8", size: "140x70", kind: "xterm", look: light, env: []string{"LC_ALL=C"}},
		{name: "no colours, dark", size: "80x40", kind: "xterm", look: dark, env: []string{"NO_COLOR=1"}, blur: "1"},
		{name: "no colours, light", size: "80x40", kind: "xterm", look: light, env: []string{"NO_COLOR=1"}, args: []string{"--invert"}, blur: "2"},
		{name: "signs without colours", size: "140x70", kind: "xterm", look: dark, env: []string{"NO_COLOR=1", "LC_ALL=C"}, blur: "3"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t)
			display := virtualDisplay(t)
			quietLog(p)
			env := append([]string{"TERM=" + test.kind, "LC_ALL=C.UTF-8", "NO_COLOR=", "COLORTERM="}, test.env...)
			command := append(append([]string{"env"}, env...), append([]string{os.Args[0], "pair"}, test.args...)...)
			p.xterm(display, test.size, test.look, command...)
			p.linkByCamera(func() []byte { return screenshot(t, display, test.blur) })
		})
	}
	t.Run("tmux", func(t *testing.T) {
		t.Parallel()
		p := newPlace(t)
		display := virtualDisplay(t)
		quietLog(p)
		socket := filepath.Join(p.dir, "tmux")
		t.Cleanup(func() { exec.Command("tmux", "-S", socket, "kill-server").Run() })
		p.xterm(display, "80x41", light, "env", "LC_ALL=C.UTF-8", "NO_COLOR=", "tmux", "-S", socket, "-f", "/dev/null", "new-session", os.Args[0]+" pair")
		p.linkByCamera(func() []byte { return screenshot(t, display, "") })
	})
}

// Where the window is too small the picture in the file is read instead.
func TestACameraReadsThePicture(t *testing.T) {
	t.Parallel()
	needProgram(t, "zbarimg")
	p := newPlace(t)
	quietLog(p)
	c := p.console(80, 24, "pair", "--png", "codice.png")
	c.await("vale ancora")
	p.linkByCamera(p.picture("codice.png"))
	c.await("è collegato. E adesso:")
	if code := c.code(); code != 0 {
		t.Errorf("exit code %d\n%s", code, c.screen())
	}
	if _, err := os.Lstat(filepath.Join(p.dir, "codice.png")); err == nil {
		t.Error("the picture was left behind")
	}
}

// picture is what a camera sees in a file.
func (p *place) picture(name string) func() []byte {
	return func() []byte {
		picture, err := os.ReadFile(filepath.Join(p.dir, name))
		if err != nil {
			p.t.Fatal(err)
		}
		return picture
	}
}

// needProgram skips a test that an installed program is missing for, but not
// where everything must be there.
func needProgram(t *testing.T, name string) {
	t.Helper()
	_, err := exec.LookPath(name)
	need(t, name, err)
}

func needFile(t *testing.T, name string) {
	t.Helper()
	_, err := os.Stat(name)
	need(t, name, err)
}

func need(t *testing.T, name string, err error) {
	t.Helper()
	if err == nil {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing", name)
	}
	t.Skipf("%s is not installed", name)
}

// virtualDisplay starts a display that nobody sees.
func virtualDisplay(t *testing.T) string {
	t.Helper()
	number, tell, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer number.Close()
	// Without -noreset it lets nobody in for a moment whenever its last window has gone.
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp", "-noreset")
	cmd.ExtraFiles = []*os.File{tell}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	tell.Close()
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	var n int
	if _, err := fmt.Fscan(number, &n); err != nil {
		t.Fatalf("no display: %v", err)
	}
	return fmt.Sprintf(":%d", n)
}

// xterm shows a command in a window of its own.
func (p *place) xterm(display, size string, look []string, command ...string) {
	p.t.Helper()
	args := append([]string{"-display", display, "-geometry", size + "+0+0", "-u8", "-fa", "DejaVu Sans Mono", "-fs", "8"}, look...)
	cmd := exec.Command("xterm", append(append(args, "-e"), command...)...)
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), serverKey+"="+p.address, "DISPLAY="+display)
	cmd.Stderr = p
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
}

func screenshot(t *testing.T, display, blur string) []byte {
	t.Helper()
	picture, err := exec.Command("import", "-display", display, "-window", "root", "png:-").Output()
	if err != nil {
		t.Fatalf("screenshot: %v", err)
	}
	if blur == "" {
		return picture
	}
	cmd := exec.Command("convert", "png:-", "-colorspace", "gray", "-blur", "0x"+blur, "png:-")
	cmd.Stdin = bytes.NewReader(picture)
	if picture, err = cmd.Output(); err != nil {
		t.Fatalf("blur: %v", err)
	}
	return picture
}

// linkByCamera lets the Comune's phone scan what a program sees, until it is
// linked.
func (p *place) linkByCamera(look func() []byte) {
	p.t.Helper()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	patience := time.After(40 * time.Second)
	var picture []byte
	for {
		picture = look()
		cmd := exec.Command("zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", "-")
		cmd.Stdin = bytes.NewReader(picture)
		seen, _ := cmd.Output() // it fails where there is no code
		if code := strings.TrimSpace(string(seen)); code != "" {
			p.keep(picture)
			scan := p.scan
			if scan == nil {
				scan = p.phone.ScanQR
			}
			if err := scan(code); err != nil {
				p.t.Fatalf("the phone does not take what was read: %v", err)
			}
			return
		}
		select {
		case <-tick.C:
		case <-patience:
			p.keep(picture)
			p.t.Fatalf("no code could be read off the screen\n%s", tail(p.said()))
		}
	}
}

// keep leaves the last picture where somebody can look at it.
func (p *place) keep(picture []byte) {
	if dir := os.Getenv("KEEP_SCREENSHOTS"); dir != "" {
		name := strings.NewReplacer("/", "-", " ", "-").Replace(p.t.Name()) + ".png"
		_ = os.WriteFile(filepath.Join(dir, name), picture, 0o600)
	}
}

package cli_test

import (
	"regexp"
	"strings"
	"testing"

	"banditore/bot/cli"
)

var consoleLine = regexp.MustCompile(`(?m)^\(async.*\)\(\)\r?$`)

// linkCode reads the eight characters off the terminal.
var eight = regexp.MustCompile(`(?m)^ +([0-9A-Z]{4}-[0-9A-Z]{4})\r?$`)

// Eight characters instead of a picture, where no window is large enough for one.
func TestPairByCharacters(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	quietLog(p)
	c := p.console(40, 12, "pair", "--code")
	c.awaitThat("eight characters", func(s string) bool { return eight.MatchString(s) })
	if screen := unbroken(c.screen()); !strings.Contains(screen, "Collega con numero di telefono") {
		t.Errorf("it does not say where to type them:\n%s", screen)
	}
	if err := p.phone.EnterCode(eight.FindStringSubmatch(c.screen())[1]); err != nil {
		t.Fatal(err)
	}
	if code := c.code(); code != 0 || !strings.Contains(unbroken(c.said()), "è collegato. E adesso:") {
		t.Errorf("exit code %d\n%s", code, c.screen())
	}
}

// A program that reads what `pair --code` prints has them on a line of their own.
func TestCharactersInAPipe(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	quietLog(p)
	pr := p.start("pair", "--code")
	if !pr.stdout.Scan() {
		t.Fatal("no code came")
	}
	if err := p.phone.EnterCode(pr.stdout.Text()); err != nil {
		t.Errorf("%q: %v", pr.stdout.Text(), err)
	}
	for pr.stdout.Scan() {
	}
	if err := pr.Wait(); err != nil {
		t.Error(err)
	}
	close(pr.done)
}

// askedForPasskey pairs up to the question, and answers it wrongly once.
func askedForPasskey(t *testing.T) (*place, *console, func() string) {
	p := newPlace(t)
	quietLog(p)
	p.phone.SetPasskey(true)
	c := p.console(80, 40, "pair", "--png", "codice.png")
	c.await("vale ancora")
	done := make(chan error, 1)
	p.scan = func(code string) error {
		go func() { done <- p.phone.ScanQR(code) }()
		return nil
	}
	p.linkByCamera(p.picture("codice.png"))
	c.await("Incolla qui (restano 9:5")
	line := func() string {
		t.Helper()
		lines := consoleLine.FindAllString(c.said(), -1)
		if len(lines) == 0 {
			t.Fatalf("no line to run in a browser:\n%s", c.screen())
		}
		return strings.TrimSpace(lines[len(lines)-1])
	}
	t.Cleanup(func() { <-done })
	return p, c, line
}

// The passkey: a long paste in several lines, a wrong one first, the code
// compared by a person.
func TestPairWithPasskey(t *testing.T) {
	t.Parallel()
	p, c, line := askedForPasskey(t)
	c.press("{\"id\": \"troppo poco\"}\n")
	c.await("non è tutto il testo")
	answer, err := p.phone.AnswerPasskey(line())
	if err != nil {
		t.Fatal(err)
	}
	answer = strings.Replace(answer, "{", "{\n "+strings.Repeat(" ", 5000), 1) // longer than a line may be
	c.press("\x1b[200~```json\n" + strings.ReplaceAll(answer, `,"`, ",\n\"") + "\n```\n\x1b[201~")
	c.await("Scrivi sì o no")
	if code := p.phone.PasskeyCode(); code == "" || !strings.Contains(c.screen(), code) {
		t.Errorf("the phone shows %q:\n%s", code, c.screen())
	}
	c.press("boh\n")
	c.press("Sì\n")
	c.await("è collegato. E adesso:")
	if code := c.code(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// Another code on the phone is somebody else's pairing.
func TestPasskeyCodeDiffers(t *testing.T) {
	t.Parallel()
	p, c, line := askedForPasskey(t)
	answer, err := p.phone.AnswerPasskey(line())
	if err != nil {
		t.Fatal(err)
	}
	c.press(answer)
	c.await("Scrivi sì o no")
	c.press("no\n")
	screen := c.await("Che cosa si può ancora provare")
	if code := c.code(); code != cli.ExitFailure {
		t.Errorf("exit code %d\n%s", code, screen)
	}
}

// Ctrl-C works while the terminal is out of its line mode, and puts it back.
func TestPasskeyGivenUp(t *testing.T) {
	t.Parallel()
	_, c, _ := askedForPasskey(t)
	c.press("{\"id\":")
	c.press("\x03")
	c.await("Interrotto: nessun telefono è stato collegato")
	if code := c.code(); code != cli.ExitNotPaired {
		t.Errorf("exit code %d", code)
	}
	if !c.lineMode() {
		t.Error("the terminal was left without line mode and echo")
	}
}

// A program can give the answers too: it reads the line from standard error, and
// writes to a pipe.
func TestPasskeyThroughPipes(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	quietLog(p)
	p.phone.SetPasskey(true)
	pr := p.startTyping("pair")
	done := make(chan error, 1)
	go func(code string) { done <- p.phone.ScanQR(code) }(pr.nextCode())
	p.awaitSaid("Incolla qui quel testo")
	answer, err := p.phone.AnswerPasskey(strings.TrimSpace(consoleLine.FindString(p.said())))
	if err != nil {
		t.Fatal(err)
	}
	pr.typing(answer + "\n")
	p.awaitSaid("Scrivi sì o no")
	if code := p.phone.PasskeyCode(); !strings.Contains(p.said(), code) {
		t.Errorf("the phone shows %q", code)
	}
	pr.typing("si\n")
	if err := <-done; err != nil {
		t.Error(err)
	}
	for pr.stdout.Scan() {
	}
	if err := pr.Wait(); err != nil {
		t.Errorf("pair: %v\n%s", err, p.said())
	}
	close(pr.done)
}

package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"banditore/bot/cli"
	"banditore/bot/memdir"
	"banditore/bot/whatsapp/whatsapptest"
	"banditore/store"
)

const comune = "+393343679575"

// serverKey names the environment variable that turns this test binary into a
// banditore process whose WhatsApp is the server at that address.
const serverKey = "TEST_WHATSAPP"

func TestMain(m *testing.M) {
	if file := os.Getenv(readsKey); file != "" {
		os.Exit(readUntilKilled(file))
	}
	if address := os.Getenv(serverKey); address != "" {
		os.Exit(banditore(address))
	}
	waitTogether()
	os.Exit(memdir.Run(m))
}

// waitTogether lets more tests run at a time than there are cores, unless somebody
// has said how many: most of them wait for other processes.
func waitTogether() {
	atOnce := 12
	if raceDetector { // then they are at work
		atOnce = 8
	}
	flag.Parse()
	if parallel := flag.Lookup("test.parallel"); parallel.Value.String() == parallel.DefValue {
		_ = parallel.Value.Set(strconv.Itoa(atOnce))
	}
}

// banditore is main.go, with another transport.
func banditore(address string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	app := cli.New(os.Stdout, os.Stderr)
	app.HTTPClient = whatsapptest.Dial(address)
	signal.Ignore(syscall.SIGXFSZ) // a disk that is played full answers with an error
	if step := os.Getenv(stepKey); step != "" {
		app.Stderr = &deathBed{step: step, out: os.Stderr}
	}
	return app.Run(ctx, os.Args[1:])
}

// place is a Comune's server room: an empty directory, a configuration, and a
// WhatsApp that processes can reach.
type place struct {
	t       testing.TB
	dir     string
	server  *whatsapptest.Server
	address string
	phone   *whatsapptest.Phone
	scan    func(code string) error // by the camera of a test; nil: the Comune's phone scans
	stdin   *os.File                // of the next process; nil: none
	env     []string                // for the next process
	gap     string                  // the link whose history is over
	waits   bool                    // for the history of the first link, as in life
	out     bytes.Buffer            // all that any process said
	mu      sync.Mutex              // guards out
}

const settings = `service:
  name: "@infoSaronno7"
  comune: Saronno
  number: "` + comune + `"
  channels: il telefono 02 1234 5678 o l'e-mail urp@comune.example
  rules_url: https://comune.example/regole
  privacy_url: https://comune.example/privacy
data_dir: data
spool_dir: spool
sending: {every: 0s, urgent_every: 0s, hours: "00:00-24:00", grace: 0s, holdback: 0s}
spool: {settle: 100ms, scan: 1s}
answers: {per_minute: 100000}
log: {level: debug}
`

// windowOf is the settings, with so many urgent messages in a wave.
func windowOf(letters int) string {
	return strings.Replace(settings, "urgent_every: 0s", fmt.Sprintf("urgent_every: 0s, window: %d", letters), 1)
}

// newPlace is one for a test that -short leaves out, because processes take their
// time.
func newPlace(t testing.TB) *place {
	t.Helper()
	if testing.Short() {
		t.Skip("starts processes; -short runs but a few of those")
	}
	return openPlace(t)
}

func openPlace(t testing.TB) *place {
	t.Helper()
	p := &place{t: t, dir: t.TempDir(), server: whatsapptest.Start(t)}
	var err error
	if p.address, err = p.server.Listen(); err != nil {
		t.Fatal(err)
	}
	p.phone = p.server.NewPhone(comune)
	p.write("config.yaml", settings)
	return p
}

func (p *place) write(name, text string) {
	p.t.Helper()
	if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o660); err != nil {
		p.t.Fatal(err)
	}
}

// process is one running banditore.
type process struct {
	*exec.Cmd
	t      testing.TB
	stdout *bufio.Scanner
	done   chan struct{} // closed when it has ended
	typing func(text string)
}

// start runs `banditore args…` in the place's directory.
func (p *place) start(args ...string) *process {
	p.t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Dir = p.dir
	cmd.Env = append(append(os.Environ(), serverKey+"="+p.address), p.env...)
	cmd.Stderr = p
	if p.stdin != nil {
		cmd.Stdin = p.stdin
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	pr := &process{Cmd: cmd, t: p.t, stdout: bufio.NewScanner(io.TeeReader(out, p)), done: make(chan struct{})}
	p.t.Cleanup(func() { pr.end(syscall.SIGKILL) })
	return pr
}

// startTyping is start for a process that is told something.
func (p *place) startTyping(args ...string) *process {
	p.t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		p.t.Fatal(err)
	}
	p.stdin = read
	pr := p.start(args...)
	p.stdin = nil
	read.Close()
	p.t.Cleanup(func() { write.Close() })
	pr.typing = func(text string) {
		if _, err := write.WriteString(text); err != nil {
			p.t.Error(err)
		}
	}
	return pr
}

// awaitSaid waits until some process has said the words.
func (p *place) awaitSaid(words string) {
	p.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	patience := time.After(time.Minute)
	for !strings.Contains(p.said(), words) {
		select {
		case <-tick.C:
		case <-patience:
			p.t.Fatalf("%q was never said\n%s", words, tail(p.said()))
		}
	}
}

// end sends the signal and waits.
func (pr *process) end(sig os.Signal) {
	select {
	case <-pr.done:
		return
	default:
	}
	pr.Process.Signal(sig)
	pr.Wait()
	close(pr.done)
}

// Write collects what processes say.
func (p *place) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.Write(b)
}

func (p *place) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.String()
}

// run runs a command to its end and returns what it printed.
func (p *place) run(args ...string) (stdout, stderr string, code int) {
	p.t.Helper()
	return p.runWith("", args...)
}

// runWith is run with something on standard input.
func (p *place) runWith(input string, args ...string) (stdout, stderr string, code int) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), serverKey+"="+p.address)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		p.t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// nextCode reads the process's output up to the next pairing code.
func (pr *process) nextCode() string {
	pr.t.Helper()
	for pr.stdout.Scan() {
		if code, shown := pr.code(); shown {
			return code
		}
	}
	pr.t.Fatalf("the output ended without a code: %v", pr.stdout.Err())
	return ""
}

// code is the pairing code in the line that was read last, if it holds one.
func (pr *process) code() (code string, shown bool) {
	line := pr.stdout.Text()
	return line, strings.Contains(line, ",") && !strings.ContainsAny(line, "█▀▄")
}

// pair links the Comune's phone with `banditore pair`.
func (p *place) pair() {
	p.t.Helper()
	pr := p.start("pair")
	if err := p.phone.ScanQR(pr.nextCode()); err != nil {
		p.t.Fatalf("scan: %v", err)
	}
	for pr.stdout.Scan() {
	}
	if err := pr.Wait(); err != nil {
		p.t.Fatalf("pair: %v\n%s", err, p.said())
	}
	close(pr.done)
}

// daemon runs `banditore run`; its output is collected.
func (p *place) daemon() *process {
	p.t.Helper()
	pr := p.start("run")
	go func() {
		for pr.stdout.Scan() {
		}
	}()
	return pr
}

func (p *place) citizens(n int) []*whatsapptest.Phone {
	p.t.Helper()
	var list []*whatsapptest.Phone
	for i := range n {
		c := p.server.NewPhone(fmt.Sprintf("+39399%07d", i+1))
		c.Text(comune, fmt.Sprintf("Attiva Notizie Gianbattista%d Zanardelli%d Saronno", i, i))
		list = append(list, c)
	}
	for _, c := range list {
		p.await(c, "Iscrizione attiva")
		if _, err := c.AwaitMessages(p.t.Context(), 2); err != nil { // the contact card
			p.t.Fatal(err)
		}
	}
	if !p.waits {
		p.endHistory()
	}
	return list
}

// endHistory spares a test the ten seconds after each new link in which the daemon waits for what the phone has still to
// tell of the past, which is nothing here. The link must be in use, or be so soon.
func (p *place) endHistory() {
	p.t.Helper()
	list, err := store.Open(p.t.Context(), filepath.Join(p.dir, "data"))
	if err != nil {
		p.t.Fatal(err)
	}
	defer list.Close()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for patience := time.After(time.Minute); ; {
		gap, err := list.Gap(p.t.Context())
		if err != nil {
			p.t.Fatal(err)
		}
		if gap.Link != p.gap {
			p.gap = gap.Link
			mustDo(p.t, list.CloseGap(p.t.Context()))
			return
		}
		select {
		case <-tick.C:
		case <-patience:
			p.t.Fatalf("there is no new link\n%s", tail(p.said()))
		}
	}
}

func (p *place) await(c *whatsapptest.Phone, text string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 3*time.Minute)
	defer cancel()
	if _, err := c.AwaitText(ctx, text); err != nil {
		p.t.Fatalf("%q never came: %v\n%s", text, err, tail(p.said()))
	}
}

func tail(s string) string { return s[max(0, len(s)-4000):] }

// awaitFile waits until a file is there.
func (p *place) awaitFile(name string) {
	p.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	patience := time.After(time.Minute)
	for {
		if _, err := os.Stat(filepath.Join(p.dir, name)); err == nil {
			return
		}
		select {
		case <-tick.C:
		case <-patience:
			p.t.Fatalf("%s never came\n%s", name, tail(p.said()))
		}
	}
}

// copySlowly writes a file as a slow share does: opened, written and closed
// again for every byte.
func copySlowly(t testing.TB, name, text string) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for i := range len(text) {
		f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o660)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(text[i : i+1]); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		<-tick.C
	}
}

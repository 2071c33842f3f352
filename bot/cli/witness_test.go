package cli_test

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"banditore/bot/whatsapp/whatsapptest"
)

// baileysKey names the environment variable with the folder whose node_modules
// holds the npm package baileys.
const baileysKey = "BAILEYS"

// A citizen's linked device runs Baileys, a client that shares no line with our
// phones. It subscribes, is confirmed, reads an announcement at once and one
// after an absence, cannot decrypt a third, which a restarted daemon encrypts
// again, and leaves. What it reads is what our phones claim to have read.
func TestG2_ForeignWitness(t *testing.T) {
	t.Parallel()
	baileys := os.Getenv(baileysKey)
	if baileys == "" {
		lacks(t, "no foreign client: %s must name a folder in which `npm install baileys@7.0.0-rc14` was run", baileysKey)
	}
	p := newPlace(t)
	p.pair()
	daemon := p.daemon()
	neighbour := p.citizens(1)[0]
	citizen := p.server.NewPhone("+393990000777")
	w := p.witness(baileys)
	if err := citizen.ScanQR(w.await("code", "")); err != nil {
		t.Fatal(err)
	}
	w.await("open", "")
	publish := func(name, text string) {
		t.Helper()
		p.write(filepath.Join("spool", "da_inviare", name), text+"\n")
		p.await(neighbour, text)
	}

	w.do(order{Duty: "write", To: comune, Text: "Attiva Notizie Ermenegilda Quaglia Saronno"})
	w.await("message", "Iscrizione attiva")
	publish("mercato.txt", "Giovedì il mercato è in via Roma. 🧺")
	w.await("message", "Giovedì il mercato")

	w.do(order{Duty: "off"})
	w.await("off", "")
	publish("neve.txt", "Scuole chiuse per *neve*.\n\nDomani riaprono.")
	p.await(citizen, "Scuole chiuse")
	w.do(order{Duty: "on"})
	w.await("message", "Scuole chiuse")

	w.do(order{Duty: "off"})
	w.await("off", "")
	publish("acqua.txt", "Acqua chiusa in via Verdi.")
	p.awaitFile(filepath.Join("spool", "inviati", "acqua.txt.esito.txt"))
	daemon.end(syscall.SIGKILL)
	daemon = p.daemon()
	w.do(order{Duty: "forget", To: p.phone.LID()})
	w.await("forgotten", "")
	w.do(order{Duty: "on"})
	w.await("garbled", "")
	w.await("message", "Acqua chiusa")

	w.do(order{Duty: "write", To: comune, Text: "Disattiva Notizie"})
	w.await("message", "cancellat")
	publish("dopo.txt", "Per chi è rimasto.")
	p.awaitFile(filepath.Join("spool", "inviati", "dopo.txt.esito.txt"))
	w.end()
	daemon.end(syscall.SIGTERM)

	w.bears(p.phone, citizen, neighbour)
}

// bears compares what Baileys saw with what our phones claim to have seen.
func (w *witness) bears(comune, citizen, neighbour *whatsapptest.Phone) {
	w.t.Helper()
	w.allFrom(comune)
	w.agrees("the citizen's phone", w.seen["message"], citizen.Messages(), 6)
	w.agrees("the citizen's phone, of what Baileys wrote", w.seen["written"], citizen.SentCopies(), 2)
	w.agrees("the Comune's phone", w.seen["written"], from(citizen, comune.Messages()), 2)
	if got, want := texts(citizen.Messages())[2:5], texts(neighbour.Messages())[2:5]; !slices.Equal(got, want) {
		w.t.Errorf("the citizen got %q, the neighbour %q", got, want)
	}
}

// lacks skips a test for want of something that this machine need not have, but
// that CI installs: there nothing is left out unnoticed.
func lacks(t testing.TB, reason string, args ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf(reason, args...)
	}
	t.Skipf(reason+"; CI does that", args...)
}

// order is a line for the script that runs Baileys.
type order struct {
	Duty string `json:"duty"`
	To   string `json:"to,omitempty"` // number or LID
	Text string `json:"text,omitempty"`
}

// sight is a line from the script.
type sight struct {
	Event, ID, From, Text string
	MIME, Name, Sum       string // of a file
}

// witness is a node process in which Baileys runs.
type witness struct {
	t      testing.TB
	orders io.WriteCloser
	sights chan sight
	seen   map[string][]sight // all so far, by event
}

func (p *place) witness(baileys string) *witness {
	p.t.Helper()
	p.write("authority.pem", string(p.server.CertificatePEM()))
	root := whatsapptest.RootKey()
	cmd := exec.CommandContext(p.t.Context(), "node", filepath.Join("testdata", "witness.mjs"))
	cmd.Env = append(os.Environ(), "SERVER="+p.address, "ROOT_KEY="+hex.EncodeToString(root[:]),
		"MEMORY="+p.t.TempDir(), "NODE_EXTRA_CA_CERTS="+filepath.Join(p.dir, "authority.pem"))
	w := &witness{t: p.t, sights: make(chan sight, 100), seen: map[string][]sight{}}
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if w.orders, err = cmd.StdinPipe(); err != nil {
		p.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	go func() {
		defer close(w.sights)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var s sight
			if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
				p.t.Errorf("the script said %q: %v", lines.Text(), err)
			}
			w.sights <- s
		}
	}()
	p.t.Cleanup(func() {
		cmd.Process.Kill()
		for range w.sights { // nobody reads them after a failure, and the reader must end before Wait
		}
		cmd.Wait()
		if p.t.Failed() {
			p.t.Logf("node complained:\n%s", tail(complaints.String()))
		}
	})
	return w
}

func (w *witness) do(o order) {
	w.t.Helper()
	o.To = strings.TrimPrefix(o.To, "+")
	if err := json.NewEncoder(w.orders).Encode(o); err != nil {
		w.t.Fatal(err)
	}
}

// await waits for the next sight of a kind whose text contains the words, and
// returns the text.
func (w *witness) await(event, contains string) string {
	w.t.Helper()
	patience := time.After(time.Minute)
	for {
		select {
		case s, open := <-w.sights:
			if !open {
				w.t.Fatalf("node ended before %q %q", event, contains)
			}
			w.seen[s.Event] = append(w.seen[s.Event], s)
			if s.Event == event && strings.Contains(s.Text, contains) {
				return s.Text
			}
		case <-patience:
			w.t.Fatalf("Baileys never saw %q %q, but %v", event, contains, w.seen)
		}
	}
}

// end lets the script end and keeps what it had still to tell.
func (w *witness) end() {
	w.orders.Close()
	for s := range w.sights {
		w.seen[s.Event] = append(w.seen[s.Event], s)
	}
}

// agrees compares what Baileys saw with what a phone of ours claims: the same
// IDs with the same texts, in the same order. What Baileys could not decrypt it
// asks of its author and, a little later, of its own phone, and may tell of both
// answers.
func (w *witness) agrees(whose string, seen []sight, claimed []whatsapptest.Message, count int) {
	w.t.Helper()
	told := map[string]string{} // the text by ID
	seen = slices.DeleteFunc(slices.Clone(seen), func(s sight) bool {
		text, twice := told[s.ID]
		told[s.ID] = s.Text
		return twice && s.Text == text && len(w.of("garbled", s.ID)) > 0
	})
	same := slices.EqualFunc(seen, claimed, func(s sight, m whatsapptest.Message) bool { return s.ID == m.ID && s.Text == m.Text })
	if !same || len(seen) != count {
		w.t.Errorf("%s and Baileys differ, or did not see %d:\nours    %v\nBaileys %v", whose, count, claimed, seen)
	}
}

// allFrom compares who wrote what Baileys read, and wants all that it could not
// decrypt to be the announcement of which it lost the session.
func (w *witness) allFrom(author *whatsapptest.Phone) {
	w.t.Helper()
	for _, s := range slices.Concat(w.seen["message"], w.seen["garbled"]) {
		if s.From != author.LID()+"@lid" {
			w.t.Errorf("Baileys saw %v, not from %s", s, author.LID())
		}
	}
	for _, s := range w.seen["garbled"] {
		again := func(m sight) bool { return m.ID == s.ID && m.Text == "Acqua chiusa in via Verdi." }
		if !slices.ContainsFunc(w.seen["message"], again) {
			w.t.Errorf("Baileys could not decrypt %s, which is not what was repeated", s.ID)
		}
	}
}

func from(author *whatsapptest.Phone, all []whatsapptest.Message) []whatsapptest.Message {
	return slices.DeleteFunc(all, func(m whatsapptest.Message) bool { return m.From != author.Number() })
}

func texts(messages []whatsapptest.Message) (list []string) {
	for _, m := range messages {
		list = append(list, m.Text)
	}
	return list
}

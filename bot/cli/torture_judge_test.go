package cli_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"

	"banditore/bot/whatsapp/whatsapptest"
)

// elsewhere is in the answer to what is neither a registration nor a cancellation.
const elsewhere = "qui risponde un programma, non una persona"

// noticed is what the daemon says of ENOSPC, and of EFBIG.
var noticed = regexp.MustCompile("the disk (is full|reports an error)")

// judge compares phones, report and status.
func (s *storm) judge() {
	s.t.Helper()
	s.daemon.end(syscall.SIGTERM)
	s.mu.Lock()
	missing, taken := s.next, s.taken
	s.mu.Unlock()
	if len(missing) > 0 {
		s.t.Errorf("%d troubles of the plan never came, the first is %+v", len(missing), missing[0])
	}
	if !noticed.MatchString(s.said()) {
		s.t.Error("nobody noticed that the disk was full")
	}
	repeats, missed := 0, 0
	for i, c := range s.people {
		if missing := s.judgePhone(i, c); missing > 0 {
			s.t.Errorf("phone %d misses %d messages", i, missing)
		}
		if web := s.second[i]; web != nil {
			missed += s.judgePhone(i, web)
		}
		repeats += c.Repeats()
	}
	// The library passes over a device whose keys it could not ask for, when there is another that it can write to.
	s.t.Logf("%d messages taken, %d came again under an ID that was known, second devices missed %d", taken, repeats, missed)
	f := s.status()
	if want := len(s.people) - count(s.leaving); f.Subscribers != want {
		s.t.Errorf("status says %d subscribers, want %d", f.Subscribers, want)
	}
	if len(f.Announcements) != 2 {
		s.t.Fatalf("status says %+v, want two announcements", f.Announcements)
	}
	s.judgeAnnouncement("mercato.txt", news, f)
	s.judgeAnnouncement("neve.txt", alarm, f)
}

// judgePhone counts what a device shows of each text, and returns how many are missing.
func (s *storm) judgePhone(i int, c *whatsapptest.Phone) (missing int) {
	for _, text := range []string{"Iscrizione attiva", news, alarm, "cancellat", elsewhere} {
		want := 1
		switch {
		case text == elsewhere:
			want = s.asked[i]
		case s.refused[i] && (text == news || text == alarm), !s.leaving[i] && text == "cancellat":
			want = 0
		case s.leaving[i] && (text == news || text == alarm):
			want = min(1, shown(c, text)) // it left before or after
		}
		got := counts(c, map[string]int{text: 1})[text]
		missing += max(0, want-got)
		if got != want {
			s.t.Logf("phone %d (leaving %v, refused %v, linked %v) shows %q %d times, want %d",
				i, s.leaving[i], s.refused[i], s.linked[i], text, got, want)
		}
		if got > want {
			s.t.Errorf("phone %d shows more than it should", i)
		}
	}
	return missing
}

func (s *storm) judgeAnnouncement(name, text string, f figures) {
	s.t.Helper()
	r := s.report(name)
	for _, a := range f.Announcements {
		if a.Name != name {
			continue
		}
		if r["Destinatari"] != a.Recipients || r["Inviati"] != a.Sent || r["Consegnati sul telefono"] != a.Delivered || r["Non riusciti"] != a.Failed {
			s.t.Errorf("%s: the report says %v, status %+v", name, r, a)
		}
	}
	if !s.isSeen(text, r) {
		s.t.Errorf("%s: the report says %v, and %d phones show it", name, r, s.seeing(text))
	}
	for _, a := range f.Announcements {
		if a.Name == name && (len(a.Reasons) != 1 || a.Reasons["unreachable"] != a.Failed) {
			s.t.Errorf("%s: %d failed for the reasons %v, want one", name, a.Failed, a.Reasons)
		}
	}
	if r["Non riusciti"] != count(s.refused) {
		s.t.Errorf("%s: the report says %v, and %d phones were refused", name, r, count(s.refused))
	}
	if r["Inviati"]+r["Non riusciti"]+r["Annullati"]+r["Usciti dall'elenco durante l'invio"] != r["Destinatari"] {
		s.t.Errorf("%s: the report's figures do not add up: %v", name, r)
	}
}

// isSeen tells whether a report agrees with the phones. Whose message was on its way, or whose receipt was, when they
// left the list is counted as having left, or as not having said anything: with their rows nothing more is known of them.
func (s *storm) isSeen(text string, r map[string]int) bool {
	left := 0
	for i, c := range s.people {
		if s.leaving[i] {
			left += min(1, shown(c, text))
		}
	}
	seeing, sent, delivered := s.seeing(text), r["Inviati"], r["Consegnati sul telefono"]
	return sent <= seeing && seeing-sent <= min(left, r["Usciti dall'elenco durante l'invio"]) &&
		delivered <= sent && delivered >= seeing-left
}

// isCounted tells whether status and the reports say all that the phones have said, but for who left.
func (s *storm) isCounted(f figures) bool {
	for name, text := range map[string]string{"mercato.txt": news, "neve.txt": alarm} {
		r := s.report(name)
		for _, a := range f.Announcements {
			if a.Name == name && (a.Delivered != r["Consegnati sul telefono"] || a.Sent != r["Inviati"]) {
				return false
			}
		}
		if !s.isSeen(text, r) {
			return false
		}
	}
	return true
}

var figureLine = regexp.MustCompile(`(?m)^([A-Z][a-z' ]+): (\d+)\r?$`)

// report reads the figures in an announcement's report.
func (s *storm) report(name string) map[string]int {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.dir, "spool", "inviati", name+".esito.txt"))
	if err != nil {
		s.t.Fatal(err)
	}
	found := map[string]int{}
	for _, m := range figureLine.FindAllStringSubmatch(string(text), -1) {
		found[m[1]], _ = strconv.Atoi(m[2])
	}
	return found
}

func count(set map[int]bool) (n int) {
	for _, in := range set {
		if in {
			n++
		}
	}
	return n
}

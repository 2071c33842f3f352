package cli_test

import (
	"fmt"
	"slices"
	"strings"
	"syscall"

	"banditore/bot/whatsapp/whatsapptest"
)

// all are the phones that were ever on the list.
func (s *siege) all() []*whatsapptest.Phone { return slices.Concat(s.people, s.joined) }

func (s *siege) seeing(text string) (n int) {
	for _, c := range s.all() {
		n += min(1, shown(c, text))
	}
	return n
}

func (s *siege) judge() {
	s.t.Helper()
	if n := len(s.next); n > 0 {
		s.t.Errorf("%d troubles of the plan never came, the first is %+v", n, s.next[0])
	}
	for c := range s.leaving {
		s.await(c, "cancellat")
	}
	for _, c := range s.joined {
		s.await(c, "Iscrizione attiva")
	}
	s.awaitStatus(func(f figures) bool { return f.Waiting == 0 && f.State == "connected" })
	s.settle()
	repeats := 0
	for i, c := range s.all() {
		s.judgePhone(i, c)
		repeats += c.Repeats()
	}
	f := s.awaitStatus(func(f figures) bool { return s.agrees(f) == "" || s.t.Failed() })
	if wrong := s.agrees(f); wrong != "" {
		s.t.Error(wrong)
	}
	if want := len(s.people) - len(s.leaving) + len(s.joined); f.Subscribers != want {
		s.t.Errorf("status says %d subscribers, want %d", f.Subscribers, want)
	}
	s.forgotten()
	s.daemon.end(syscall.SIGTERM)
	for _, secret := range append([]string{"Gianbattista", "Zanardelli", s.people[7].Number()[1:], s.people[7].LID()}, sirens...) {
		if strings.Contains(s.said(), secret) {
			s.t.Errorf("G4: the log holds %q", secret)
		}
	}
	waves := strings.Count(s.said(), `msg="wave on the wire"`)
	s.t.Logf("%d messages offered in %d waves, %d came again under an ID that was known", s.offered, waves, repeats)
	if letters := strings.Count(s.said(), `msg="letter on the wire"`); letters < len(s.people)*len(sirens)/2 {
		s.t.Errorf("only %d letters left in waves", letters)
	}
}

// forgotten is G5, half a minute early.
func (s *siege) forgotten() {
	s.t.Helper()
	s.daemon.end(syscall.SIGKILL)
	mustDo(s.t, change(s.dir, `UPDATE erasures SET due = 1`))
	s.daemon = s.place.daemon()
	for c := range s.leaving {
		s.awaitNoTrace(c)
	}
}

// judgePhone wants each announcement once from who stayed, and nothing after the goodbye from who left.
func (s *siege) judgePhone(i int, c *whatsapptest.Phone) {
	s.t.Helper()
	for _, text := range sirens {
		got, least := shown(c, text), 1
		if s.leaving[c] || i >= len(s.people) && !slices.Contains(s.owed[c], text) {
			least = 0
		}
		if got < least || got > 1 {
			s.t.Errorf("phone %d (leaving %t, joined %t) shows %q %d times", i, s.leaving[c], i >= len(s.people), text, got)
		}
	}
	list := slices.DeleteFunc(c.Messages(), func(m whatsapptest.Message) bool { return m.Text == "" })
	if last := list[len(list)-1].Text; s.leaving[c] && !strings.Contains(last, "cancellat") {
		s.t.Errorf("phone %d shows %q after the goodbye", i, last)
	}
}

// agrees says where status does not say what the phones show. What was on its way when somebody left counts as it may.
func (s *siege) agrees(f figures) string {
	if len(f.Announcements) != len(sirens) {
		return fmt.Sprintf("status says %+v, want %d announcements", f.Announcements, len(sirens))
	}
	for i, text := range sirens {
		left := 0
		for c := range s.leaving {
			left += min(1, shown(c, text))
		}
		seeing := s.seeing(text)
		for _, a := range f.Announcements {
			if a.Name != siren(i) {
				continue
			}
			if a.State != "sent" || a.Failed+a.Left > 0 || a.Sent < seeing-left || a.Sent > seeing || a.Delivered < seeing-left || a.Delivered > a.Sent {
				return fmt.Sprintf("status says %+v, and %d phones show it, %d of which left", a, seeing, left)
			}
		}
	}
	return ""
}

package inbox_test

import (
	"context"
	"testing"
	"time"

	"banditore/bot/inbox"
	"banditore/bot/whatsapp"
)

// G9: a text whose sender has no possible address cannot be answered. It must
// not come back for ever, as one does whose handling failed.
func TestG9_ASenderWithoutAnAddressIsPassedOver(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	for _, test := range []struct {
		name    string
		text    whatsapp.Text
		answers int
	}{
		{"too short a number", whatsapp.Text{ID: "A", From: whatsapp.Address{Number: "+123"}}, 0},
		{"too long a number", whatsapp.Text{ID: "B", From: whatsapp.Address{Number: "+1234567890123456"}}, 0},
		{"no address", whatsapp.Text{ID: "C"}, 0},
		{"no message ID", whatsapp.Text{From: whatsapp.Address{LID: "12345"}}, 0},
		{"a LID makes up for the number", whatsapp.Text{ID: "D", From: whatsapp.Address{Number: "+123", LID: "12345"}}, 1},
	} {
		before := r.waiting()
		test.text.Body = "Aiuto"
		if err := r.Receive(t.Context(), test.text); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		if n := r.waiting() - before; n != test.answers {
			t.Errorf("%s: %d answers, want %d", test.name, n, test.answers)
		}
	}
}

// What may leave now, and what the page shows, is told at once; a text that was
// handled before tells nobody anything.
func TestWhoIsWoken(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	rung := func(want string) {
		t.Helper()
		got := ""
		select {
		case <-r.options.Outgoing:
			got += "outgoing "
		default:
		}
		select {
		case <-r.options.Changed:
			got += "changed"
		default:
		}
		if got != want {
			t.Errorf("rung: %q, want %q", got, want)
		}
	}
	text := r.text(someone(1), "Aiuto")
	rung("")
	r.take(text)
	rung("outgoing changed")
	r.take(text)
	rung("")
	r.must(r.Identified(t.Context(), someone(1), ""))
	rung("outgoing changed")
	r.part()
	rung("outgoing ")
}

// G3: after an error nothing has happened, and the same text is carried out when it
// comes again.
func TestG3_AnErrorMeansThatNothingHappened(t *testing.T) {
	t.Parallel()
	r := newRoom(t, func(o *inbox.Options) { o.PerPersonHour = 1 })
	r.link.name = "a link"
	ended, end := context.WithCancel(t.Context())
	end()
	text := r.text(someone(1), registers)
	if err := r.Receive(ended, text); err == nil {
		t.Fatal("no error")
	}
	if keep, err := r.HistoryRead(ended, r.link.name, []whatsapp.Text{text}); err == nil || keep {
		t.Errorf("the history: %v, %v", keep, err)
	}
	if until, err := r.WatchHistory(ended, time.Now()); err == nil || !until.IsZero() {
		t.Errorf("the watch: %v, %v", until, err)
	}
	if !r.record(someone(1)).Nothing() {
		t.Error("something is held")
	}
	r.expect(r.take(text), "confirmation+card")
}

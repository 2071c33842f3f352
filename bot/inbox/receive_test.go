package inbox_test

import (
	"testing"

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

package desk

import (
	"slices"
	"testing"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

// A line that breaks after each login is a problem until a session lives, wherever problems are shown.
func TestG11_ALineThatBreaksIsShown(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	d, _ := c.sit()
	line := func() int {
		list, err := c.db.Problems(t.Context())
		c.must(err)
		return slices.IndexFunc(list, func(p store.Problem) bool { return p.Kind == store.ProblemLine && p.Sentence != "" && p.Advice != "" })
	}
	for range 2 {
		d.LineBreaks(whatsapp.Line{Breaks: true, Lived: 59 * time.Second, Pause: time.Minute, Stanza: "message/text"})
		if line() < 0 {
			t.Error("not noted")
		}
		d.LineBreaks(whatsapp.Line{})
		if line() >= 0 {
			t.Error("not over")
		}
	}
	for lived, want := range map[time.Duration]string{0: "meno di un minuto", 80 * time.Second: "circa un minuto", 5 * time.Minute: "circa 5 minuti"} {
		if got := lifeWords(lived); got != want {
			t.Errorf("%v: %q", lived, got)
		}
	}
}

package bot_test

import (
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp/whatsapptest"
)

// When WhatsApp says that it is too much, nothing hurries the next attempt: not
// the folder, not a citizen's text, not a receipt.
func TestG7_RefusedMessagesAreNotHurried(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		people := w.subscribe(3)
		w.server.SetRefuser(func(*whatsapptest.Phone, string) int { return 429 })
		w.drop("da_inviare", "a.txt", "Una notizia.")
		for range 60 {
			time.Sleep(time.Second)
			w.write(people[0], "Grazie")
		}
		if n := w.server.Stats().Refused; n < 2 || n > 14 {
			t.Errorf("%d attempts in a minute of refusals, want one in five seconds at most", n)
		}
		w.server.SetRefuser(nil)
		for _, p := range people {
			w.await(p, "Una notizia.")
		}
	})
}

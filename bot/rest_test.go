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
			w.write(people[0], "Aiuto")
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

// Who cancels what waited for a red light need not look at it for ever.
func TestARedLightEndsWhenNothingWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		w.subscribe(1)
		w.server.SetRefuser(func(*whatsapptest.Phone, string) int { return 429 })
		w.drop("da_inviare", "a.txt", "Una notizia.")
		time.Sleep(5 * time.Minute)
		if c := w.condition(); c.State != "limited" {
			t.Fatalf("condition %+v", c)
		}
		w.take("a.txt")
		time.Sleep(2 * time.Hour)
		if c := w.condition(); c.State != "connected" {
			t.Errorf("condition %+v two hours after the last message was cancelled", c)
		}
	})
}

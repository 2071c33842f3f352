package whatsapp_test

import (
	"context"
	"errors"
	"regexp"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

var linkCodeForm = regexp.MustCompile(`^[1-9A-Z]{4}-[1-9A-Z]{4}$`)

// Eight characters link as a picture does, with a passkey or without, and whatever WhatsApp does with the secret of the pictures.
func TestLinkCode(t *testing.T) {
	t.Parallel()
	for _, passkey := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := newTown(t)
			w.server.AgeCodes(true)
			w.server.RotateSecrets(1)
			k := w.clerk(w.comune)
			w.comune.SetPasskey(passkey)
			client := w.open(w.options())
			screen := k.screen()
			screen.Code = func(string, time.Duration) { t.Error("a picture was shown") }
			screen.Again = func() { t.Error("another scan was asked for") }
			screen.LinkCode = func(code string, valid time.Duration) {
				if !linkCodeForm.MatchString(code) || valid < 2*time.Minute || valid > 3*time.Minute {
					t.Errorf("got a code of %d characters for %v", len(code), valid)
				}
				go w.comune.EnterCode(code)
			}
			if err := client.Pair(t.Context(), screen); err != nil {
				t.Fatalf("pair: %v", err)
			}
			if (len(k.asked) == 1) != passkey || (k.compared == 1) != passkey {
				t.Errorf("asked %d times for a passkey, compared %d times", len(k.asked), k.compared)
			}
			if err := client.AwaitReady(t.Context()); err != nil {
				t.Fatal(err)
			}
			w.settle()
		})
	}
}

// A code to type lasts as long as its connection, and then another one is shown.
func TestLinkCodesThatGrowOldAreReplaced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.server.AgeCodes(true)
		client := w.open(w.options())
		shown := map[string]bool{}
		screen := whatsapp.Screen{LinkCode: func(code string, valid time.Duration) {
			if shown[code] {
				t.Error("a code came twice")
			}
			shown[code] = true
			if len(shown) == 4 {
				time.AfterFunc(valid-time.Second, func() { w.comune.EnterCode(code) })
			}
		}}
		start := time.Now()
		if err := client.Pair(t.Context(), screen); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took < 10*time.Minute || took > 12*time.Minute {
			t.Errorf("linked after %v", took)
		}
		w.settle()
	})
}

func TestG10_WrongPhoneCannotTypeTheCode(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		client := w.open(w.options())
		screen := whatsapp.Screen{LinkCode: func(code string, _ time.Duration) {
			go func() {
				if err := mario.EnterCode(code); !errors.Is(err, whatsapptest.ErrNoLinkCode) {
					t.Errorf("the wrong phone: got %v", err)
				}
				if err := w.comune.EnterCode("1111-1111"); !errors.Is(err, whatsapptest.ErrWrongLinkCode) {
					t.Errorf("a wrong code: got %v", err)
				}
				_ = w.comune.EnterCode(code)
			}()
		}}
		if err := client.Pair(t.Context(), screen); err != nil {
			t.Fatal(err)
		}
		if found := w.sessionHolds("393331234567"); found != nil {
			t.Errorf("the wrong number was stored: %v", found)
		}
		w.settle()
	})
}

// A number that is no account, or too many codes: the person is told, and it is tried again without haste.
func TestLinkCodeIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		options := w.options()
		options.Number = "+393340000000"
		client := w.open(options)
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		troubles := 0
		screen := whatsapp.Screen{
			LinkCode: func(string, time.Duration) { t.Error("a code was shown") },
			Trouble:  func(error) { troubles++ },
		}
		if err := client.Pair(ctx, screen); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if troubles < 10 || troubles > 40 {
			t.Errorf("tried %d times in an hour", troubles)
		}
	})
}

// Who asks for too many codes is turned away; we ask less and less, and the person hears that pictures still work.
func TestG7_TooManyLinkCodes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.server.FailQueries("md set link_code_companion_reg", 429)
		client := w.open(w.options())
		troubles := 0
		screen := whatsapp.Screen{
			LinkCode: func(code string, _ time.Duration) { go w.comune.EnterCode(code) },
			Trouble: func(err error) {
				if troubles++; !errors.Is(err, whatsapp.ErrTooManyCodes) {
					t.Errorf("got %v", err)
				}
			},
		}
		time.AfterFunc(3*time.Hour, func() { w.server.FailQueries("md set link_code_companion_reg", 0) })
		if err := client.Pair(t.Context(), screen); err != nil {
			t.Fatal(err)
		}
		if troubles < 5 || troubles > 12 {
			t.Errorf("asked %d times in three hours", troubles)
		}
		w.settle()
	})
}

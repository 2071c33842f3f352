package whatsapp_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

// clerk is a person between a phone, a browser and a terminal. The functions replace what they do otherwise.
type clerk struct {
	w       *town
	phone   *whatsapptest.Phone
	answer  func(ctx context.Context, n int, question whatsapp.Passkey) (string, error)
	compare func(code string) bool

	mu       sync.Mutex
	asked    []whatsapp.Passkey
	compared int
	troubles []error
	declined int
	codes    int
}

func (w *town) clerk(phone *whatsapptest.Phone) *clerk {
	phone.SetPasskey(true)
	return &clerk{w: w, phone: phone}
}

// screen shows codes that the phone scans as long as no passkey was asked for twice.
func (k *clerk) screen() whatsapp.Screen {
	return whatsapp.Screen{
		Code: func(code string, _ time.Duration) {
			k.mu.Lock()
			k.codes++
			k.mu.Unlock()
			go k.phone.ScanQR(code)
		},
		Passkey: func(ctx context.Context, question whatsapp.Passkey) (string, error) {
			k.mu.Lock()
			k.asked = append(k.asked, question)
			n := len(k.asked)
			k.mu.Unlock()
			if k.answer != nil {
				return k.answer(ctx, n, question)
			}
			return k.phone.AnswerPasskey(question.Line)
		},
		PasskeyCode: func(_ context.Context, code string) bool {
			k.mu.Lock()
			k.compared++
			k.mu.Unlock()
			if k.compare != nil {
				return k.compare(code)
			}
			return code == k.phone.PasskeyCode()
		},
		Trouble: func(err error) {
			k.mu.Lock()
			defer k.mu.Unlock()
			k.troubles = append(k.troubles, err)
		},
		Declined: func() {
			k.mu.Lock()
			defer k.mu.Unlock()
			k.declined++
		},
	}
}

func waitFor(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// The passkey is asked for, a person answers within the ten minutes, long after the codes have run out, and compares.
func TestPasskey(t *testing.T) {
	t.Parallel()
	for _, after := range []time.Duration{time.Second, 4 * time.Minute, 9*time.Minute + 50*time.Second} {
		t.Run(after.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTown(t)
				w.server.AgeCodes(true)
				w.server.RotateSecrets(1)
				k := w.clerk(w.comune)
				client := w.open(w.options())
				k.answer = func(ctx context.Context, n int, question whatsapp.Passkey) (string, error) {
					if left := time.Until(question.Expires); left < 9*time.Minute || left > 10*time.Minute || question.Problem != nil {
						t.Errorf("%v left, problem %v", left, question.Problem)
					}
					if err := waitFor(ctx, after); err != nil {
						t.Errorf("nobody waits any more: %v", err)
					}
					return k.phone.AnswerPasskey(question.Line)
				}
				if err := client.Pair(t.Context(), k.screen()); err != nil {
					t.Fatalf("pair: %v", err)
				}
				if len(k.asked) != 1 || k.compared != 1 || k.codes != 2 || len(k.troubles) > 0 {
					t.Errorf("%d codes, asked %d times, compared %d times, %v", k.codes, len(k.asked), k.compared, k.troubles)
				}
				if err := client.AwaitReady(t.Context()); err != nil {
					t.Fatal(err)
				}
				w.settle()
			})
		})
	}
}

// A wrong answer is no reason to begin again: it is asked for once more, with what was wrong.
func TestPasskeyWrongAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		k := w.clerk(w.comune)
		client := w.open(w.options())
		anna := w.server.NewPhone(annaNumber)
		anna.SetPasskey(true)
		var want error
		k.answer = func(_ context.Context, n int, question whatsapp.Passkey) (string, error) {
			if !errors.Is(question.Problem, want) || (want == nil) != (question.Problem == nil) {
				t.Errorf("question %d: got problem %v, want %v", n, question.Problem, want)
			}
			switch n {
			case 1:
				want = whatsapp.ErrPasskeyAnswer
				return "NotAllowedError: The operation either timed out or was not allowed.", nil
			case 2:
				want = whatsapp.ErrPasskeyRefused
				return anna.AnswerPasskey(question.Line) // somebody else's passkey
			case 3:
				want = whatsapp.ErrPasskeyOther
				return k.phone.AnswerPasskey(`{"challenge":"AAAA","rpId":"whatsapp.com"}`)
			}
			return k.phone.AnswerPasskey(question.Line)
		}
		if err := client.Pair(t.Context(), k.screen()); err != nil {
			t.Fatalf("pair: %v", err)
		}
		if len(k.asked) != 4 || k.codes != 1 {
			t.Errorf("asked %d times, %d codes, want 4 and 1", len(k.asked), k.codes)
		}
		w.settle()
	})
}

// Nobody answers in time: that is said, and another code is good for another try.
func TestPasskeyExpires(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		k := w.clerk(w.comune)
		client := w.open(w.options())
		start := time.Now()
		k.answer = func(ctx context.Context, n int, question whatsapp.Passkey) (string, error) {
			if n == 1 {
				<-ctx.Done()
				if took := time.Since(start); took < 9*time.Minute || took > 11*time.Minute {
					t.Errorf("the question ended after %v", took)
				}
				return "", ctx.Err()
			}
			return k.phone.AnswerPasskey(question.Line)
		}
		if err := client.Pair(t.Context(), k.screen()); err != nil {
			t.Fatalf("pair: %v", err)
		}
		if len(k.troubles) != 1 || !errors.Is(k.troubles[0], whatsapp.ErrPasskeyExpired) {
			t.Errorf("got troubles %v, want the expiry", k.troubles)
		}
		w.settle()
	})
}

// Whoever gives no passkey, or sees another code on the phone, ends the pairing; nothing was linked.
func TestPasskeyDeclined(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*clerk){
		"no answer": func(k *clerk) {
			k.answer = func(context.Context, int, whatsapp.Passkey) (string, error) { return "", errors.New("no") }
		},
		"another code": func(k *clerk) { k.compare = func(string) bool { return false } },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTown(t)
				k := w.clerk(w.comune)
				change(k)
				client := w.open(w.options())
				if err := client.Pair(t.Context(), k.screen()); !errors.Is(err, whatsapp.ErrPasskeyDeclined) {
					t.Errorf("got %v, want that it was declined", err)
				}
				if _, linked, _ := whatsapp.PairedNumber(t.Context(), w.dir); linked || client.Paired() {
					t.Error("linked all the same")
				}
			})
		})
	}
}

// The person cancels on the phone while the terminal waits for the passkey.
func TestPasskeyDeclinedOnThePhone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		k := w.clerk(w.comune)
		client := w.open(w.options())
		k.answer = func(_ context.Context, n int, question whatsapp.Passkey) (string, error) {
			if n == 1 {
				k.phone.DeclineLink()
			}
			return k.phone.AnswerPasskey(question.Line)
		}
		if err := client.Pair(t.Context(), k.screen()); err != nil {
			t.Fatalf("pair: %v", err)
		}
		if k.declined != 1 || len(k.troubles) > 0 {
			t.Errorf("declined %d times, troubles %v", k.declined, k.troubles)
		}
		w.settle()
	})
}

func TestPasskeyAndNobodyToAsk(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		k := w.clerk(w.comune)
		screen := k.screen()
		screen.Passkey = nil
		client := w.open(w.options())
		if err := client.Pair(t.Context(), screen); !errors.Is(err, whatsapp.ErrPasskey) {
			t.Errorf("got %v, want ErrPasskey", err)
		}
	})
}

// The line breaks while a person is at the browser: the question ends, and new codes come.
func TestPasskeyAndTheLineIsLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		k := w.clerk(w.comune)
		client := w.open(w.options())
		k.answer = func(ctx context.Context, n int, question whatsapp.Passkey) (string, error) {
			if n == 1 {
				w.server.DropConnections()
				if err := waitFor(ctx, time.Minute); err == nil {
					t.Error("the question outlives its connection")
				}
				return "", ctx.Err()
			}
			return k.phone.AnswerPasskey(question.Line)
		}
		if err := client.Pair(t.Context(), k.screen()); err != nil {
			t.Fatalf("pair: %v", err)
		}
		if len(k.troubles) != 1 || !errors.Is(k.troubles[0], whatsapp.ErrPasskeyFailed) {
			t.Errorf("got troubles %v, want that it failed", k.troubles)
		}
		w.settle()
	})
}

// Ctrl-C ends everything at once, whatever is being asked.
func TestPasskeyEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		k := w.clerk(w.comune)
		client := w.open(w.options())
		ctx, cancel := context.WithCancel(t.Context())
		k.answer = func(asked context.Context, _ int, _ whatsapp.Passkey) (string, error) {
			cancel()
			<-asked.Done()
			return "", asked.Err()
		}
		start := time.Now()
		if err := client.Pair(ctx, k.screen()); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

func TestG10_WrongPhoneWithAPasskey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		k := w.clerk(w.server.NewPhone(marioNumber))
		client := w.open(w.options())
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
		defer cancel()
		var wrong []string
		screen := k.screen()
		screen.WrongPhone = func(number string) {
			wrong = append(wrong, number)
			k.phone = w.comune
		}
		if err := client.Pair(ctx, screen); err != nil {
			t.Fatalf("pair: %v", err)
		}
		if len(wrong) != 1 || wrong[0] != marioNumber {
			t.Errorf("got wrong phones %v", wrong)
		}
		if found := w.sessionHolds("393331234567"); found != nil {
			t.Errorf("the wrong number was stored: %v", found)
		}
		w.settle()
	})
}

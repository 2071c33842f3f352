package whatsapp_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

// Since July 2026 the first scan fails, and the code with another secret links: at most two scans.
func TestRotatedSecretIsLinkedAtTheSecondScan(t *testing.T) {
	t.Parallel()
	for _, after := range []time.Duration{0, 30 * time.Second, 57 * time.Second, 78 * time.Second} { // also when a code is almost old
		t.Run(after.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTown(t)
				w.server.RotateSecrets(1)
				w.server.AgeCodes(true)
				client := w.open(w.options())
				var mu sync.Mutex
				start, scans, again, events := time.Now(), 0, 0, ""
				screen := whatsapp.Screen{
					Code: func(code string, valid time.Duration) {
						mu.Lock()
						defer mu.Unlock()
						events += "code "
						if valid < 12*time.Second || valid > time.Minute {
							t.Errorf("a code is good for %v", valid)
						}
						scan := func() {
							mu.Lock()
							scans++
							mu.Unlock()
							_ = w.comune.ScanQR(code)
						}
						switch wait := after - time.Since(start); {
						case again > 0:
							time.AfterFunc(10*time.Second, scan)
						case wait < valid:
							time.AfterFunc(wait, scan)
						}
					},
					Again: func() {
						mu.Lock()
						defer mu.Unlock()
						again++
						events += "again "
					},
				}
				if err := client.Pair(t.Context(), screen); err != nil {
					t.Fatalf("pair: %v", err)
				}
				if scans != 2 || again != 1 || !strings.Contains(events, "again code") {
					t.Errorf("%d scans, asked %d times for one more, want 2 and 1: %s", scans, again, events)
				}
				if took := time.Since(start); took > after+25*time.Second {
					t.Errorf("linked after %v", took)
				}
				w.settle()
			})
		})
	}
}

// All codes that are left carry the new secret, and nobody is bothered about a code to type.
func TestRotatedSecretIsInAllCodes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.server.RotateSecrets(1)
		client := w.open(w.options())
		shown := 0
		screen := whatsapp.Screen{Code: func(code string, _ time.Duration) {
			shown++
			switch shown {
			case 1:
				go w.comune.ScanQR(code) // dead
			case 5:
				go w.comune.ScanQR(code)
			}
		}}
		if err := client.Pair(t.Context(), screen); err != nil {
			t.Fatal(err)
		}
		if shown != 5 {
			t.Errorf("%d codes were shown, want the fifth to link", shown)
		}
		w.settle()
	})
}

// Codes grow old as on the real server, which ends the connection; a person who comes late finds a code that links.
func TestCodesThatGrowOldAreReplaced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.server.AgeCodes(true)
		client := w.open(w.options())
		start := time.Now()
		screen := whatsapp.Screen{Code: func(code string, valid time.Duration) {
			if time.Since(start) > 5*time.Minute {
				time.AfterFunc(valid-time.Second, func() { w.comune.ScanQR(code) })
			}
		}}
		if err := client.Pair(t.Context(), screen); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took > 7*time.Minute {
			t.Errorf("linked after %v", took)
		}
		w.settle()
	})
}

// Whoever declines on the phone hears nothing from us, and the code stays good.
func TestDeclinedOnThePhone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.comune.DeclineLink()
		client := w.open(w.options())
		screen := whatsapp.Screen{Code: func(code string, _ time.Duration) {
			go func() {
				if err := w.comune.ScanQR(code); !errors.Is(err, whatsapptest.ErrDeclined) {
					t.Errorf("got %v", err)
				}
				_ = w.comune.ScanQR(code)
			}()
		}}
		if err := client.Pair(t.Context(), screen); err != nil {
			t.Fatal(err)
		}
		w.settle()
	})
}

// slowUntilLogin makes answers take their time until somebody logs in: from then on the library waits for some of them with a
// lock held that others want, which a bubble takes for life.
func (w *town) slowUntilLogin(roundTrip time.Duration) {
	w.server.SetRoundTrip(roundTrip)
	go func() {
		for w.server.Stats().Logins == 0 && w.t.Context().Err() == nil {
			time.Sleep(time.Millisecond / 2)
		}
		w.server.SetRoundTrip(0)
	}()
}

// A pairing may be given up, and the client closed, at any moment: nothing crashes, and session.db holds a link or none.
func TestGivenUpWhileItSucceeds(t *testing.T) {
	t.Parallel()
	stride := 3
	if testing.Short() {
		stride = 15 // odd and even steps alike
	}
	for step := 0; step < 60; step += stride {
		synctest.Test(t, func(t *testing.T) {
			w := newTown(t)
			w.slowUntilLogin(10 * time.Millisecond)
			client := w.open(w.options())
			ctx, cancel := context.WithCancel(t.Context())
			screen := whatsapp.Screen{Code: func(code string, _ time.Duration) {
				go w.comune.ScanQR(code)
				time.AfterFunc(time.Duration(step)*time.Millisecond, func() {
					w.server.SetRoundTrip(0)
					if cancel(); step%6 != 0 {
						client.Close()
					}
				})
			}}
			err := client.Pair(ctx, screen)
			cancel()
			if err := client.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
			synctest.Wait()
			number, linked, foundErr := whatsapp.PairedNumber(t.Context(), w.dir)
			if foundErr != nil || (linked && number != comuneNumber) || (err == nil && !linked) {
				t.Errorf("step %d: got %v, then %q, %v, %v", step, err, number, linked, foundErr)
			}
			// The next process knows where it stands.
			next := w.open(w.options())
			soon, enough := w.soon()
			defer enough()
			if next.Paired() {
				err = next.Prove(soon)
			}
			if !next.Paired() {
				err = next.Pair(soon, w.scanner(w.comune))
			}
			if err != nil || next.State().State != whatsapp.StateConnected {
				t.Errorf("step %d: got %v, state %v", step, err, next.State().State)
			}
			w.settle()
			synctest.Wait()
			next.Close()
			time.Sleep(2 * time.Minute)
		})
	}
}

// The line breaks at any moment before the login; the person waits, and it goes on.
func TestLineLostWhilePairing(t *testing.T) {
	t.Parallel()
	stride := 3
	if testing.Short() {
		stride = 15
	}
	for step := 0; step < 30; step += stride {
		synctest.Test(t, func(t *testing.T) {
			w := newTown(t)
			w.slowUntilLogin(10 * time.Millisecond)
			client := w.open(w.options())
			broken := false
			screen := whatsapp.Screen{Code: func(code string, _ time.Duration) {
				go w.comune.ScanQR(code)
				if !broken {
					broken = true
					time.AfterFunc(time.Duration(2*step+1)*time.Millisecond, func() { // when no answer arrives, so that the look is true
						w.server.SetRoundTrip(0)
						if w.server.Stats().Logins == 0 { // after it the next connection would wait for a lock of this one
							w.server.DropConnections()
						}
					})
				}
			}}
			soon, enough := w.soon()
			defer enough()
			err := client.Pair(soon, screen)
			if err != nil {
				// The server never heard of the link that we had stored: the proof finds out, and another one is made.
				var state *whatsapp.StateError
				if !errors.As(err, &state) || state.State != whatsapp.StateLoggedOut {
					t.Errorf("step %d: %v", step, err)
				}
				err = client.Pair(soon, screen)
			}
			if err != nil || client.State().State != whatsapp.StateConnected {
				t.Errorf("step %d: %v", step, err)
			}
			w.settle()
			synctest.Wait()
			client.Close()
			time.Sleep(2 * time.Minute)
		})
	}
}

// G7: a server that ends each connection as soon as it has given its codes is not asked for more and more of them.
func TestG7_CodesThatNeverLast(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		client := w.open(w.options())
		fetched, last := 0, time.Time{}
		screen := whatsapp.Screen{Code: func(string, time.Duration) {
			if !last.Equal(time.Now()) {
				fetched, last = fetched+1, time.Now()
			}
			go w.server.DropConnections()
		}}
		half, enough := context.WithTimeout(t.Context(), 30*time.Minute)
		defer enough()
		if err := client.Pair(half, screen); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if fetched < 10 || fetched > 20 {
			t.Errorf("codes were fetched %d times in half an hour", fetched)
		}
		client.Close()
	})
}

func TestOnePairingAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		client := w.open(w.options())
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		time.AfterFunc(time.Second, func() {
			if err := client.Pair(t.Context(), whatsapp.Screen{}); !errors.Is(err, whatsapp.ErrPairing) {
				t.Errorf("got %v, want ErrPairing", err)
			}
		})
		if err := client.Pair(ctx, whatsapp.Screen{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

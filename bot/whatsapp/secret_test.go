package whatsapp_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
)

// Whatever a person sees or types while linking would link another device or give the account away: none of it is in the log,
// at any level, however the pairing goes.
func TestG4_NothingOfAPairingIsInTheLog(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*clerk, *whatsapp.Screen, func(...string)){
		"picture": func(k *clerk, screen *whatsapp.Screen, keep func(...string)) {
			k.phone.SetPasskey(false)
		},
		"characters": func(k *clerk, screen *whatsapp.Screen, keep func(...string)) {
			screen.LinkCode = func(code string, _ time.Duration) {
				keep(code, strings.ReplaceAll(code, "-", ""))
				go k.phone.EnterCode(code)
			}
		},
		"wrong answers": func(k *clerk, screen *whatsapp.Screen, keep func(...string)) {
			k.answer = func(_ context.Context, n int, question whatsapp.Passkey) (string, error) {
				answer, err := k.phone.AnswerPasskey(question.Line)
				switch n {
				case 1:
					return answer[:len(answer)-20], nil
				case 2:
					return strings.Replace(answer, `"signature":"`, `"signature":"AAAA`, 1), nil
				}
				return answer, err
			}
		},
		"declined": func(k *clerk, screen *whatsapp.Screen, keep func(...string)) {
			k.compare = func(string) bool { return false }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTown(t)
				w.server.RotateSecrets(1)
				k := w.clerk(w.comune)
				var mu sync.Mutex
				var secrets []string
				keep := func(more ...string) {
					mu.Lock()
					defer mu.Unlock()
					secrets = append(secrets, more...)
				}
				screen := k.screen()
				change(k, &screen, keep)
				inner := screen
				screen.Code = func(code string, valid time.Duration) {
					_, fields, _ := strings.Cut(code, "#")
					keep(strings.Split(fields, ",")[:4]...)
					inner.Code(code, valid)
				}
				screen.Passkey = func(ctx context.Context, question whatsapp.Passkey) (string, error) {
					answer, err := inner.Passkey(ctx, question)
					keep(secretsOf(t, k, question)...)
					return answer, err
				}
				screen.PasskeyCode = func(ctx context.Context, code string) bool {
					keep(code, strings.ReplaceAll(code, "-", ""))
					return inner.PasskeyCode(ctx, code)
				}
				client := w.open(w.options())
				_ = client.Pair(t.Context(), screen)
				synctest.Wait()
				client.Close()
				mu.Lock()
				defer mu.Unlock()
				if len(secrets) < 2 {
					t.Fatal("nothing was shown, so this check cannot fail")
				}
				log := w.log.String()
				for _, secret := range secrets {
					if len(secret) > 2 && strings.Contains(log, secret) {
						t.Errorf("the log holds a secret of %d characters", len(secret))
					}
				}
				time.Sleep(2 * time.Minute)
			})
		})
	}
}

// secretsOf are the question and its answer, piece by piece.
func secretsOf(t *testing.T, k *clerk, question whatsapp.Passkey) []string {
	answer, err := k.phone.AnswerPasskey(question.Line)
	if err != nil {
		t.Error(err)
	}
	var parts struct {
		RawID    string `json:"rawId"`
		Response map[string]string
	}
	if err := json.Unmarshal([]byte(answer), &parts); err != nil {
		t.Error(err)
	}
	_, rest, _ := strings.Cut(question.Line, `"challenge":"`)
	challenge, _, _ := strings.Cut(rest, `"`)
	return []string{parts.RawID, parts.Response["clientDataJSON"], parts.Response["authenticatorData"], challenge, answer}
}

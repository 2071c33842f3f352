package whatsapp

import (
	"context"
	"errors"
	"maps"
	"testing"
	"testing/synctest"
	"time"

	"go.mau.fi/whatsmeow/store"
)

// shelf is a store of sessions in memory.
type shelf struct {
	*store.NoopStore
	sessions map[string][]byte
}

func (s shelf) GetSession(_ context.Context, address string) ([]byte, error) {
	return s.sessions[address], nil
}

func (s shelf) GetManySessions(_ context.Context, addresses []string) (map[string][]byte, error) {
	found := make(map[string][]byte)
	for _, address := range addresses {
		found[address] = s.sessions[address]
	}
	return found, nil
}

func (s shelf) PutManySessions(_ context.Context, sessions map[string][]byte) error {
	maps.Copy(s.sessions, sessions)
	return nil
}

func (s shelf) DoDecryptionTxn(ctx context.Context, do func(context.Context) error) error {
	return do(ctx)
}

// TestG2_ABatchAndALoanTakeTurns: the answer to a retry receipt loads and stores a session while a wave is sealed. Neither
// begins before the other has ended, so no key of a session is used twice.
func TestG2_ABatchAndALoanTakeTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		disk := shelf{&store.NoopStore{}, map[string][]byte{"1_1:0": {1}}}
		sessions := newSessionLock(disk, disk, func() { t.Error("a session was held for too long") })
		loaded, err := sessions.GetSession(t.Context(), "1_1:0")
		if err != nil || loaded[0] != 1 {
			t.Fatalf("got %v, %v", loaded, err)
		}
		began := time.Now()
		sealed := make(chan error, 1)
		go func() {
			sealed <- sessions.together(t.Context(), []string{"1_1:0"}, func(ctx context.Context, b *batch) error {
				if took := time.Since(began); took != time.Second {
					t.Errorf("the batch began after %v, want the end of the loan", took)
				}
				time.Sleep(time.Second)
				b.keep(map[string][]byte{"1_1:0": {b.sessions["1_1:0"][0] + 1}})
				return nil
			})
		}()
		time.Sleep(time.Second)
		disk.sessions["1_1:0"] = []byte{2}
		if err := sessions.PutSession(t.Context(), "1_1:0", []byte{2}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if loaded, err = sessions.GetSession(t.Context(), "1_1:0"); err != nil || loaded[0] != 3 || time.Since(began) != 2*time.Second {
			t.Errorf("got %v, %v after %v, want what the batch has stored, after it", loaded, err, time.Since(began))
		}
		if err := errors.Join(<-sealed, sessions.PutSession(t.Context(), "1_1:0", loaded)); err != nil {
			t.Error(err)
		}
	})
}

// TestABatchThatFailsStoresNothing leaves every session as it was.
func TestABatchThatFailsStoresNothing(t *testing.T) {
	t.Parallel()
	disk := shelf{&store.NoopStore{}, map[string][]byte{"1_1:0": {1}}}
	sessions := newSessionLock(disk, disk, func() {})
	want := errors.New("no more")
	err := sessions.together(t.Context(), nil, func(ctx context.Context, _ *batch) error {
		return errors.Join(want, sessions.PutSession(ctx, "1_1:0", []byte{2}))
	})
	if !errors.Is(err, want) || disk.sessions["1_1:0"][0] != 1 {
		t.Errorf("got %v, and the session is %v", err, disk.sessions["1_1:0"])
	}
}

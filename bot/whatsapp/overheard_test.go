package whatsapp_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
)

// If these two fail with a newer library, it does not give its stanzas to the logger of what comes in any more (handleFrame
// in its client.go): then refresh_lid goes unnoticed too.

func TestOverheardCapping(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		var mu sync.Mutex
		var got []whatsapp.Capping
		options := w.options()
		options.OnCapping = func(c whatsapp.Capping) {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, c)
		}
		w.paired(options)
		ends := time.Now().AddDate(0, 0, 3).Truncate(time.Second)
		for _, c := range []struct {
			state       string
			used, quota int
		}{{"FIRST_WARNING", 30, 50}, {"SECOND_WARNING", 40, 50}, {"SOMETHING_ELSE", 1, 2}, {"CAPPED", 50, 50}, {"NONE", 0, -1}} {
			w.server.Cap(comuneNumber, c.state, c.used, c.quota, ends)
			w.settle()
			synctest.Wait()
		}
		want := []whatsapp.Capping{
			{State: whatsapp.CappingFirst, Used: 30, Quota: 50, Ends: ends}, {State: whatsapp.CappingSecond, Used: 40, Quota: 50, Ends: ends},
			{State: whatsapp.CappingFull, Used: 50, Quota: 50, Ends: ends}, {State: whatsapp.CappingNone, Quota: -1, Ends: ends},
		}
		mu.Lock()
		defer mu.Unlock()
		if !slices.EqualFunc(got, want, func(x, y whatsapp.Capping) bool {
			return x.Ends.Equal(y.Ends) && x.State == y.State && x.Used == y.Used && x.Quota == y.Quota
		}) {
			t.Errorf("got %+v", got)
		}
	})
}

func TestOverheardUnknownNotifications(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		client := w.paired(w.options())
		count := func() map[string]int {
			counts, err := whatsapp.Unknown(context.WithoutCancel(t.Context()), w.dir)
			if err != nil {
				t.Fatal(err)
			}
			return counts
		}
		if n := count(); len(n) != 0 {
			t.Errorf("before anything came: %v", n)
		}
		for range 3 {
			w.server.Notify(comuneNumber, "brand_new", "child", []byte("ciao"))
		}
		w.server.Notify(comuneNumber, "pay", "child", nil)
		w.server.Notify(comuneNumber, "mio "+marioNumber, "child", nil)
		w.server.Notify(comuneNumber, "w:"+strings.TrimPrefix(marioNumber, "+"), "child", nil) // readable, and personal
		w.server.Notify(comuneNumber, strings.Repeat("x", 1000), "child", nil)
		w.settle()
		time.Sleep(2 * time.Minute)
		want := map[string]int{"brand_new": 3, "other": 3}
		if n := count(); !maps.Equal(n, want) {
			t.Errorf("got %v, want %v", n, want)
		}
		w.server.Notify(comuneNumber, "brand_new", "child", nil)
		w.settle()
		client.Close() // within the minute
		if n := count(); n["brand_new"] != 4 {
			t.Errorf("after the end: %v", n)
		}
		w.again(w.options())
		for i := range 500 {
			w.server.Notify(comuneNumber, fmt.Sprintf("kind-%d", i), "child", nil)
		}
		w.settle()
		time.Sleep(2 * time.Minute)
		n, sum := count(), 0
		for _, of := range n {
			sum += of
		}
		if len(n) > 50 || sum != 507 || n["brand_new"] != 4 {
			t.Errorf("got %d kinds of %d notifications", len(n), sum)
		}
	})
}

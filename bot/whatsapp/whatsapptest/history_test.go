package whatsapptest_test

import (
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"go.mau.fi/whatsmeow/proto/waWeb"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"banditore/bot/whatsapp/whatsapptest"
)

// town is a linked office that is unlinked and linked again, in a bubble.
type town struct {
	t                   *testing.T
	s                   *whatsapptest.Server
	office, anna, bruno *whatsapptest.Phone
}

func inTown(t *testing.T, test func(*testing.T, *town)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := whatsapptest.Start(t)
		test(t, &town{t, s, s.NewPhone("+393343679575"), s.NewPhone("+393331234567").Named("Anna"), s.NewPhone("+393331234568").ByNumber()})
	})
}

// relink links a new client and returns it with the pieces of history that it got within a minute.
func (w *town) relink() (*client, []*waHistorySync.HistorySync) {
	w.t.Helper()
	c := openClient(w.t, w.s, filepath.Join(w.t.TempDir(), "session.db")).link(w.office)
	settle(w.t, w.s)
	time.Sleep(time.Minute)
	var pieces []*waHistorySync.HistorySync
	for len(c.pieces) > 0 {
		pieces = append(pieces, <-c.pieces)
	}
	return c, pieces
}

// messages lists what pieces of a kind hold, chat by chat.
func messages(pieces []*waHistorySync.HistorySync, kind waHistorySync.HistorySync_HistorySyncType) (all []*waWeb.WebMessageInfo) {
	for _, piece := range pieces {
		for _, conversation := range piece.GetConversations() {
			for _, message := range conversation.GetMessages() {
				if piece.GetSyncType() == kind {
					all = append(all, message.GetMessage())
				}
			}
		}
	}
	return all
}

const (
	bootstrap = waHistorySync.HistorySync_INITIAL_BOOTSTRAP
	recent    = waHistorySync.HistorySync_RECENT
)

// TestUnlinkedGap writes before the first link, while linked, and while nobody is linked: the next link hears of it all.
func TestUnlinkedGap(t *testing.T) {
	t.Parallel()
	inTown(t, func(t *testing.T, w *town) {
		before := w.anna.Text(w.office.Number(), "prima")
		time.Sleep(time.Hour)
		c, pieces := w.relink()
		if got := messages(pieces, recent); len(got) != 1 || got[0].GetKey().GetID() != before || got[0].GetMessageTimestamp() != uint64(time.Now().Add(-time.Hour-time.Minute).Unix()) {
			t.Errorf("got %v, want what was written an hour before", got)
		}
		answer := c.say(lidOf(w.anna), "benvenuta")
		expectText(t, w.anna, "benvenuta")
		settle(t, w.s)
		w.s.Unlink(w.office.Number())
		await[*events.LoggedOut](c, "LoggedOut", nil)
		leave(c)
		gap := w.bruno.Text(w.office.Number(), "Attiva Notizie")
		edited := w.anna.Text(w.office.Number(), "Disatitva")
		w.anna.Edit(w.office.Number(), edited, "Disattiva")
		undone := w.bruno.Text(w.office.Number(), "errore")
		w.bruno.Revoke(w.office.Number(), undone)
		grouped := w.anna.WriteIn(whatsapptest.Group, w.office.Number(), textOf("a tutti"))
		own := w.office.Text(w.bruno.Number(), "dalla mano")
		old := w.office.Remember(w.bruno.Number(), false, "un anno fa", time.Now().AddDate(-1, 0, 0))

		c, pieces = w.relink()
		defer leave(c)
		var ids []string
		bodies := map[string]string{}
		for _, message := range messages(pieces, recent) {
			parsed, err := c.ParseWebMessage(types.EmptyJID, message)
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, parsed.Info.ID)
			bodies[parsed.Info.ID] = bodyOf(parsed)
			if parsed.Info.IsFromMe != (parsed.Info.ID == own || parsed.Info.ID == answer) {
				t.Errorf("%s: got from me %v", parsed.Info.ID, parsed.Info.IsFromMe)
			}
		}
		want := []string{before, answer, gap, edited, undone, grouped, own, old}
		slices.Sort(ids)
		slices.Sort(want)
		if !slices.Equal(ids, want) {
			t.Errorf("got %v, want %v", ids, want)
		}
		if bodies[edited] != "Disattiva" || bodies[undone] != "" || bodies[answer] != "benvenuta" || bodies[old] != "un anno fa" {
			t.Errorf("got %v, want the edit done, and what was taken back empty", bodies)
		}
		if first := messages(pieces[:1], bootstrap); len(first) != 3 || pieces[0].GetProgress() >= 100 || pieces[len(pieces)-1].GetProgress() != 100 {
			t.Errorf("got %d messages in the first piece, want the newest of three chats", len(first))
		}
		w.checkKept(c)
		if left := w.s.Stats().HistoryLeft; left != 0 {
			t.Errorf("got %d pieces left on the server, want none", left)
		}
	})
}

// checkKept looks for what the library keeps of a history.
func (w *town) checkKept(c *client) {
	w.t.Helper()
	for _, phone := range []*whatsapptest.Phone{w.anna, w.bruno} {
		if lid, err := c.Store.LIDs.GetLIDForPN(w.t.Context(), numberOf(phone)); err != nil || lid != lidOf(phone) {
			w.t.Errorf("got LID %v, %v for a chat in the history", lid, err)
		}
		if token, err := c.Store.PrivacyTokens.GetPrivacyToken(w.t.Context(), lidOf(phone)); err != nil || token == nil {
			w.t.Errorf("got no token, %v, for a chat in the history", err)
		}
	}
	c.say(lidOf(w.bruno), "ancora qui") // with that token
	expectText(w.t, w.bruno, "ancora qui")
	settle(w.t, w.s)
}

func TestHistorySwitches(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		history whatsapptest.History
		kinds   []waHistorySync.HistorySync_HistorySyncType
		orders  []uint32
		count   int // of messages
	}{
		"none":      {whatsapptest.History{None: true}, nil, nil, 0},
		"empty":     {whatsapptest.History{Empty: true}, []waHistorySync.HistorySync_HistorySyncType{bootstrap}, []uint32{1}, 0},
		"chunks":    {whatsapptest.History{Chunk: 4, Inline: true}, []waHistorySync.HistorySync_HistorySyncType{bootstrap, waHistorySync.HistorySync_PUSH_NAME, recent, recent, recent}, []uint32{1, 1, 1, 2, 3}, 10},
		"backwards": {whatsapptest.History{Chunk: 4, Backwards: true, ByNumber: true}, []waHistorySync.HistorySync_HistorySyncType{bootstrap, waHistorySync.HistorySync_PUSH_NAME, recent, recent, recent}, []uint32{1, 1, 3, 2, 1}, 10},
		"stopped":   {whatsapptest.History{Stop: 3, Chunk: 4, Bare: true}, []waHistorySync.HistorySync_HistorySyncType{bootstrap, waHistorySync.HistorySync_PUSH_NAME, recent}, []uint32{1, 1, 1}, 4},
		"ordered":   {whatsapptest.History{Chunk: 4, Order: []int{9, 3, 0, 3, 4, 1}}, []waHistorySync.HistorySync_HistorySyncType{recent, bootstrap, recent, waHistorySync.HistorySync_PUSH_NAME, recent}, []uint32{2, 1, 3, 1, 1}, 10},
		"twice":     {whatsapptest.History{Twice: true, Stop: 1}, []waHistorySync.HistorySync_HistorySyncType{bootstrap, bootstrap}, []uint32{1, 1}, 0},
		"held":      {whatsapptest.History{Hold: true}, nil, nil, 0},
		"lost":      {whatsapptest.History{Lost: true}, nil, nil, 0},
		"slow":      {whatsapptest.History{Delay: 15 * time.Second}, []waHistorySync.HistorySync_HistorySyncType{bootstrap, waHistorySync.HistorySync_PUSH_NAME, recent}, []uint32{1, 1, 1}, 10},
		"too slow":  {whatsapptest.History{Delay: 2 * time.Hour}, nil, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inTown(t, func(t *testing.T, w *town) {
				for range 10 {
					w.anna.Text(w.office.Number(), "ciao")
					time.Sleep(time.Second)
				}
				w.office.SetHistory(test.history)
				c, pieces := w.relink()
				defer leave(c)
				var kinds []waHistorySync.HistorySync_HistorySyncType
				var orders []uint32
				for _, piece := range pieces {
					kinds, orders = append(kinds, piece.GetSyncType()), append(orders, piece.GetChunkOrder())
				}
				got := messages(pieces, recent)
				if !slices.Equal(kinds, test.kinds) || !slices.Equal(orders, test.orders) || len(got) != test.count {
					t.Fatalf("got %v, %v with %d messages, want %v, %v with %d", kinds, orders, len(got), test.kinds, test.orders, test.count)
				}
				if len(got) == 0 {
					return
				}
				chat := pieces[0].GetConversations()[0]
				if chat.GetID() != map[bool]string{false: lidOf(w.anna).String(), true: numberOf(w.anna).String()}[test.history.ByNumber] {
					t.Errorf("got chat %s", chat.GetID())
				}
				if bare := chat.GetPnJID() == "" && chat.GetLidJID() == "" && chat.GetTcToken() == nil && pieces[0].GetPhoneNumberToLidMappings() == nil; bare != test.history.Bare {
					t.Errorf("got %v, which tells no more than a name: %v", chat, bare)
				}
			})
		})
	}
}

// TestHistoryHeld lets go of a history while the client is away: it comes at the login, each piece once.
func TestHistoryHeld(t *testing.T) {
	t.Parallel()
	inTown(t, func(t *testing.T, w *town) {
		w.anna.Text(w.office.Number(), "ciao")
		w.office.SetHistory(whatsapptest.History{Hold: true})
		c, _ := w.relink()
		if err := w.office.AwaitHeld(t.Context(), 3); err != nil {
			t.Fatal(err)
		}
		if !w.office.ReleaseNext() {
			t.Error("nothing was kept back")
		}
		time.Sleep(time.Minute)
		if len(c.pieces) != 1 {
			t.Errorf("got %d pieces, want the first", len(c.pieces))
		}
		c.Disconnect()
		w.office.Release()
		time.Sleep(time.Minute)
		for range 2 { // what was read does not come again
			c.connect()
			c.awaitConnected()
			time.Sleep(time.Minute)
			if len(c.pieces) != 3 {
				t.Errorf("got %d pieces, want all three, once", len(c.pieces))
			}
			c.Disconnect()
		}
		if w.office.ReleaseNext() {
			t.Error("a piece was kept back twice")
		}
		leave(c)
	})
}

// TestHistoryHoldsFiles links a client that is told of a picture from before, which it can still fetch.
func TestHistoryHoldsFiles(t *testing.T) {
	t.Parallel()
	inTown(t, func(t *testing.T, w *town) {
		first, _ := w.relink()
		id := w.anna.Write(w.office.Number(), first.picture(40, 30))
		settle(t, w.s)
		leave(first)
		w.s.Unlink(w.office.Number())
		again, pieces := w.relink()
		defer leave(again)
		for _, m := range messages(pieces, recent) {
			if m.GetKey().GetID() != id {
				continue
			}
			file, err := again.Download(t.Context(), m.GetMessage().GetImageMessage())
			if err != nil || string(file) != string(photo(40, 30)) {
				t.Errorf("got %d bytes, %v, want the picture", len(file), err)
			}
			return
		}
		t.Error("the history holds no picture")
	})
}

package whatsapptest_test

import (
	"encoding/json"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"banditore/bot/whatsapp/whatsapptest"
)

// TestCap sends what only a client that reads the stanzas themselves can see: the library lets it pass.
func TestCap(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office := s.NewPhone("+393343679575")
	c := linkedClient(t, s, office)
	ends := time.Now().AddDate(0, 0, 3)
	s.Cap(office.Number(), "SECOND_WARNING", 40, 50, ends)
	s.Cap("+39000000", "CAPPED", 50, 50, ends)
	settle(t, s)
	got := c.noticed("mex")
	if len(got) != 1 {
		t.Fatalf("got %d words, want one", len(got))
	}
	update := got[0].GetChildByTag("update")
	var word struct {
		Data struct {
			Info struct {
				Status string `json:"capping_status"`
				Used   int    `json:"used_quota"`
				Quota  int    `json:"total_quota"`
				Ends   int64  `json:"cycle_end_timestamp,string"`
			} `json:"xwa2_notify_new_chat_messages_capping_info_update"`
		} `json:"data"`
	}
	if err := json.Unmarshal(update.Content.([]byte), &word); err != nil || update.Attrs["op_name"] != "MessageCappingInfoNotification" {
		t.Fatalf("got %v, %v", update.Attrs, err)
	}
	if info := word.Data.Info; info.Status != "SECOND_WARNING" || info.Used != 40 || info.Quota != 50 || info.Ends != ends.Unix() {
		t.Errorf("got %+v", info)
	}
}

// TestNotify sends a notification that nobody knows, to one who is there and to one who comes later.
func TestNotify(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office := s.NewPhone("+393343679575")
	c := linkedClient(t, s, office)
	settle(t, s)
	s.Notify(office.Number(), "tomorrow", "news", []byte("x"))
	settle(t, s) // it is acknowledged
	c.Disconnect()
	s.Notify(office.Number(), "tomorrow", "", nil)
	c.connect()
	c.awaitConnected()
	settle(t, s)
	got := c.noticed("tomorrow")
	if len(got) != 2 || got[0].Attrs["from"] != types.ServerJID || got[1].Content != nil || got[1].Attrs["offline"] == nil {
		t.Fatalf("got %v, want one at once and one at the login", got)
	}
	if news := got[0].GetChildByTag("news"); string(news.Content.([]byte)) != "x" {
		t.Errorf("got %v, want the child", news)
	}
}

// TestChangedLIDIsFound asks for the LID of a number after it changed.
func TestChangedLIDIsFound(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	c := linkedClient(t, s, office)
	anna.ChangeLID()
	info, err := c.GetUserInfo(t.Context(), []types.JID{numberOf(anna)})
	if err != nil || info[numberOf(anna)].LID != lidOf(anna) {
		t.Errorf("got %+v, %v, want the new LID", info, err)
	}
	settle(t, s)
}

// TestShareKey shares the app state key while the client is away: it comes at the login, once.
func TestShareKey(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office := s.NewPhone("+393343679575")
	c := linkedClient(t, s, office)
	settle(t, s)
	c.Disconnect()
	c.drain()
	office.ShareKey()
	for _, want := range []int{1, 0} {
		c.connect()
		got := 0
		await(c, "end of what waited", func(event any) bool {
			if m, ok := event.(*events.Message); ok && m.Message.GetProtocolMessage().GetAppStateSyncKeyShare() != nil {
				got++
			}
			_, over := event.(*events.OfflineSyncCompleted)
			return over
		})
		if got != want {
			t.Errorf("got %d key shares, want %d", got, want)
		}
		settle(t, s)
		c.Disconnect()
	}
}

package whatsapp

import (
	"bytes"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// readVersion is that of the library whose source was read: the line of handleFrame (client.go) that gives a stanza to the
// logger of what comes in, the cases of handleNotification (notification.go), and how acknowledgements are used.
const readVersion = "v0.0.0-20260921121126-35ae40906e74"

func TestTheLibraryIsTheOneThatWasRead(t *testing.T) {
	t.Parallel()
	module, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(module), "go.mau.fi/whatsmeow "+readVersion) {
		t.Errorf("the library is not that of %s: read again what overheard.go and isKnown rely on, then say so here", readVersion)
	}
}

// A library that shows no stanzas is noticed while it runs, too.
func TestDeafnessIsLogged(t *testing.T) {
	t.Parallel()
	c := openForTest(t, t.TempDir())
	var out bytes.Buffer
	c.log = slog.New(slog.NewTextHandler(&out, nil))
	c.checkHearing()
	if !strings.Contains(out.String(), "no stanzas") {
		t.Errorf("got %q", out.String())
	}
	out.Reset()
	ear{newLibraryLog(c.log, nil), c.overhear}.Sub(incomingModule).Debugf("%s", &binary.Node{Tag: "iq"})
	c.checkHearing()
	if out.Len() > 0 {
		t.Errorf("got %q", out.String())
	}
}

// Whatever comes in, the goroutine that reads the line survives it, and only what concerns somebody known is kept.
func TestG5G9_OverhearingIsHarmless(t *testing.T) {
	t.Parallel()
	c := openForTest(t, t.TempDir())
	insertDevice(t, c.db, "393343679575:1@s.whatsapp.net")
	insertPerson(t, c.db, "393343679575:1@s.whatsapp.net", person{"393331234567", "117540327481234"})
	lid := types.NewJID("117540327481234", types.HiddenUserServer)
	update := func(operation, content string) *binary.Node {
		return &binary.Node{Tag: "notification", Attrs: binary.Attrs{"type": "mex"}, Content: []binary.Node{
			{Tag: "update", Attrs: binary.Attrs{"op_name": operation}, Content: []byte(content)}}}
	}
	ack := func(from any) *binary.Node {
		return &binary.Node{Tag: "ack", Attrs: binary.Attrs{"class": "message", "id": "3EB0C767D097B7C3A1", "refresh_lid": "true", "from": from}}
	}
	stranger := types.NewJID("117540327489999", types.HiddenUserServer)
	hear := ear{newLibraryLog(c.log, nil), c.overhear}.Sub(incomingModule)
	for _, node := range []*binary.Node{
		nil, {}, {Tag: "ack"}, {Tag: "notification"}, {Tag: "notification", Attrs: binary.Attrs{"type": 7}},
		ack(nil), ack("x"), ack(types.EmptyJID), ack(types.NewJID("393331234567", types.DefaultUserServer)), ack(stranger),
		update("MessageCappingInfoNotification", ""), update("MessageCappingInfoNotification", "null"),
		update("MessageCappingInfoNotification", `{"data":{"xwa2_notify_new_chat_messages_capping_info_update":{"capping_status":null}}}`),
		update("LidChangeNotification", `{"data":{"xwa2_notify_lid_change":{"old":"","new":7}}}`),
		update("LidChangeNotification", `{"data":{"xwa2_notify_lid_change":{"old":"`+stranger.String()+`"}}}`),
		update("Something", strings.Repeat("x", 1<<20)),
	} {
		hear.Debugf("%s", node)
	}
	hear.Debugf("two %s of %s", &binary.Node{}, &binary.Node{})
	c.hands.Wait()
	stale := func(lid types.JID) bool {
		_, is, err := c.staleLID(t.Context(), lid)
		if err != nil {
			t.Fatal(err)
		}
		return is
	}
	if stale(lid) || stale(stranger) {
		t.Error("a LID is taken for stale of which nothing was said, or a stranger's is kept")
	}
	hear.Debugf("%s", update("LidChangeNotification", `{"data":{"xwa2_notify_lid_change":{"old":"`+lid.String()+`","new":"1@lid"}}}`))
	c.hands.Wait()
	if s, is, _ := c.staleLID(t.Context(), lid); !is || s.number.User != "393331234567" {
		t.Errorf("got %v, %v for a LID that was replaced", s, is)
	}
	if err := c.unstale(t.Context(), lid, time.Now().Add(time.Hour)); err != nil || stale(lid) {
		t.Errorf("it is still stale, though they wrote from it: %v", err)
	}
	hear.Debugf("%s", ack(lid)) // late: nobody waits for it
	c.hands.Wait()
	if !stale(lid) {
		t.Error("a late acknowledgement was not heeded")
	}
}

func TestCappingAsItMayCome(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]Capping{
		`{"capping_status":"CAPPED","used_quota":"7","total_quota":-1,"cycle_end_timestamp":1779604800}`:               {State: CappingFull, Used: 7, Quota: -1},
		`{"capping_status":"NONE","used_quota":null,"total_quota":null,"cycle_end_timestamp":null}`:                    {State: CappingNone},
		`{"capping_status":"FIRST_WARNING","used_quota":99999999999999999999,"cycle_end_timestamp":9999999999999999}`:  {State: CappingFirst, Used: 1_000_000},
		`{"capping_status":"SECOND_WARNING","used_quota":-5,"total_quota":99999999999,"cycle_end_timestamp":"domani"}`: {State: CappingSecond, Used: -1, Quota: 1_000_000},
	} {
		got, ok := readCapping([]byte(`{"data":{"xwa2_notify_new_chat_messages_capping_info_update":` + content + `}}`))
		if got.Ends = want.Ends; !ok || got != want {
			t.Errorf("of %s came %+v, %v", content, got, ok)
		}
	}
}

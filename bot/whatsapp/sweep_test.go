package whatsapp

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	"go.mau.fi/whatsmeow/types"
)

const ourJID = "393343679575:1@s.whatsapp.net"

// only gives a reason for these identities, numbers or LIDs, and for nobody else.
func only(identities ...string) Reasons {
	return func(_ context.Context, people []Address) ([]bool, error) {
		has := make([]bool, len(people))
		for i, a := range people {
			for _, identity := range identities {
				has[i] = has[i] || a.Number == identity || a.LID == identity
			}
		}
		return has, nil
	}
}

func (c *Client) mustSweep(t *testing.T, reasons Reasons) int {
	t.Helper()
	gone, err := c.Sweep(t.Context(), reasons)
	if err != nil {
		t.Fatalf("sweep: %v", err)
	}
	return gone
}

func mustExec(t *testing.T, db *sql.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// Whoever has a reason keeps every row, under whichever identity the reason is known; the others' rows go in every form,
// and their bytes, though their digits begin or end with those of who stays.
func TestG5_SweepErasesEveryFormAndNobodyElse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := openForTest(t, dir)
	insertDevice(t, c.db, ourJID)
	kept := []person{{"393331234567", "117540327481234"}, {"393337654321", "217540327481234"}}
	gone := []person{{"3933312345671", "1175403274812341"}, {"1393331234567", "2117540327481234"}, {"117540327481234", "393331234567"}}
	for _, p := range kept {
		insertPerson(t, c.db, ourJID, p)
	}
	reasons := only("+"+kept[0].number, kept[1].lid)
	c.mustSweep(t, reasons) // what insertPerson invents beside them
	before := countRows(t, c.db)
	for _, p := range gone {
		insertPerson(t, c.db, ourJID, p)
	}
	for _, form := range []string{"393335550001_128:0", "3175403274812_129:2", "39333555_7:0", "strange"} {
		mustExec(t, c.db, `INSERT INTO whatsmeow_sessions (our_jid, their_id, session) VALUES (?, ?, x'00')`, ourJID, form)
	}
	for _, form := range []string{"393335550002@c.us", "393335550003@hosted", "3175403274813:99@hosted.lid", "1234@msgr", "393335550004.0:3@s.whatsapp.net"} {
		mustExec(t, c.db, `INSERT INTO whatsmeow_privacy_tokens (our_jid, their_jid, token, timestamp) VALUES (?, ?, x'00', 1)`, ourJID, form)
	}
	for _, where := range []string{"status@broadcast", "120363000000000001@g.us", "393335550005-1589@g.us", "1700000000@broadcast"} {
		mustExec(t, c.db, `INSERT INTO whatsmeow_sender_keys (our_jid, chat_id, sender_id, sender_key) VALUES (?, ?, '4175403274812_1:0', x'00')`, ourJID, where)
	}
	// Who stays writes in a group that is named after somebody who has no reason.
	mustExec(t, c.db, `INSERT INTO whatsmeow_sender_keys (our_jid, chat_id, sender_id, sender_key) VALUES (?, '393335550006-1589@g.us', ?, x'00')`, ourJID, kept[1].lid+"_1:0")

	held, err := HeldIn(t.Context(), dir, "+393343679575", reasons)
	if err != nil || held.Unreasoned < 2*len(gone)+10 || held.Identities != held.Unreasoned+2*len(kept) {
		t.Errorf("got %+v, %v", held, err)
	}
	if n := c.mustSweep(t, reasons); n != held.Unreasoned {
		t.Errorf("swept %d identities out, want %d", n, held.Unreasoned)
	}
	if got := countRows(t, c.db); got != before {
		t.Errorf("got %d rows, want those of who stays: %d", got, before)
	}
	if held, err = HeldIn(t.Context(), dir, "+393343679575", reasons); err != nil || held != (Holding{Identities: 2 * len(kept)}) {
		t.Errorf("afterwards got %+v, %v", held, err)
	}
	if n := c.mustSweep(t, reasons); n != 0 {
		t.Errorf("swept %d identities more", n)
	}
	all := sessionBytes(t, dir)
	for _, trace := range []string{gone[0].number, gone[0].lid, gone[1].number, gone[1].lid, "39333555", "317540327", "417540327", "strange", "msgr"} {
		if bytes.Contains(all, []byte(trace)) {
			t.Errorf("session.db still holds %q", trace)
		}
	}
	if lid := c.people.other(t.Context(), personJID(gone[0].number, types.DefaultUserServer)); !lid.IsEmpty() {
		t.Error("the memory still knows who was swept out")
	}
}

// A LID that was replaced, its successor and the number are one person: a reason for one of them is one for all.
func TestG5_SweepKnowsReplacedLIDs(t *testing.T) {
	t.Parallel()
	for _, reason := range []string{"+393331111111", "1111111111", "2222222222", "3333333333"} {
		c := openForTest(t, t.TempDir())
		insertDevice(t, c.db, ourJID)
		mustExec(t, c.db, `INSERT INTO banditore_stale_lids VALUES ('1111111111', '393331111111', '2222222222', 1), ('2222222222', '393331111111', '3333333333', 1),
			('4444444444', '393332222222', '', 1), ('5555555555', '393331111111', '', 1)`)
		for _, lid := range []string{"1111111111", "2222222222", "3333333333", "4444444444"} {
			mustExec(t, c.db, `INSERT INTO whatsmeow_identity_keys VALUES (?, ?, zeroblob(32))`, ourJID, lid+"_1:0")
		}
		c.mustSweep(t, only(reason))
		got, err := readColumn(t.Context(), c.db, `SELECT their_id FROM whatsmeow_identity_keys ORDER BY 1`)
		if want := "1111111111_1:0 2222222222_1:0 3333333333_1:0"; err != nil || strings.Join(got, " ") != want {
			t.Errorf("with a reason for %s got keys of %v, %v", reason, got, err)
		}
		got, err = readColumn(t.Context(), c.db, `SELECT lid || number || fresh FROM banditore_stale_lids ORDER BY 1`)
		if err != nil || len(got) != 3 || strings.Contains(fmt.Sprint(got), "393332222222") || strings.Contains(fmt.Sprint(got), "4444444444") {
			t.Errorf("with a reason for %s got stale LIDs %v, %v", reason, got, err)
		}
	}
}

func TestG5_SweepSparesOurselves(t *testing.T) {
	t.Parallel()
	c := openForTest(t, t.TempDir())
	insertDevice(t, c.db, ourJID)
	mustExec(t, c.db, `UPDATE whatsmeow_device SET lid = '5555555555:1@lid'`)
	c.mustSweep(t, only())
	for _, own := range []string{"393343679575:0", "5555555555_1:0", "5555555555_1:7", "393343679575_128:0"} {
		mustExec(t, c.db, `INSERT INTO whatsmeow_sessions (our_jid, their_id, session) VALUES (?, ?, x'00')`, ourJID, own)
	}
	mustExec(t, c.db, `INSERT INTO whatsmeow_lid_map VALUES ('5555555555', '393343679575')`)
	if n := c.mustSweep(t, only()); n != 0 || countRows(t, c.db) != 5 {
		t.Errorf("swept %d of our own identities out, %d rows left", n, countRows(t, c.db))
	}
}

// Without knowing the reasons nobody is touched.
func TestG5_NoSweepWithoutReasons(t *testing.T) {
	t.Parallel()
	c := openForTest(t, t.TempDir())
	insertDevice(t, c.db, ourJID)
	insertPerson(t, c.db, ourJID, person{"393331234567", "117540327481234"})
	before := countRows(t, c.db)
	_, err := c.Sweep(t.Context(), func(context.Context, []Address) ([]bool, error) { return nil, sql.ErrConnDone })
	if err == nil || countRows(t, c.db) != before {
		t.Errorf("got %v, and %d rows of %d are left", err, countRows(t, c.db), before)
	}
}

// Somebody may get a reason between the look and the broom, and somebody's text may be in hand.
func TestG5_SweepAsksOnceMore(t *testing.T) {
	t.Parallel()
	c := openForTest(t, t.TempDir())
	insertDevice(t, c.db, ourJID)
	for i := range 3 {
		mustExec(t, c.db, `INSERT INTO whatsmeow_sessions (our_jid, their_id, session) VALUES (?, ?, x'00')`, ourJID, fmt.Sprintf("777777777%d_1:0", i))
	}
	c.undelivered = []Text{{From: Address{LID: "7777777772"}}}
	asked := 0
	late := func(ctx context.Context, people []Address) ([]bool, error) {
		if asked++; asked < 3 { // the first look, and that for their other identities
			return make([]bool, len(people)), nil
		}
		return only("7777777771")(ctx, people)
	}
	if n := c.mustSweep(t, late); n != 1 {
		t.Errorf("swept %d identities out, want the one of whom nobody wants to know", n)
	}
	if got, _ := readColumn(t.Context(), c.db, `SELECT their_id FROM whatsmeow_sessions`); len(got) != 2 {
		t.Errorf("left are %v", got)
	}
}

// Beside a process that uses the link nobody knows what it has in hand.
func TestG5_NoSweepBesideALink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c, err := Open(t.Context(), Options{Dir: dir, Number: "+393343679575", Beside: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	mustExec(t, c.db, `INSERT INTO whatsmeow_lid_map VALUES ('7777777771', '393331234567')`)
	insertDevice(t, c.db, ourJID)
	if _, err := c.Sweep(t.Context(), only()); !errors.Is(err, ErrTextsWait) {
		t.Errorf("with a link: %v", err)
	}
	mustExec(t, c.db, `DELETE FROM whatsmeow_device`)
	if n := c.mustSweep(t, only()); n != 2 {
		t.Errorf("without one %d identities went", n)
	}
}
